#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the Debian packages of the daemon and of the tray app into build/packages.
#   SAMI_PACKAGE_MAINTAINER="Name <address>"   who publishes them
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh

ensure_packages "${build_packages[@]}" "${gui_packages[@]}" dpkg-dev file gzip python3

# Debian's own build flags; debug information would be stripped anyway.
export DEB_BUILD_MAINT_OPTIONS=hardening=+all DEB_CFLAGS_STRIP=-g DEB_CXXFLAGS_STRIP=-g
compiler_flags="$(dpkg-buildflags --get CXXFLAGS) $(dpkg-buildflags --get CPPFLAGS)"

options=(-DSAMI_PACKAGES=ON -DSAMI_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
    "-DCMAKE_CXX_FLAGS=$compiler_flags" "-DCMAKE_EXE_LINKER_FLAGS=$(dpkg-buildflags --get LDFLAGS)")
if [ -n "${SAMI_PACKAGE_MAINTAINER:-}" ]; then
    options+=("-DSAMI_PACKAGE_MAINTAINER=$SAMI_PACKAGE_MAINTAINER")
fi
say "Building (release, in build/debian)"
cmake --preset release -B build/debian "${compiler_launcher[@]}" "${options[@]}" >/dev/null
cmake --build build/debian

say "Packing"
rm -f build/packages/*.deb
if ! cpack --config build/debian/CPackConfig.cmake >build/debian/cpack.log 2>&1; then
    cat build/debian/cpack.log >&2
    exit 1
fi
rm -rf build/packages/_CPack_Packages
ls -l build/packages/*.deb
