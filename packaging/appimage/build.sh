#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the AppImage of both programs, with this Debian's Qt, into build/packages. Reproducible:
# the same tree and the same Debian packages make the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh

qt_packages=(libqt6gui6 libqt6network6 qt6-qpa-plugins qt6-wayland)
ensure_packages "${build_packages[@]}" "${gui_packages[@]}" "${qt_packages[@]}" "${runtime_packages[@]}" \
    patchelf squashfs-tools

tree=build/appimage
folder=$tree/AppDir
libraries=$folder/usr/lib
plugins=$folder/usr/plugins

# QtKeychain would load the machine's libsecret, which expects the machine's GLib and would find the one in here.
options=(-DSAMI_KEYCHAIN=OFF -DSAMI_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr)
say "Building (release, in $tree)"
cmake --preset release -B "$tree" "${compiler_launcher[@]}" "${options[@]}" >/dev/null
cmake --build "$tree"

say "Gathering what the programs need"
rm -rf "$folder"
for component in daemon tray; do
    DESTDIR=$PWD/$folder cmake --install "$tree" --component "$component" --strip >/dev/null
done

# Plugins that Qt opens at run time. No OpenGL integration: the window is drawn without it.
qt_plugins=$(dirname "$(find /usr/lib -path '*/qt6/plugins/platforms' -print -quit)")
for plugin in platforms/libqxcb.so platforms/libqwayland-generic.so platforms/libqoffscreen.so \
    platforminputcontexts/libcomposeplatforminputcontextplugin.so \
    platforminputcontexts/libibusplatforminputcontextplugin.so \
    tls/libqopensslbackend.so wayland-shell-integration/libxdg-shell.so \
    wayland-decoration-client/libbradient.so; do
    install -D -m 644 "$qt_plugins/$plugin" "$plugins/$plugin"
done
printf '[Paths]\nPrefix = ..\nPlugins = plugins\n' >"$folder/usr/bin/qt.conf"

# Every library that they link, except those of the machine: its C and C++ library, X11, the graphics driver's
# interface, fonts. Every desktop has these, and two copies in one process break.
of_the_machine='^(linux-vdso|ld-linux.*|lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s|X11|X11-xcb|xcb|Xau|Xdmcp'
of_the_machine+='|ICE|SM|GL|GLX|EGL|OpenGL|GLdispatch|drm|gbm|fontconfig|freetype|expat|z|uuid|bsd|md|gpg-error'
of_the_machine+='|wayland-client|wayland-cursor))\.so(\.[0-9]+)*$'
mkdir -p "$libraries"
# The programs link OpenSSL, and Qt opens it by name: one copy serves both.
openssl=$(ldconfig -p | sed -n 's/.*libssl\.so\.3 .*=> //p' | head -n 1)
crypto=$(ldconfig -p | sed -n 's/.*libcrypto\.so\.3 .*=> //p' | head -n 1)
mapfile -t found < <(ldd "$folder"/usr/bin/sami-llm-proxy* "$plugins"/*/*.so "$openssl" |
    sed -n 's/^\t\(\S*\) => \(\/\S*\) .*/\1 \2/p' | sort -u)
for entry in "${found[@]}" "libssl.so.3 $openssl" "libcrypto.so.3 $crypto"; do
    read -r name path <<<"$entry"
    if [[ ! $name =~ $of_the_machine ]]; then
        install -m 644 "$path" "$libraries/$name"
    fi
done

# RPATH rather than LD_LIBRARY_PATH, which a browser started by the program would inherit.
for file in "$folder"/usr/bin/sami-llm-proxy*; do
    # shellcheck disable=SC2016
    [ "${file##*.}" = conf ] || patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$file"
done
for file in "$libraries"/*; do
    # shellcheck disable=SC2016
    patchelf --force-rpath --set-rpath '$ORIGIN' "$file"
done
for file in "$plugins"/*/*.so; do
    # shellcheck disable=SC2016
    patchelf --force-rpath --set-rpath '$ORIGIN/../../lib' "$file"
done

licences=$folder/usr/share/licenses
mkdir -p "$licences"
install -D -m 644 LICENSE "$licences/sami-llm-proxy/LICENSE"
for file in $(printf '%s\n' "${found[@]}" "x $openssl" | cut -d' ' -f2) "$qt_plugins"/platforms/libqxcb.so \
    "$qt_plugins"/platforms/libqwayland-generic.so /usr/include/squashfuse/ll.h /usr/include/fuse3/fuse.h; do
    dpkg-query -S "$(readlink -f "$file")" 2>/dev/null || dpkg-query -S "*/$(basename "$(readlink -f "$file")")"
done | cut -d: -f1 | sort -u >"$tree/packages"
while read -r package; do
    install -D -m 644 "/usr/share/doc/$package/copyright" "$licences/$package/copyright"
done <"$tree/packages"
for licence in Apache-2.0 GPL-2 GPL-3 LGPL-2 LGPL-2.1 LGPL-3; do
    install -D -m 644 "/usr/share/common-licenses/$licence" "$licences/common-licenses/$licence"
done
# shellcheck disable=SC2016
xargs dpkg-query -W -f '${source:Package} ${source:Version}\n' <"$tree/packages" | sort -u >"$licences/VERSIONS"

install -m 755 packaging/appimage/AppRun "$folder/AppRun"
# The format wants these here, for tools that list or integrate the file.
cp "$folder/usr/share/applications/sami-llm-proxy-tray.desktop" "$folder/"
cp packaging/icons/hicolor/256x256/apps/sami-llm-proxy-tray.png "$folder/"
ln -s sami-llm-proxy-tray.png "$folder/.DirIcon"

say "Packing"
runtime=$tree/runtime
packaging/appimage/runtime.sh "$runtime"

version=$("$tree/daemon/sami-llm-proxy" --version | sed -n '1s/.* //p')
epoch=$(date -u -d "$(sed -n 's/^set(SAMI_RELEASE_DATE \(.*\))$/\1/p' CMakeLists.txt)" +%s)
image=$tree/image.squashfs
rm -f "$image"
env -u SOURCE_DATE_EPOCH mksquashfs "$folder" "$image" -comp zstd -Xcompression-level 19 -b 256K -all-root \
    -no-xattrs -no-exports -mkfs-time "$epoch" -all-time "$epoch" -quiet -no-progress
mkdir -p build/packages
file=build/packages/Sami_LLM_Proxy-$version-$(uname -m).AppImage
cat "$runtime" "$image" >"$file.part"
chmod 755 "$file.part"
mv "$file.part" "$file"
say "$file: $(stat -c %s "$file") bytes"
