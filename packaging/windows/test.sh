#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Cross-builds for Windows and uses the results under Wine: the unit and window tests, the daemon with streams through
# it, installer and portable archive with the desktop app's window. Leaves a picture of the window in
# build/windows/window.png. Wine has no tray, so the tray's menu is not tested.
#   packaging/windows/test.sh [test names of test_windows.py…]
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh
ensure_packages curl fonts-dejavu-core imagemagick openssl python3 unzip wine64 xauth xvfb
packaging/windows/build.sh -DSAMI_BUILD_TESTS=ON

work=$(mktemp -d /var/tmp/sami-windows.XXXXXX)
cleanup() {
    WINEPREFIX=$work/wine /usr/lib/wine/wineserver64 -k 2>/dev/null || true
    WINEPREFIX=$work/wine /usr/lib/wine/wineserver64 -w 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT
say "Testing under $(/usr/lib/wine/wine64 --version)"
# Without Mono and Gecko, which Wine would offer to download.
WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' PYTHONDONTWRITEBYTECODE=1 \
    SAMI_WINDOWS_QT=$(realpath -m "${SAMI_WINDOWS_QT:-build/windows/qt}") \
    xvfb-run -a -s '-screen 0 1280x1024x24' \
    python3 -W ignore::ResourceWarning packaging/windows/test_windows.py "$@"
