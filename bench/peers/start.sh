#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Becomes one of the programs, in the foreground, so that its pid is the root of its process tree:
#   start.sh PROGRAM PORT DIRECTORY ORIGIN_PORT
# DIRECTORY takes its logs and pid file. sami needs SAMI_DAEMON.
set -euo pipefail
program=$1 port=$2 directory=$3 origin=$4
here=$(cd "$(dirname "$0")" && pwd)

# Writes PROGRAM.conf with the placeholders filled in; prints where.
configuration() {
    local user group
    user=$(id -un)
    group=$(id -gn)
    [ "$user" != root ] || user=www-data group=www-data # Apache's children refuse to be root
    sed -e "s|@PORT@|$port|g; s|@DIR@|$directory|g; s|@ORIGIN@|$origin|g" \
        -e "s|@USER@|$user|g; s|@GROUP@|$group|g" "$here/$program.conf" >"$directory/conf"
    echo "$directory/conf"
}

export PATH="$PATH:/usr/sbin"
ulimit -n "$(ulimit -Hn)"
case $program in
sami | sami-qt)
    export PROXY_ADDRESS=127.0.0.1 PROXY_PORT=$port ALLOW_PRIVATE_TARGETS=127.0.0.0/8
    [ "$program" = sami ] || export PROXY_EVENT_DISPATCHER=qt
    exec "$SAMI_DAEMON" >"$directory/access.log"
    ;;
squid) exec squid --foreground -n "bench$port" -f "$(configuration)" ;;
tinyproxy) exec tinyproxy -d -c "$(configuration)" ;;
privoxy) exec privoxy --no-daemon "$(configuration)" ;;
apache) exec apache2 -DFOREGROUND -f "$(configuration)" ;;
haproxy) exec haproxy -db -f "$(configuration)" ;;
*)
    echo "start.sh: no such program: $program" >&2
    exit 2
    ;;
esac
