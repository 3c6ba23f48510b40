#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# The container image in a registry. Each machine builds its own architecture: emulated, Qt takes hours.
#   image.sh push NAME TAG             builds afresh and pushes NAME:TAG-ARCHITECTURE; leaves it in
#                                      build/packages too, for `docker load`, with its bill of materials
#   image.sh join NAME TAG [ALIAS…]    makes NAME:TAG, and each alias, of TAG-amd64 and TAG-arm64; prints the digest
# ENGINE is what to call: docker, or podman where there is none.
set -euo pipefail
cd "$(dirname "$0")/../.."

engine=${ENGINE:-docker}
case ${1:-} in
push)
    name=${2:?the image\'s name} tag=${3:?the tag}
    architecture=$(dpkg --print-architecture)
    # They would make a list of the image, and a list of lists is refused.
    export BUILDX_NO_DEFAULT_ATTESTATIONS=1
    # Without layers of before: Debian's fixes of OpenSSL and Qt are to come in.
    "$engine" build --no-cache --pull -t "$name:$tag-$architecture" .
    mkdir -p build/packages
    container=$("$engine" create "$name:$tag-$architecture")
    "$engine" cp "$container:/licenses/VERSIONS" build/image-versions
    "$engine" rm "$container" >/dev/null
    file=build/packages/sami-llm-proxy-image-$tag-$architecture.tar
    "$engine" save -o "$file" "$name:$tag-$architecture"
    packaging/release/sbom.py "$file" build/image-versions
    "$engine" push "$name:$tag-$architecture"
    ;;
join)
    name=${2:?the image\'s name} tag=${3:?the tag}
    for alias in "$tag" "${@:4}"; do
        "$engine" manifest create "$name:$alias" "$name:$tag-amd64" "$name:$tag-arm64" >&2
        digest=$("$engine" manifest push "$name:$alias" | grep -o 'sha256:[0-9a-f]*' | tail -n 1)
    done
    echo "$digest"
    ;;
*)
    sed -n '/^#   /s/^#  //p' "$0" >&2
    exit 2
    ;;
esac
