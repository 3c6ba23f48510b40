#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# sign.sh: on a Mac, signs the app that build.sh has assembled in build/macos, and packs it into a disk image in
# build/packages. It has the keys, so it downloads and builds nothing.
#
#   MACOS_SIGNING_IDENTITY   "Developer ID Application: …" of the keychain; without it the app is signed ad hoc
#   MACOS_NOTARY_PROFILE     what `xcrun notarytool store-credentials` was told; without it nothing goes to Apple
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/shell.sh

if [ "$(uname)" != Darwin ]; then
    echo "This needs macOS: Apple's tools sign the bundle." >&2
    exit 1
fi
tree=build/macos
app="$tree/dmg/Sami LLM Proxy.app"

say "Signing"
identity=${MACOS_SIGNING_IDENTITY:--}
options=(--force --sign "$identity")
if [ "$identity" != - ]; then
    # Apple requires these for notarisation.
    options+=(--options runtime --timestamp)
fi
# From the inside out: a signature covers those inside.
find "$app/Contents/PlugIns" -name '*.dylib' -exec codesign "${options[@]}" {} \;
for framework in "$app"/Contents/Frameworks/*; do
    codesign "${options[@]}" "$framework"
done
codesign "${options[@]}" "$app/Contents/MacOS/sami-llm-proxy"
codesign "${options[@]}" "$app"

say "Packing"
architecture=$(lipo -archs "$app/Contents/MacOS/sami-llm-proxy")
if [[ $architecture == *' '* ]]; then
    architecture=universal
fi
version=$(packaging/release/version.sh)
image=build/packages/Sami_LLM_Proxy-$version-$architecture.dmg
mkdir -p build/packages
# The target for Finder's users to drag it to.
ln -sfn /Applications "$tree/dmg/Applications"
# Not with CPack: its configuration would be a program that came with what is to be signed.
hdiutil create -quiet -ov -volname "Sami LLM Proxy $version" -srcfolder "$tree/dmg" -fs HFS+ -format UDZO "$image"
if [ "$identity" != - ]; then
    codesign --sign "$identity" --timestamp "$image"
fi
if [ -n "${MACOS_NOTARY_PROFILE:-}" ]; then
    say "Asking Apple"
    xcrun notarytool submit "$image" --keychain-profile "$MACOS_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
    xcrun stapler validate "$image"
fi
say "$image: $(stat -f %z "$image") bytes"
