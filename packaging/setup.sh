# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Sourced by run.sh and test.sh: brings the Debian/Ubuntu packages that are missing, or names them.

say() { printf '\n== %s\n' "$*"; }

# ensure_packages PACKAGE…: installs what is not there. Without root it names the packages and ends.
ensure_packages() {
    command -v dpkg-query >/dev/null || {
        say "No dpkg here: make sure that you have what CONTRIBUTING.md lists for your system."
        return 0
    }
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "These packages are missing: ${missing[*]}" >&2
        echo "Install them with: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    say "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_packages=(cmake g++ ninja-build qt6-base-dev)
# The tray app's translations: the tools, their CMake files, Qt's own texts. A server needs none of them.
gui_packages=(qt6-l10n-tools qt6-tools-dev qt6-tools-dev-tools qt6-translations-l10n)
# What the AppImage's head is linked from, statically.
runtime_packages=(gcc libc6-dev libfuse3-dev liblz4-dev liblzma-dev liblzo2-dev libsquashfuse-dev libzstd-dev zlib1g-dev)
# libFuzzer is part of compiler-rt; llvm brings the symbolizer.
fuzz_packages=(clang libclang-rt-dev llvm)

# build_preset PRESET [cmake options…]: configures and builds.
build_preset() {
    local preset=$1
    shift
    say "Building ($preset)"
    local launcher=()
    command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    cmake --preset "$preset" "${launcher[@]}" "$@" >build-"$preset".log 2>&1 || {
        cat build-"$preset".log >&2
        exit 1
    }
    rm -f build-"$preset".log
    cmake --build --preset "$preset"
}
