#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the image as `docker build .` does, on a Debian machine without a Docker engine (as root, with buildah). Leaves
# it in build/packages/sami-llm-proxy-image.tar.gz, for `docker load`.
#   packaging/docker/build.sh [STORE]
# STORE is a folder that keeps the layers, so that the next build is quick; without it everything is removed again.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh
. packaging/docker/engine.sh
if [ "$(id -u)" -ne 0 ]; then
    echo "Run it as root, or use your Docker engine: docker build -t sami-llm-proxy ." >&2
    exit 1
fi
ensure_packages buildah

if [ $# -gt 0 ]; then
    use_store "$1"
else
    use_store "$(mktemp -d "${TMPDIR:-/var/tmp}/sami-image.XXXXXX")"
    trap remove_store EXIT
fi

base=docker.io/library/debian:bookworm
if ! "${buildah[@]}" inspect --type image "$base" >/dev/null 2>&1 &&
    ! timeout 300 "${buildah[@]}" pull --quiet "$base" >/dev/null 2>&1; then
    packaging/docker/base.sh "${buildah[@]}"
fi
say "Building the image"
"${buildah[@]}" bud --format docker --layers --pull-never \
    -t sami-llm-proxy . >"$store/build.log" 2>&1 || {
    tail -n 60 "$store/build.log" >&2
    exit 1
}
mkdir -p build/packages
archive=build/packages/sami-llm-proxy-image.tar
rm -f "$archive"
"${buildah[@]}" push --quiet sami-llm-proxy "docker-archive:$archive:sami-llm-proxy:latest"
gzip -9nf "$archive"
say "$archive.gz: $(stat -c %s "$archive.gz") bytes"
