#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# image-push.sh NAME TAG FOLDER [ALIAS…]: pushes the images of both architectures that image-build.sh left in FOLDER,
# makes NAME:TAG and each alias from them, and prints the digest. Only an alias may already exist: a tag means the same
# image for ever. Builds and downloads nothing, because it has rights in the registry. ENGINE is the command to call:
# docker, or podman where there is no docker.
set -euo pipefail

engine=${ENGINE:-docker}
name=${1:?the image\'s name} tag=${2:?the tag} folder=${3:?the folder of the images}
parts=("$name:$tag-amd64" "$name:$tag-arm64")
for each in "${parts[@]}" "$name:$tag"; do
    if "$engine" manifest inspect "$each" >/dev/null 2>&1; then
        echo "$each is there already, and a tag does not move: take another. Nothing was pushed." >&2
        exit 1
    fi
done
for part in "${parts[@]}"; do
    "$engine" load -i "$folder/sami-llm-proxy-image-${part#"$name:"}.tar" >&2
    "$engine" push "$part" >&2
done
for each in "$tag" "${@:4}"; do
    "$engine" manifest create "$name:$each" "${parts[@]}" >&2
    digest=$("$engine" manifest push "$name:$each" | grep -o 'sha256:[0-9a-f]*' | tail -n 1)
done
echo "$digest"
