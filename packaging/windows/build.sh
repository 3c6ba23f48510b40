#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# build.sh [cmake options…]: cross-builds both programs for 64-bit Windows with mingw-w64 and packs an installer and a
# portable archive into build/packages. SAMI_WINDOWS_QT names a Qt that build-qt.sh has already built; otherwise it is
# built first, in build/windows/qt. The window shows no QR codes: Debian has no libqrencode for mingw-w64.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh

ensure_packages "${build_packages[@]}" "${gui_packages[@]}" g++-mingw-w64-x86-64-posix nsis zip
qt=$(realpath -m "${SAMI_WINDOWS_QT:-build/windows/qt}")
packaging/windows/build-qt.sh "$qt"

tree=build/windows/sami
program=$tree/program
options=(-DCMAKE_BUILD_TYPE=Release -DSAMI_BUILD_GUI=ON -DSAMI_BUILD_TESTS=OFF -DSAMI_PACKAGES=ON
    "-DCMAKE_TOOLCHAIN_FILE=$PWD/packaging/windows/mingw-toolchain.cmake" "-DSAMI_WINDOWS_QT=$qt"
    "-DCMAKE_PREFIX_PATH=$qt"
    "-DQT_HOST_PATH_CMAKE_DIR=/usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)/cmake")
say "Building for Windows (in $tree)"
cmake -S . -B "$tree" -G Ninja "${compiler_launcher[@]}" "${options[@]}" "$@" >/dev/null
cmake --build "$tree"

say "Gathering what the programs need"
rm -rf "$program"
mkdir -p "$program"
install -m 755 "$tree/daemon/sami-llm-proxy.exe" "$tree/gui/sami-llm-proxy-tray.exe" "$program"
# Plugins that Qt opens at run time.
for plugin in platforms/qwindows.dll styles/qwindowsvistastyle.dll tls/qschannelbackend.dll; do
    install -D -m 755 "$qt/plugins/$plugin" "$program/$plugin"
done
compiler=$(dirname "$(x86_64-w64-mingw32-g++-posix -print-file-name=libstdc++-6.dll)")
# find_library NAME: the path of a library that is not Windows' own.
find_library() {
    local folder
    for folder in "$qt/bin" "$compiler" /usr/x86_64-w64-mingw32/lib; do
        if [ -e "$folder/$1" ]; then
            echo "$folder/$1"
            return
        fi
    done
}
queue=("$program"/*.exe "$program"/*/*.dll)
while [ ${#queue[@]} -gt 0 ]; do
    mapfile -t names < <(x86_64-w64-mingw32-objdump -p "${queue[@]}" | sed -n 's/^\tDLL Name: //p' | sort -u)
    queue=()
    for name in "${names[@]}"; do
        [ -e "$program/$name" ] && continue
        library=$(find_library "$name")
        [ -n "$library" ] || continue
        install -m 755 "$library" "$program/$name"
        queue+=("$program/$name")
    done
done
find "$program" -type f -exec x86_64-w64-mingw32-strip {} +

licences=$program/licenses
install -D -m 644 LICENSE "$licences/sami-llm-proxy/LICENSE"
install -D -m 644 -t "$licences/qt6-base" "$qt"/licenses/qt/*
packages=(gcc-mingw-w64-x86-64-posix-runtime mingw-w64-x86-64-dev)
for package in "${packages[@]}"; do
    install -D -m 644 "/usr/share/doc/$package/copyright" "$licences/$package/copyright"
done
install -D -m 644 /usr/share/common-licenses/GPL-3 "$licences/common-licenses/GPL-3"
{
    echo "qt6-base $(cat "$qt/.complete")"
    # shellcheck disable=SC2016
    dpkg-query -W -f '${source:Package} ${source:Version}\n' "${packages[@]}"
} | sort -u >"$licences/VERSIONS"

say "Packing"
mkdir -p build/packages "$tree/portable"
cp packaging/windows/portable.txt "$tree/portable/"
cpack --config "$tree/CPackConfig.cmake" -G NSIS >"$tree/cpack.log" 2>&1 || {
    cat "$tree/cpack.log" >&2
    tail -n 30 "$PWD"/build/packages/_CPack_Packages/*/NSIS/NSISOutput.log >&2 || true
    exit 1
}
cpack --config "$tree/CPackConfig.cmake" -G ZIP \
    -D "CPACK_INSTALLED_DIRECTORIES=$PWD/$program;.;$PWD/$tree/portable;." >"$tree/cpack.log" 2>&1 || {
    cat "$tree/cpack.log" >&2
    exit 1
}
rm -rf build/packages/_CPack_Packages
for file in build/packages/Sami_LLM_Proxy-*-windows-*; do
    say "$file: $(stat -c %s "$file") bytes"
done
