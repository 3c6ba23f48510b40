#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the AppImage twice and uses it in a bare Debian without Qt, under Xvfb and weston. Needs root. Leaves a picture
# of the window in build/appimage/window.png.
#   packaging/appimage/test.sh [test names of test_appimage.py…]
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh
if [ "$(id -u)" -ne 0 ]; then
    echo "This needs root: it makes a bare Debian. Run it with sudo." >&2
    exit 1
fi
ensure_packages binutils bubblewrap curl fuse3 imagemagick mmdebstrap openssl python3 weston x11-utils xdotool xvfb
packaging/appimage/build.sh
say "Testing the runtime by itself"
PYTHONDONTWRITEBYTECODE=1 python3 tests/packaging/test_runtime.py

work=$(mktemp -d /var/tmp/sami-appimage.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
say "A bare Debian with what every desktop has, and no Qt (mmdebstrap)"
# The libraries that build.sh leaves to the machine, and fonts with Cyrillic letters.
mmdebstrap --variant=minbase --include=fonts-dejavu-core,libegl1,libfontconfig1,libfreetype6 \
    --include=libgl1,libice6,libopengl0,libsm6,libwayland-client0,libwayland-cursor0,libx11-6,libx11-xcb1,libxcb1 \
    bookworm "$work/root" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
say "Testing the AppImage"
SAMI_ROOT=$work/root PYTHONDONTWRITEBYTECODE=1 \
    python3 -W ignore::ResourceWarning packaging/appimage/test_appimage.py "$@"
