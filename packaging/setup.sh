# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Sourced by run.sh, test.sh and the packages' scripts: installs missing Debian/Ubuntu packages, or names them.

. "${BASH_SOURCE%/*}/shell.sh"

# missing_packages PACKAGE…: those that are not installed, one per line.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
    done
}

# ensure_packages PACKAGE…: installs missing packages. Without root, names them and exits.
ensure_packages() {
    command -v dpkg-query >/dev/null || {
        say "No dpkg here: make sure that you have what CONTRIBUTING.md lists for your system."
        return 0
    }
    local missing
    mapfile -t missing < <(missing_packages "$@")
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

# Debian's maintainer scripts ask this before they start a service, with systemd and without (invoke-rc.d).
service_policy=/usr/sbin/policy-rc.d
# Links here start services at boot.
boot_links=/etc/systemd/system

services_at_boot() { { find "$boot_links" -path '*.wants/*.service' -printf '%f\n' 2>/dev/null || true; } | sort -u; }

# ensure_packages_asleep PACKAGE…: like ensure_packages, but starts no service that a package brings, neither now nor at
# the next boot. Restores the machine's own policy afterwards, even if apt fails or a signal ends this; if it is killed
# outright, the next call restores it. The parentheses make it a subshell, so that the trap is local.
ensure_packages_asleep() (
    set -e
    local kept=$service_policy.before-sami mark='# Placed by the tests of Sami LLM Proxy.'
    there() { [ -e "$1" ] || [ -L "$1" ]; }
    restore() {
        ! grep -qsF "$mark" "$service_policy" || rm -f "$service_policy"
        ! there "$kept" || mv -f "$kept" "$service_policy"
    }
    if [ "$(id -u)" -ne 0 ] || ! command -v dpkg-query >/dev/null || [ -z "$(missing_packages "$@")" ]; then
        [ "$(id -u)" -ne 0 ] || restore
        ensure_packages "$@"
        exit 0
    fi
    restore
    trap restore EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    ! there "$service_policy" || mv "$service_policy" "$kept"
    printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$service_policy"
    chmod 755 "$service_policy"
    local before service
    before=$(services_at_boot)
    ensure_packages "$@" || exit
    for service in $(comm -13 <(echo "$before") <(services_at_boot)); do
        echo "$service does not start at boot: systemctl enable --now $service changes that"
        ! command -v systemctl >/dev/null || systemctl --quiet disable "$service" || true
        [ ! -e "/etc/init.d/${service%.service}" ] || update-rc.d "${service%.service}" disable >/dev/null
    done
)

build_packages=(cmake g++ libssl-dev ninja-build qt6-base-dev)
# For the tray app's QR codes, keychain and translations: the tools, their CMake files, Qt's own texts. A server needs none
# of them.
gui_packages=(libqrencode-dev qt6-l10n-tools qt6-tools-dev qt6-tools-dev-tools qt6-translations-l10n qtkeychain-qt6-dev)
# The static libraries for the AppImage's head.
runtime_packages=(gcc libc6-dev libfuse3-dev liblz4-dev liblzma-dev liblzo2-dev libsquashfuse-dev libzstd-dev zlib1g-dev)
# libFuzzer is part of compiler-rt; llvm brings the symbolizer.
fuzz_packages=(clang libclang-rt-dev llvm)

# warn_about_space PRESET: of a first build only. A linker that meets a full disk says so in the last of 1,600 lines.
warn_about_space() {
    local needed=8 free
    [[ $1 != [at]san ]] || needed=20
    free=$(($(stat -f -c '%a * %S' .) >> 30))
    if [ ! -e "build/$1/build.ninja" ] && [ "$free" -lt "$needed" ]; then
        say "Only $free GB are free here; a whole build ($1) takes up to $needed GB. Remove what older builds left"
    fi
}

# build_preset PRESET [cmake options…]: configures and builds.
build_preset() {
    local preset=$1
    shift
    warn_about_space "$preset"
    say "Building ($preset)"
    # Lets one checkout use what another has compiled.
    export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=1
    cmake --preset "$preset" "${compiler_launcher[@]}" "$@" >build-"$preset".log 2>&1 || {
        cat build-"$preset".log >&2
        exit 1
    }
    rm -f build-"$preset".log
    cmake --build --preset "$preset"
}
