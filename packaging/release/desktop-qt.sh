#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# desktop-qt.sh: downloads the Qt project's own Qt for a Windows (MSVC) or macOS runner into build/qt and prints its
# folder. Only such runners can run it, and none has yet. Linux needs none: Debian has Qt.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=6.8.3
case $(uname) in
Darwin) host=mac architecture=clang_64 folder=macos ;;
MINGW* | MSYS*) host=windows architecture=win64_msvc2022_64 folder=msvc2022_64 ;;
*)
    echo "Take the Qt of your distribution here: see CONTRIBUTING.md." >&2
    exit 1
    ;;
esac
python3 -m venv build/aqt >&2
python=build/aqt/bin/python
[ -x "$python" ] || python=build/aqt/Scripts/python
"$python" -m pip install --quiet aqtinstall==3.3.0 >&2
"$python" -m aqt install-qt "$host" desktop "$version" "$architecture" --outputdir build/qt >&2
echo "$PWD/build/qt/$version/$folder"
