#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the proxy and starts it. Environment and arguments are passed on:
#   PROXY_ADDRESS=0.0.0.0 PROXY_AUTH_USERNAME=me PROXY_AUTH_PASSWORD=… ./run.sh
# Where neither they nor a file of settings names an address, it is 127.0.0.1.
set -euo pipefail
cd "$(dirname "$0")"
. packaging/setup.sh

ensure_packages "${build_packages[@]}"
build_preset release -DSAMI_BUILD_GUI=OFF -DSAMI_BUILD_TESTS=OFF

program=build/release/daemon/sami-llm-proxy
# Nothing for --help, nor where a setting is wrong: the program itself says so below.
settings=$("$program" --check-config "$@" 2>/dev/null || true)
value_of() { sed -n "s/^$1 = \(.*\)   (.*)\$/\1/p" <<<"$settings"; }
if grep -q '^PROXY_ADDRESS = .*(default)$' <<<"$settings"; then
    export PROXY_ADDRESS=127.0.0.1
    settings=$("$program" --check-config "$@" 2>/dev/null || true)
fi
port=$(value_of PROXY_PORT)
case "${1:-}" in
    "" | -*) [ -z "$port" ] || say "Starting on $(value_of PROXY_ADDRESS):$port (Ctrl+C ends it)" ;;
esac
exec "$program" "$@"
