#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Run by the Dockerfile: builds the static Qt that the image's daemon links (only Core and Network) into /opt/qt, from
# the source package of this Debian.
set -euo pipefail

work=$(mktemp -d)
cd "$work"
sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources
apt-get update -qq
apt-get source -qq qt6-base
mv qt6-base-*/ source

options=(
    -DBUILD_SHARED_LIBS=OFF -DQT_BUILD_EXAMPLES=OFF -DQT_BUILD_TESTS=OFF
    # Linked in, because an image from scratch has no libraries for Qt to open at run time.
    -DOPENSSL_USE_STATIC_LIBS=ON -DINPUT_openssl=linked
    # -Os: what runs for each octet is ours, not Qt's, and the image has a bound (test_image.py).
    -DFEATURE_optimize_size=ON
)
# Modules that are not needed, features that would pull in libraries, and unused parts that the linker keeps.
for feature in gui widgets sql dbus xml testlib concurrent printsupport androiddeployqt \
    icu glib zstd brotli gssapi libproxy system_doubleconversion system_libb2 journald syslog mimetype \
    http dtls ocsp dnslookup localserver networkdiskcache topleveldomain socks5 \
    timezone jalalicalendar islamiccivilcalendar easingcurve; do
    options+=("-DFEATURE_$feature=OFF")
done
cmake -S source -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/opt/qt \
    "${options[@]}" >configure.log || {
    cat configure.log >&2
    exit 1
}
cmake --build build
cmake --install build >/dev/null

mkdir -p /opt/qt/licenses
cp source/debian/copyright /opt/qt/licenses/copyright
dpkg-parsechangelog -l source/debian/changelog -S Version >/opt/qt/version
cp source/LICENSES/LGPL-3.0-only.txt source/LICENSES/GPL-3.0-only.txt /opt/qt/licenses/
cd /
rm -rf "$work" /var/lib/apt/lists/*
