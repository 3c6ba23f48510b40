#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Measures the daemon side by side with its peers and writes docs/benchmarks.md (about three
# quarters of an hour). Installs what is missing; everything listens on loopback and is ended by its
# pid.
#   bench/run.sh
#   BENCH_PART=tls bench/run.sh             clear or tls: half of it; the page has the other half
#                                           from the last run
#   BENCH_QUICK=1 bench/run.sh              a smoke run of three minutes; writes no paper
#   BENCH_ONLY="sami squid" bench/run.sh    some programs only; writes no paper
# BENCH_ROUNDS is how often each is measured, in turn, 3 in clear text and 5 through TLS;
# BENCH_LOCK=FILE is locked while one case is measured, for a machine that is shared;
# SAMI_DAEMON=FILE is another daemon than the one built here. Raw results: build/bench/clear.jsonl
# and tls.jsonl.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/setup.sh

declare -A all=(
    [clear]="sami sami-qt squid tinyproxy privoxy apache haproxy"
    [tls]="sami-tls squid-tls haproxy-tls stunnel haproxy-tls-raw"
)
parts=${BENCH_PART:-clear tls}
quick=${BENCH_QUICK:-}
out=build/bench${quick:+-quick}
cores=$(nproc)
origins=$(((cores + 1) / 2))

# One measurement a line: its name, then the arguments for sami-bench-load.
declare -A cases
if [ -n "$quick" ]; then
    cases[clear]="connect connect --total 2000
down8 stream --tunnels 8 --megabytes 20
wait2000 wait --silent 300 --seconds 1
forward forward --total 2000
sse sse --tunnels 20 --seconds 1"
    cases[tls]="connect connect --total 500
resumed connect --total 500
down8 stream --tunnels 8 --megabytes 20
up8 stream --tunnels 8 --megabytes 20 --direction up
wait2000 wait --silent 300 --seconds 1"
else
    cases[clear]="connect connect --total 20000
busy connect --total 20000 --clients $cores --origins $origins
down8 stream --tunnels 8 --megabytes 300
up8 stream --tunnels 8 --megabytes 300 --direction up
down1 stream --tunnels 1 --megabytes 1000
up1 stream --tunnels 1 --megabytes 1000 --direction up
wait2000 wait --silent 2000
wait8000 wait --silent 8000
forward forward --total 50000
sse sse --tunnels 100"
    cases[tls]="connect connect --total 2000
resumed connect --total 2000
down8 stream --tunnels 8 --megabytes 50
up8 stream --tunnels 8 --megabytes 50 --direction up
wait2000 wait --silent 2000 --seconds 5"
fi

# Below the kernel's ephemeral range, so that no outgoing connection gets it.
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

# The running programs: the one being measured and the load's helper, if any. Each has its own session, so that nothing
# of it survives.
pids=()
directories=()

# start_program NAME PORT BEHIND_PORT: see start.sh; its pid becomes the last of pids.
start_program() {
    local port=$2 directory
    directory=$(mktemp -d)
    directories+=("$directory")
    chmod 1777 "$directory" # some programs drop their privileges
    setsid bench/peers/start.sh "$1" "$port" "$directory" "$3" >"$directory/output" 2>&1 &
    pids+=($!)
    local i
    for ((i = 0; i < 100; ++i)); do
        kill -0 "${pids[-1]}" 2>/dev/null || break
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            sleep 0.5 # until its workers are up as well
            return 0
        fi
        sleep 0.1
    done
    echo "$1 does not answer:" >&2
    tail -n 20 "$directory/output" >&2
    return 1
}

stop_programs() {
    local pid i
    for pid in "${pids[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
        for ((i = 0; i < 50; ++i)); do
            kill -0 -- "-$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL -- "-$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    pids=()
    rm -rf "${directories[@]}"
    directories=()
}
trap stop_programs EXIT

# record PART PROGRAM ROUND CASE WORKLOAD [options…]: runs the load and writes one line of results.
record() {
    local part=$1 program=$2 round=$3 case=$4 result
    shift 4
    result=$("$load" "$@" --pid "${pids[0]}") || true
    printf '{"program": "%s", "round": %s, "case": "%s", "result": %s}\n' \
        "$program" "$round" "$case" "${result:-null}" >>"$out/$part.jsonl"
    echo "$round $part $case $program: ${result:-nothing}"
}

# measure_PART PROGRAM ROUND CASE WORKLOAD [options…]: one workload on a fresh process.
measure_clear() {
    local route=connect port origin
    if [ "$1" = haproxy ]; then
        route=raw
        case $3 in forward | sse) return 0 ;; esac # it is not a forward proxy
    fi
    port=$(free_port)
    origin=$(free_port)
    ! start_program "$1" "$port" "$origin" \
        || record clear "$@" --route "$route" --proxy-port "$port" --origin-port "$origin"
    stop_programs
}

# The load speaks clear text with its own HAProxy, which speaks TLS with the program.
measure_tls() {
    local client=tls-client door port behind origin=()
    [ "$3" != resumed ] || client=tls-client-resuming
    door=$(free_port)
    port=$(free_port)
    behind=$(free_port)
    # Without a proxy of ours behind it, it relays to the origin.
    [ "$1" != haproxy-tls-raw ] || origin=(--route raw --origin-port "$behind")
    ! { start_program "$1" "$door" "$behind" && start_program $client "$port" "$door"; } \
        || record tls "$@" --proxy-port "$port" "${origin[@]}" --beside "${pids[1]}"
    stop_programs
}

# measure_all PART ROUND CASE WORKLOAD [options…]: the same for each program in turn.
measure_all() {
    local part=$1 program
    shift
    for program in ${programs[$part]}; do
        "measure_$part" "$program" "$@"
    done
}

# run_part PART: all its cases, in rounds.
run_part() {
    local part=$1 rounds case arguments round
    rounds=3
    [ "$part" != tls ] || rounds=5
    [ -z "$quick" ] || rounds=1
    rounds=${BENCH_ROUNDS:-$rounds}
    printf '{"date": "%s", "commit": "%s"}\n' "$(date +%F)" "$(git rev-parse --short HEAD)" >"$out/$part.jsonl"
    say "Measuring ($part): $rounds rounds of $(wc -l <<<"${cases[$part]}") cases with ${programs[$part]}"
    for ((round = 1; round <= rounds; ++round)); do
        while read -r case arguments; do
            # shellcheck disable=SC2086 # the arguments are words
            if [ -n "${BENCH_LOCK:-}" ]; then
                exec 9>"$BENCH_LOCK"
                flock -x 9
                measure_all "$part" "$round" "$case" $arguments </dev/null 9>&-
                exec 9>&-
            else
                measure_all "$part" "$round" "$case" $arguments </dev/null
            fi
        done <<<"${cases[$part]}"
    done
    [ "$part" != clear ] || build/release/bench/micro/sami-bench-micro >"$out/micro.jsonl"
}

# The programs of each part, limited to BENCH_ONLY if it is set.
declare -A programs=([clear]="" [tls]="")
for part in $parts; do
    for program in ${all[$part]}; do
        case " ${BENCH_ONLY:-$program} " in *" $program "*) programs[$part]+=" $program" ;; esac
    done
done
for program in ${BENCH_ONLY:-}; do
    case " ${all[*]} " in
    *" $program "*) ;;
    *)
        echo "BENCH_ONLY knows: ${all[*]}" >&2
        exit 2
        ;;
    esac
done
peers=()
for program in ${programs[clear]} ${programs[tls]}; do
    case $program in
    squid | squid-tls)
        # The two packages exclude each other, and this script must not remove a user's squid.
        if [ -n "$(missing_packages squid)" ]; then
            peers+=(squid-openssl)
        elif [ "$program" = squid-tls ]; then
            echo "squid-tls needs the package squid-openssl; squid is installed, which has no https_port" >&2
            exit 2
        fi
        ;;
    tinyproxy | privoxy) peers+=("$program") ;;
    haproxy*) peers+=(haproxy) ;;
    apache) peers+=(apache2) ;; # mod_proxy_connect is part of it
    stunnel) peers+=(stunnel4) ;;
    esac
done
[ -z "${programs[tls]}" ] || peers+=(haproxy openssl)
ensure_packages "${build_packages[@]}"
[ ${#peers[@]} -eq 0 ] || ensure_packages_asleep python3 "${peers[@]}"
build_preset release -DSAMI_BUILD_BENCH=ON -DSAMI_BUILD_GUI=OFF -DSAMI_BUILD_TESTS=OFF
export SAMI_DAEMON=${SAMI_DAEMON:-$PWD/build/release/daemon/sami-llm-proxy}
load=build/release/bench/load/sami-bench-load

mkdir -p "$out"
if [ -n "${programs[tls]}" ]; then
    # The certificate that all programs show: a P-256 key, as in our own identity.
    export TLS_CERTIFICATE=$PWD/$out/door.pem TLS_KEY=$PWD/$out/door.key
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
        -keyout "$TLS_KEY" -out "$TLS_CERTIFICATE" 2>/dev/null
    chmod 644 "$TLS_KEY" # some programs drop their privileges
fi
for part in $parts; do
    [ -z "${programs[$part]}" ] || run_part "$part"
done

say "Writing"
if [ -n "$quick" ] || [ -n "${BENCH_ONLY:-}" ]; then
    bench/report.py "$out" ${quick:+--smoke} >"$out/benchmarks.md"
    echo "$out/benchmarks.md (docs/benchmarks.md wants the whole run)"
else
    bench/report.py "$out" --publish
    echo "docs/benchmarks.md, README.md and README.ru.md"
fi
