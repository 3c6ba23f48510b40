#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# build-qt.sh [PREFIX [CACHE]]: cross-builds Qt for Windows from Debian's source package, with Debian's mingw-w64.
# PREFIX (build/windows/qt) is the target; CACHE (build/windows/cache) holds sources and objects and may be removed
# afterwards. Leaves a complete PREFIX as it is. Takes 17 minutes on two idle cores.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
prefix=$(realpath -m "${1:-$root/build/windows/qt}")
cache=$(realpath -m "${2:-$root/build/windows/cache}")
# shellcheck source=packaging/setup.sh
source "$root/packaging/setup.sh"

ensure_packages cmake dpkg-dev g++-mingw-w64-x86-64-posix ninja-build qt6-base-dev qt6-base-dev-tools

# moc, rcc and uic are the host's, so the source must have their version.
version=$(dpkg-query -W -f '${source:Version}' qt6-base-dev)
if [ "$(cat "$prefix/.complete" 2>/dev/null)" = "$version" ]; then
    say "Qt $version for Windows is in $prefix"
    exit 0
fi

# Uses its own package lists: this machine's apt need not know source packages, and is not changed.
fetch_source() {
    mkdir -p "$cache/lists/partial"
    local sources=/etc/apt/sources.list
    [ -e /etc/apt/sources.list.d/debian.sources ] && sources=/etc/apt/sources.list.d/debian.sources
    local own=$cache/source-packages.${sources##*.}
    sed -E 's/^Types: .*/Types: deb-src/; s/^deb /deb-src /' "$sources" >"$own"
    local apt=(apt-get -qq -o Dir::Etc::sourcelist="$own" -o Dir::Etc::sourceparts=-
        -o Dir::State::lists="$cache/lists" -o APT::Sandbox::User=root)
    "${apt[@]}" update
    (cd "$cache" && "${apt[@]}" source --download-only "qt6-base=$version")
    rm -rf "$cache/source"
    dpkg-source -x "$cache/qt6-base_${version#*:}.dsc" "$cache/source" >/dev/null
}

say "Fetching the source of Qt $version"
mkdir -p "$cache"
[ -e "$cache/source/CMakeLists.txt" ] || fetch_source

# Debian's source lacks wintab.h (tablets); direct2d and directwrite3 need newer headers than mingw-w64 has.
# Certificates are Windows' own, through schannel, so the package needs no OpenSSL that must be kept up to date.
options=(
    -DBUILD_SHARED_LIBS=ON -DCMAKE_BUILD_TYPE=Release
    -DQT_BUILD_EXAMPLES=OFF -DQT_BUILD_TESTS=OFF -DQT_BUILD_DOCS=OFF
    -DQT_HOST_PATH=/usr "-DQT_HOST_PATH_CMAKE_DIR=/usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)/cmake"
    -DFEATURE_schannel=ON -DINPUT_openssl=no
    -DFEATURE_tabletevent=OFF -DFEATURE_direct2d=OFF -DFEATURE_direct2d1_1=OFF -DFEATURE_directwrite3=OFF
    -DINPUT_opengl=no -DFEATURE_vulkan=OFF -DFEATURE_glib=OFF -DFEATURE_icu=OFF -DFEATURE_dbus=OFF
    -DFEATURE_sql=OFF -DFEATURE_printsupport=OFF -DFEATURE_concurrent=OFF -DFEATURE_androiddeployqt=OFF
    -DFEATURE_system_zlib=OFF -DFEATURE_system_pcre2=OFF -DFEATURE_system_doubleconversion=OFF
    -DFEATURE_system_freetype=OFF -DFEATURE_system_harfbuzz=OFF -DFEATURE_system_png=OFF
    -DFEATURE_system_jpeg=OFF -DFEATURE_zstd=OFF
)

say "Configuring Qt $version for Windows"
cmake -S "$cache/source" -B "$cache/objects" -G Ninja -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DCMAKE_TOOLCHAIN_FILE="$here/mingw-toolchain.cmake" "${compiler_launcher[@]}" "${options[@]}" \
    >"$cache/configure.log" 2>&1 || {
    tail -n 60 "$cache/configure.log" >&2
    echo "Qt could not be configured; the whole log is $cache/configure.log" >&2
    exit 1
}

say "Building Qt $version for Windows"
cmake --build "$cache/objects" >"$cache/build.log" 2>&1 || {
    tail -n 60 "$cache/build.log" >&2
    echo "Qt could not be built; the whole log is $cache/build.log" >&2
    exit 1
}
cmake --install "$cache/objects" >"$cache/install.log"
install -D -m 644 -t "$prefix/licenses/qt" "$cache"/source/LICENSES/*
printf '%s\n' "$version" >"$prefix/.complete"
say "Qt $version for Windows is in $prefix ($(du -sh "$prefix" | cut -f1))"
