#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the proxy and starts it on 127.0.0.1:8080. Environment and arguments are passed on:
#   PROXY_ADDRESS=0.0.0.0 PROXY_AUTH_USERNAME=me PROXY_AUTH_PASSWORD=… ./run.sh
set -euo pipefail
cd "$(dirname "$0")"
. packaging/setup.sh

ensure_packages "${build_packages[@]}"
build_preset release -DSAMI_BUILD_GUI=OFF -DSAMI_BUILD_TESTS=OFF

say "Starting on ${PROXY_ADDRESS:-127.0.0.1}:${PROXY_PORT:-8080} (Ctrl+C ends it)"
export PROXY_ADDRESS="${PROXY_ADDRESS:-127.0.0.1}"
exec build/release/daemon/sami-llm-proxy "$@"
