#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Updates the .ts files from the sources. New texts are marked as unfinished: translate them in Qt
# Linguist or an editor, then tst_translations passes.
#   gui/translations/refresh.sh [FOLDER]     updates the files in FOLDER instead of here
set -euo pipefail
folder=$(realpath "${1:-"$(dirname "$0")"}")
cd "$(dirname "$0")/../.."

lupdate=$(command -v lupdate6 lupdate-qt6 lupdate | head -n 1 || true)
for place in "$(qtpaths6 --query QT_HOST_BINS 2>/dev/null || true)" /usr/lib/qt6/bin; do
    [ -x "$place/lupdate" ] && lupdate=$place/lupdate && break
done
if [ -z "$lupdate" ]; then
    echo "lupdate of Qt 6 is not installed" >&2
    exit 3
fi

# -I .: without it lupdate finds no class of ours, and a text in the wrong context is never shown.
common=(-silent -I . -locations none -no-obsolete -no-ui-lines gui)
"$lupdate" "${common[@]}" -target-language ru -ts "$folder/sami_ru.ts"
"$lupdate" "${common[@]}" -pluralonly -target-language en -ts "$folder/sami_en.ts"
