#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Measures the tray app and writes docs/benchmarks-gui.md (about three minutes): what its window
# costs with 5,000 live rows, and whether a stream through it is later than one through the daemon.
# Needs a display; starts one of its own (Xvfb) where there is none.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh
ensure_packages "${build_packages[@]}" python3 xvfb xauth fonts-dejavu-core
build=build/bench-gui
say "Building ($build)"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSAMI_WARNINGS_AS_ERRORS=OFF \
    -DSAMI_BUILD_BENCH=ON -DSAMI_BUILD_TESTS=OFF "${compiler_launcher[@]}" >/dev/null
targets=(sami-bench-table)
[ "${1:-}" = --window ] || targets+=(sami-bench-load sami-llm-proxy sami-llm-proxy-tray)
cmake --build "$build" --target "${targets[@]}"

folder=$(mktemp -d)
pids=()
cleanup() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap cleanup EXIT
ulimit -n "$(ulimit -Hn)"

if [ -z "${DISPLAY:-}" ]; then
    Xvfb -displayfd 3 -screen 0 1280x800x24 3>"$folder/display" 2>/dev/null &
    pids+=($!)
    for _ in $(seq 50); do
        [ -s "$folder/display" ] && break
        sleep 0.1
    done
    DISPLAY=:$(cat "$folder/display")
    export DISPLAY
fi
export XDG_CONFIG_HOME=$folder XDG_RUNTIME_DIR=$folder

say "The window"
table=$("$build/bench/gui/sami-bench-table" 5000 10 60)
echo "$table"
if [ "${1:-}" = --window ]; then
    python3 bench/gui/report.py "$table"
    exit
fi

# delays NAME COMMAND…: 5,000 silent tunnels and 100 that tick, through one program.
delays() {
    local name=$1 port=$((20000 + RANDOM % 10000)) pid
    shift
    PROXY_ADDRESS=127.0.0.1 PROXY_PORT=$port ALLOW_PRIVATE_TARGETS=127.0.0.0/8 "$@" \
        >"$folder/$name.log" 2>&1 &
    pid=$!
    pids+=("$pid")
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
        sleep 0.1
    done
    sleep 1
    "$build/bench/load/sami-bench-load" wait --silent 5000 --ticking 100 --seconds 10 \
        --proxy-port "$port" --pid "$pid" --patience 120
    kill "$pid"
    wait "$pid" 2>/dev/null || true
}
printf 'gui_first_start_done = true\n' >"$folder/tray.ini"
say "A stream's delay"
for round in 1 2 3; do
    for program in daemon tray; do
        command=("$build/daemon/sami-llm-proxy")
        [ $program = daemon ] || command=("$build/gui/sami-llm-proxy-tray" --config "$folder/tray.ini")
        result=$(delays $program "${command[@]}")
        echo "$round $program $result"
        printf '%s %s\n' $program "$result" >>"$folder/delays"
    done
done
met=0
python3 bench/gui/report.py "$table" "$folder/delays" >"$folder/page" || met=$?
cp "$folder/page" docs/benchmarks-gui.md
say "Written: docs/benchmarks-gui.md"
exit "$met"
