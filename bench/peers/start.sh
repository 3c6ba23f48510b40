#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Becomes one of the programs, in the foreground, so that its pid is the root of its process tree:
#   start.sh PROGRAM PORT DIRECTORY BEHIND_PORT
# DIRECTORY takes its logs and pid file. BEHIND_PORT is where a relay connects to, or a free port
# for the proxy that it fronts. sami needs SAMI_DAEMON; programs with TLS at their door use
# TLS_CERTIFICATE and TLS_KEY, PEM files.
set -euo pipefail
program=$1 port=$2 directory=$3 behind=$4
here=$(cd "$(dirname "$0")" && pwd)
squid_port="http_port 127.0.0.1:$port"
reuse=

# configuration [NAME]: writes PROGRAM.conf, or NAME.conf, with the placeholders filled in; prints its path.
configuration() {
    local user group
    user=$(id -un)
    group=$(id -gn)
    [ "$user" != root ] || user=www-data group=www-data # Apache's children refuse to be root
    sed -e "s|@PORT@|$port|g; s|@DIR@|$directory|g; s|@BEHIND@|$behind|g" \
        -e "s|@USER@|$user|g; s|@GROUP@|$group|g" -e "s|@SQUID_PORT@|$squid_port|; s|@REUSE@|$reuse|" \
        "$here/${1:-$program}.conf" >"$directory/conf"
    echo "$directory/conf"
}

# For programs that want both in one file.
both() { cat "$TLS_CERTIFICATE" "$TLS_KEY" >"$directory/both.pem"; }

sami() {
    export PROXY_ADDRESS=127.0.0.1 PROXY_PORT=$1 ALLOW_PRIVATE_TARGETS=127.0.0.0/8
    exec "$SAMI_DAEMON" >"$directory/access.log"
}

# in_front COMMAND…: runs it with our proxy behind it in clear text; both are one tree under this shell.
in_front() {
    trap 'kill $(jobs -p)' TERM
    sami "$behind" &
    "$@" &
    wait -n
}

export PATH="$PATH:/usr/sbin"
ulimit -n "$(ulimit -Hn)"
case $program in
sami) sami "$port" ;;
sami-qt) PROXY_EVENT_DISPATCHER=qt sami "$port" ;;
sami-tls) PROXY_TLS_CERT_FILE=$TLS_CERTIFICATE PROXY_TLS_KEY_FILE=$TLS_KEY sami "$port" ;;
squid) exec squid --foreground -n "bench$port" -f "$(configuration)" ;;
squid-tls)
    squid_port="https_port 127.0.0.1:$port tls-cert=$TLS_CERTIFICATE tls-key=$TLS_KEY"
    exec squid --foreground -n "bench$port" -f "$(configuration squid)"
    ;;
tinyproxy) exec tinyproxy -d -c "$(configuration)" ;;
privoxy) exec privoxy --no-daemon "$(configuration)" ;;
apache) exec apache2 -DFOREGROUND -f "$(configuration)" ;;
haproxy) exec haproxy -db -f "$(configuration)" ;;
haproxy-tls)
    both
    in_front haproxy -db -f "$(configuration)"
    ;;
haproxy-tls-raw)
    both
    exec haproxy -db -f "$(configuration haproxy-tls)"
    ;;
stunnel)
    both
    in_front stunnel "$(configuration)"
    ;;
tls-client)
    reuse=no-ssl-reuse
    exec haproxy -db -f "$(configuration)"
    ;;
tls-client-resuming) exec haproxy -db -f "$(configuration tls-client)" ;;
*)
    echo "start.sh: no such program: $program" >&2
    exit 2
    ;;
esac
