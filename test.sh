#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds everything and runs the whole suite.
#   ./test.sh                    the dev build; 12 minutes at most on two cores
#   ./test.sh --real             with real programs that are large or would run as services: HAProxy, Java,
#                                mitmproxy, … Installs them and starts none of their services; 20 minutes at most
#   ./test.sh --agents           Claude Code and Codex alone, against mock providers and without a way out. Brings both
#                                from npm: 800 MB, and Claude Code is not free software
#   ./test.sh --preset asan      another preset: asan, tsan, release
#   ./test.sh --retry            runs a drill that failed once more: of other programs, networks or displays. A busy
#                                machine can starve those. Whatever else fails has failed
#   ./test.sh --long             the hardening tests that take minutes too (25 at most)
#   ./test.sh [--preset P] -L unit      what follows goes to ctest
#   ./test.sh --fuzz MINUTES     fuzzes for that long in all, shared by the targets; 1: a find
#   ./test.sh [--preset P] --chaos MINUTES      random clients and origins for that long; 1: a find.
#                                What follows goes to tests/chaos/run.py: --seed N
set -euo pipefail
cd "$(dirname "$0")"
. packaging/setup.sh

if [ "${1:-}" = --help ]; then
    sed -n '/^#!/d; /^set/q; s/^# \{0,1\}//p' "$0"
    exit 0
fi
if [ "${1:-}" = --fuzz ]; then
    minutes=${2:?--fuzz takes minutes}
    ensure_packages "${build_packages[@]}" "${fuzz_packages[@]}" python3
    build_preset fuzz -DSAMI_BUILD_GUI=OFF
    say "Fuzzing for $minutes minutes"
    exec python3 tests/fuzz/run.py build/fuzz "$minutes"
fi

preset=dev
while :; do
    case ${1:-} in
    --preset)
        preset=${2:?--preset takes a name: dev, release, asan, tsan}
        shift 2
        ;;
    --long)
        export SAMI_LONG=1
        shift
        ;;
    --retry)
        retry=1
        shift
        ;;
    --agents)
        agents=1
        shift
        ;;
    --real)
        export SAMI_REAL=1
        shift
        ;;
    --chaos)
        chaos_minutes=${2:?--chaos takes minutes}
        shift 2
        break
        ;;
    *) break ;;
    esac
done

# GCC's sanitizers up to version 13 do not start with high address randomisation (vm.mmap_rnd_bits=32).
plain_addresses=()
if [[ $preset == [at]san ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
    plain_addresses=(setarch "$(uname -m)" -R)
fi

if [ -n "${chaos_minutes:-}" ]; then
    ensure_packages "${build_packages[@]}" openssl python3
    build_preset "$preset" -DSAMI_BUILD_GUI=OFF
    [[ $preset != [at]san ]] || export SAMI_SLOW=1
    say "Chaos for $chaos_minutes minutes ($preset)"
    exec "${plain_addresses[@]}" python3 tests/chaos/run.py --minutes "$chaos_minutes" --sockets both \
        --daemon "build/$preset/daemon/sami-llm-proxy" "$@"
fi

package_list() { grep -Ev '^(#|$)' "tests/clients/$1"; }

mapfile -t client_packages < <(package_list packages.txt)
if command -v node >/dev/null && command -v npm >/dev/null; then
    # Wherever they came from: Debian's npm would conflict with another vendor's nodejs.
    mapfile -t client_packages < <(printf '%s\n' "${client_packages[@]}" | grep -Evx 'nodejs|npm')
fi
if [ -n "${agents:-}" ]; then
    ensure_packages "${build_packages[@]}" iproute2 "${client_packages[@]}"
    build_preset "$preset" -DSAMI_BUILD_GUI=OFF
    say "Fetching Claude Code and Codex"
    node tests/clients/npm_ci.mjs build/agents tests/clients/agents
    say "Testing with Claude Code and Codex ($preset)"
    SAMI_AGENTS=1 exec ctest --preset "$preset" --no-tests=error --verbose -R '^clients_agents$' "$@"
fi
ensure_packages "${build_packages[@]}" "${gui_packages[@]}" appstream desktop-file-utils fish iproute2 \
    gnutls-bin iptables mold openbox openssl python3 python3-h11 python3-yaml slowhttptest trayer x11-utils xdotool xvfb zbar-tools zsh \
    libhttp-parser-dev squashfs-tools "${runtime_packages[@]}" \
    dbus-daemon faketime gnome-keyring libsecret-1-0 xfce4-panel xfconf "${client_packages[@]}"
if [ "${SAMI_REAL:-}" = 1 ]; then
    mapfile -t real_packages < <(package_list packages-real.txt)
    ensure_packages_asleep "${real_packages[@]}"
else
    say "Without HAProxy, Java, mitmproxy and the like, whose tests are skipped: they need ./test.sh --real"
fi

build_preset "$preset"
say "Testing ($preset)"
run_tests() { "${plain_addresses[@]}" ctest --preset "$preset" --no-tests=error "$@"; }
# The drills among what failed in the last run; 1 where something else failed too, or nothing is known.
only_drills_failed() {
    local failed=build/$preset/Testing/Temporary/LastTestsFailed.log drills
    [ -n "${retry:-}" ] && [ -s "$failed" ] || return 1
    drills=$(ctest --preset "$preset" -N -L 'chaos|clients|hardening|journey|soak|tour' |
        sed -n 's/^ *Test *#[0-9]*: //p')
    ! cut -d: -f2 "$failed" | grep -Fxvq -f <(echo "$drills")
}
rm -f "build/$preset/Testing/Temporary/LastTestsFailed.log"
run_tests --parallel "$(nproc)" "$@" || {
    status=$?
    only_drills_failed || exit "$status"
    say "Once more what failed, one by one"
    run_tests --rerun-failed
}
