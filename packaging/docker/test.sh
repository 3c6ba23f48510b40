#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds the image and runs it for real, as root and without a Docker engine:
#   packaging/docker/test.sh [--store DIR] [test names of test_image.py…]
# With --store the layers are kept in DIR, so that the next run is quick.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh
. packaging/docker/engine.sh
if [ "$(id -u)" -ne 0 ]; then
    echo "Containers without a Docker engine need root here: sudo packaging/docker/test.sh" >&2
    exit 1
fi
ensure_packages binutils buildah catatonit curl docker-compose iptables netavark openssl podman python3 \
    python3-yaml runc

if [ "${1:-}" = --store ]; then
    use_store "$2"
    shift 2
else
    use_store "$(mktemp -d "${TMPDIR:-/var/tmp}/sami-image.XXXXXX")"
    trap remove_store EXIT
fi
packaging/docker/build.sh "$store"
# Tests what the archive contains. podman 4.3 cannot decompress it by itself.
"${podman[@]}" untag sami-llm-proxy
gzip -dc build/packages/sami-llm-proxy-image.tar.gz | "${podman[@]}" load --quiet

say "Testing the image"
SAMI_PODMAN="${podman[*]}" SAMI_STORE="$store" PYTHONDONTWRITEBYTECODE=1 \
    python3 -W ignore::ResourceWarning packaging/docker/test_image.py "$@"
