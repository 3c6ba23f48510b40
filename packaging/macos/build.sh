#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# build.sh: on a Mac, builds the app with Qt inside, in build/macos/dmg; sign.sh then leaves a disk image in
# build/packages. Not run yet: the macOS workflow will. Needs cmake, ninja and Qt (CMAKE_PREFIX_PATH, or Homebrew's).
# With a universal Qt, such as the Qt project's own, the app is universal; otherwise it is for this Mac's architecture.
# The window shows no QR codes: Homebrew's libqrencode is for one architecture, and would have to be bundled and signed.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/shell.sh

if [ "$(uname)" != Darwin ]; then
    echo "This needs macOS: Apple's tools make and sign the bundle." >&2
    exit 1
fi

qt=${CMAKE_PREFIX_PATH:-$(brew --prefix qt)}
tree=build/macos
architectures=$(uname -m)
core=$(find "$qt/lib/QtCore.framework/" -name QtCore -type f | head -n 1)
if lipo "$core" -verify_arch arm64 x86_64; then
    architectures='arm64;x86_64'
fi

say "Building for $architectures (in $tree)"
cmake --preset release -B "$tree" -DCMAKE_PREFIX_PATH="$qt" -DCMAKE_OSX_ARCHITECTURES="$architectures" \
    -DSAMI_BUILD_GUI=ON -DSAMI_BUILD_TESTS=OFF
cmake --build "$tree"

say "Gathering what the programs need"
rm -rf "$tree/dmg"
cmake --install "$tree" --component tray --prefix "$tree/dmg"
app="$tree/dmg/Sami LLM Proxy.app"
mv "$tree/dmg/sami-llm-proxy-tray.app" "$app"
# Also the daemon, for terminals: it uses the bundle's Qt.
install -m 755 "$tree/daemon/sami-llm-proxy" "$app/Contents/MacOS/"
"$qt/bin/macdeployqt" "$app" -executable="$app/Contents/MacOS/sami-llm-proxy" -always-overwrite
licences="$app/Contents/Resources/licenses"
mkdir -p "$licences/qt6-base"
cp LICENSE "$licences/sami-llm-proxy"
# The licences of Qt. The prebuilt Qt comes without their texts.
cp packaging/licenses/LGPL-3.txt packaging/licenses/GPL-3.txt "$licences/qt6-base/"

packaging/macos/sign.sh
