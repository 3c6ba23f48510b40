#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# On a Mac, opens the disk image of build.sh and uses its content: signature, property list, architectures, libraries, a
# request through the daemon and one through the app. For the macOS workflow, which has not run yet.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/shell.sh

if [ "$(uname)" != Darwin ]; then
    echo "This needs macOS: it opens the disk image and starts the app." >&2
    exit 1
fi
image=$(find build/packages -name 'Sami_LLM_Proxy-*.dmg' | head -n 1)
if [ -z "$image" ]; then
    packaging/macos/build.sh
    image=$(find build/packages -name 'Sami_LLM_Proxy-*.dmg' | head -n 1)
fi

work=$(mktemp -d)
volume=$work/volume
pids=()
cleanup() {
    local pid
    for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
    # A process still running from the volume would keep it mounted.
    wait
    hdiutil detach -quiet "$volume" || hdiutil detach -quiet -force "$volume" || true
    rm -rf "$work" || true
}
trap cleanup EXIT
mkdir "$volume"
hdiutil attach -quiet -nobrowse -readonly -mountpoint "$volume" "$image"
app="$volume/Sami LLM Proxy.app"
programs="$app/Contents/MacOS"

eventually() {
    local _
    for _ in $(seq 100); do
        "$@" && return 0
        sleep 0.2
    done
    return 1
}
# Whether all libraries are the bundle's or the system's, for each architecture: a line that starts with a tab is a
# library, the others name file and architecture.
own_libraries() {
    local file
    while read -r file; do
        if otool -arch all -L "$file" | awk '/^\t/ {print $1}' |
            grep -vE '^(@rpath|@executable_path|@loader_path|/usr/lib|/System)/'; then
            echo "in $file"
            return 1
        fi
    done < <(find "$app/Contents" -type f \( -perm -u+x -o -name '*.dylib' \))
}
same_architectures() {
    local qt program architecture
    qt=$(lipo -archs "$(find "$app/Contents/Frameworks/QtCore.framework/" -name QtCore -type f)")
    for program in sami-llm-proxy sami-llm-proxy-tray; do
        for architecture in $qt; do
            lipo "$programs/$program" -verify_arch "$architecture" || return 1
        done
    done
}
through() {
    [ "$(curl -s -x "http://127.0.0.1:$1" "http://127.0.0.1:$2/LICENSE" | head -n 1)" = "$(head -n 1 LICENSE)" ]
}

check "the signature holds" codesign --verify --deep --strict "$app"
check "the property list is well-formed" plutil -lint "$app/Contents/Info.plist"
check "the link to Applications is there" test -L "$volume/Applications"
check "both programs have every architecture of the Qt inside" same_architectures
check "nothing of the building machine is needed" own_libraries
check "our licence is inside" test -s "$app/Contents/Resources/licenses/sami-llm-proxy"
check "Qt's licence is inside" test -s "$app/Contents/Resources/licenses/qt6-base/LGPL-3.txt"
check "the app says its version" "$programs/sami-llm-proxy-tray" --version
check "the daemon says its version" "$programs/sami-llm-proxy" --version

python3 -m http.server --bind 127.0.0.1 18081 >/dev/null 2>&1 &
pids+=($!)
PROXY_ADDRESS=127.0.0.1 PROXY_PORT=18080 ALLOW_PRIVATE_TARGETS=127.0.0.0/8 "$programs/sami-llm-proxy" \
    >"$work/log" 2>&1 &
pids+=($!)
check "a request goes through the daemon" eventually through 18080 18081
"$programs/sami-llm-proxy-tray" --config "$work/settings.ini" --port 18082 \
    --allow-private-targets 127.0.0.0/8 >/dev/null 2>&1 &
pids+=($!)
check "a request goes through the app" eventually through 18082 18081
check "the app ends when told" "$programs/sami-llm-proxy-tray" --config "$work/settings.ini" --quit

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
