#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# keys.sh: on a macOS runner, puts the Developer ID and the notary account into a keychain, if the environment has them.
# Prints what build.sh needs to know about them, as lines NAME=VALUE. Without them it prints nothing, and the build is
# signed ad hoc.
#
#   MACOS_CERTIFICATE, MACOS_CERTIFICATE_PASSWORD        a .p12 in base64, and its password
#   MACOS_NOTARY_APPLE_ID, _TEAM_ID, _PASSWORD           an app-specific password
set -euo pipefail

if [ -z "${MACOS_CERTIFICATE:-}" ]; then
    echo "No Developer ID: the app will be signed ad hoc." >&2
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
keychain=$HOME/Library/Keychains/sami-release.keychain-db
lock=$(openssl rand -hex 16)
openssl base64 -d -A <<<"$MACOS_CERTIFICATE" >"$folder/identity.p12"
security create-keychain -p "$lock" "$keychain" >&2
security set-keychain-settings -t 7200 "$keychain" >&2
security unlock-keychain -p "$lock" "$keychain" >&2
security import "$folder/identity.p12" -k "$keychain" -P "$MACOS_CERTIFICATE_PASSWORD" -T /usr/bin/codesign >&2
security set-key-partition-list -S apple-tool:,apple: -s -k "$lock" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db >&2
identity=$(security find-identity -v -p codesigning "$keychain" |
    sed -n 's/.*"\(Developer ID Application: .*\)".*/\1/p' | head -n 1)
if [ -z "$identity" ]; then
    echo "MACOS_CERTIFICATE holds no \"Developer ID Application\"." >&2
    exit 1
fi
echo "MACOS_SIGNING_IDENTITY=$identity"

if [ -n "${MACOS_NOTARY_APPLE_ID:-}" ]; then
    # Into the keychain that notarytool searches by itself.
    xcrun notarytool store-credentials sami-release --apple-id "$MACOS_NOTARY_APPLE_ID" \
        --team-id "$MACOS_NOTARY_TEAM_ID" --password "$MACOS_NOTARY_PASSWORD" >&2
    echo "MACOS_NOTARY_PROFILE=sami-release"
fi
