#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Measures the daemon side by side with its peers and writes docs/benchmarks.md (about half an
# hour). Installs what is missing; everything listens on loopback and is ended by its pid.
#   bench/run.sh
#   BENCH_QUICK=1 bench/run.sh              a smoke run of two minutes; writes no paper
#   BENCH_ONLY="sami squid" bench/run.sh    some programs only; writes no paper
# BENCH_ROUNDS=3 is how often each is measured, in turn; BENCH_LOCK=FILE is locked while one
# case is measured, for a machine that is shared. Raw results: build/bench/results.jsonl.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/setup.sh

all_programs="sami sami-qt squid tinyproxy privoxy apache haproxy"
programs=${BENCH_ONLY:-$all_programs}
quick=${BENCH_QUICK:-}
rounds=${BENCH_ROUNDS:-$([ -n "$quick" ] && echo 1 || echo 3)}
out=build/bench${quick:+-quick}
cores=$(nproc)
origins=$(((cores + 1) / 2))

# One measurement a line: its name, then what sami-bench-load is told.
if [ -n "$quick" ]; then
    cases="connect connect --total 2000
down8 stream --tunnels 8 --megabytes 20
wait2000 wait --silent 300 --seconds 1
forward forward --total 2000
sse sse --tunnels 20 --seconds 1"
else
    cases="connect connect --total 20000
busy connect --total 20000 --clients $cores --origins $origins
down8 stream --tunnels 8 --megabytes 300
up8 stream --tunnels 8 --megabytes 300 --direction up
down1 stream --tunnels 1 --megabytes 1000
up1 stream --tunnels 1 --megabytes 1000 --direction up
wait2000 wait --silent 2000
wait8000 wait --silent 8000
forward forward --total 50000
sse sse --tunnels 100"
fi

# Below the range that the kernel takes for outgoing connections, so that none of those gets it.
free_port() {
    python3 - <<'EOF'
import random, socket
while True:
    with socket.socket() as probe:
        port = random.randrange(10000, 32000)
        if probe.connect_ex(("127.0.0.1", port)) != 0:
            print(port)
            break
EOF
}

# The program under measurement: a session of its own, so that nothing of it survives.
program_pid=
program_directory=

start_program() {
    local port=$2 origin=$3
    program_directory=$(mktemp -d)
    chmod 1777 "$program_directory" # some programs drop their rights
    setsid bench/peers/start.sh "$1" "$port" "$program_directory" "$origin" \
        >"$program_directory/output" 2>&1 &
    program_pid=$!
    local i
    for ((i = 0; i < 100; ++i)); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            sleep 0.5 # until its workers are up too
            return 0
        fi
        sleep 0.1
    done
    echo "$1 does not answer:" >&2
    tail -n 20 "$program_directory/output" >&2
    return 1
}

stop_program() {
    [ -n "$program_pid" ] || return 0
    kill -TERM "$program_pid" 2>/dev/null || true
    local i
    for ((i = 0; i < 50; ++i)); do
        kill -0 -- "-$program_pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$program_pid" 2>/dev/null || true
    wait "$program_pid" 2>/dev/null || true
    program_pid=
    rm -rf "$program_directory"
}
trap stop_program EXIT

# measure PROGRAM ROUND CASE WORKLOAD [options…]: a fresh process, one workload, one line of results.
measure() {
    local program=$1 round=$2 case=$3 route=connect port origin result
    shift 3
    if [ "$program" = haproxy ]; then
        route=raw
        case $case in forward | sse) return 0 ;; esac # it is no forward proxy
    fi
    port=$(free_port)
    origin=$(free_port)
    if start_program "$program" "$port" "$origin"; then
        result=$("$load" "$@" --route "$route" --proxy-port "$port" --origin-port "$origin" \
            --pid "$program_pid") || true
        printf '{"program": "%s", "round": %s, "case": "%s", "result": %s}\n' \
            "$program" "$round" "$case" "${result:-null}" >>"$out/results.jsonl"
        echo "$round $case $program: ${result:-nothing}"
    fi
    stop_program
}

# measure_all ROUND CASE WORKLOAD [options…]: the same for one program after the other.
measure_all() {
    local program
    for program in $programs; do
        measure "$program" "$@"
    done
}

peers=()
for program in $programs; do
    case $program in
    squid | tinyproxy | privoxy | haproxy) peers+=("$program") ;;
    apache) peers+=(apache2) ;; # mod_proxy_connect is part of it
    sami | sami-qt) ;;
    *)
        echo "BENCH_ONLY knows: $all_programs" >&2
        exit 2
        ;;
    esac
done
ensure_packages "${build_packages[@]}"
[ ${#peers[@]} -eq 0 ] || ensure_packages_asleep python3 "${peers[@]}"
build_preset release -DSAMI_BUILD_BENCH=ON -DSAMI_BUILD_GUI=OFF -DSAMI_BUILD_TESTS=OFF
export SAMI_DAEMON=$PWD/build/release/daemon/sami-llm-proxy
load=build/release/bench/load/sami-bench-load

mkdir -p "$out"
: >"$out/results.jsonl"
say "Measuring: $rounds rounds of $(wc -l <<<"$cases") cases with $programs"
for ((round = 1; round <= rounds; ++round)); do
    while read -r case arguments; do
        # shellcheck disable=SC2086 # the arguments are words
        if [ -n "${BENCH_LOCK:-}" ]; then
            exec 9>"$BENCH_LOCK"
            flock -x 9
            measure_all "$round" "$case" $arguments </dev/null 9>&-
            exec 9>&-
        else
            measure_all "$round" "$case" $arguments </dev/null
        fi
    done <<<"$cases"
done
build/release/bench/micro/sami-bench-micro >"$out/micro.jsonl"

say "Writing"
if [ -n "$quick" ] || [ "$programs" != "$all_programs" ]; then
    bench/report.py "$out" ${quick:+--smoke} >"$out/benchmarks.md"
    echo "$out/benchmarks.md (docs/benchmarks.md wants the whole run)"
else
    bench/report.py "$out" --publish
    echo "docs/benchmarks.md, README.md and README.ru.md"
fi
