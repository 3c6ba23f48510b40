#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# image-build.sh NAME TAG: builds the container image for this machine's architecture from scratch, as
# NAME:TAG-ARCHITECTURE (Qt takes hours under emulation). Leaves it in build/packages for `docker load` and
# image-push.sh, with its bill of materials. Needs no rights in any registry. ENGINE is the command to call: docker, or
# podman where there is no docker.
set -euo pipefail
cd "$(dirname "$0")/../.."

engine=${ENGINE:-docker}
name=${1:?the image\'s name} tag=${2:?the tag}
architecture=$(dpkg --print-architecture)
# They would turn the image into a list, and a list of lists is refused.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1
# Without cached layers, so that Debian's fixes of OpenSSL and Qt are included.
"$engine" build --no-cache --pull -t "$name:$tag-$architecture" .
mkdir -p build/packages
container=$("$engine" create "$name:$tag-$architecture")
"$engine" cp "$container:/licenses/VERSIONS" build/image-versions
"$engine" rm "$container" >/dev/null
file=build/packages/sami-llm-proxy-image-$tag-$architecture.tar
"$engine" save -o "$file" "$name:$tag-$architecture"
packaging/release/sbom.py "$file" build/image-versions
