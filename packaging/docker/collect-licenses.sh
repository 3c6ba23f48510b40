#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Run by the Dockerfile: collects the licences of everything in the image in the folder DIR.
#   packaging/docker/collect-licenses.sh DIR
set -euo pipefail
out=${1:?the folder to fill}

install -D -m 644 packaging/licenses/README "$out/README"
install -D -m 644 LICENSE "$out/sami-llm-proxy/LICENSE"
install -D -m 644 -t "$out/qt6-base" /opt/qt/licenses/*
for package in ca-certificates libc6-dev libcrypt-dev libpcre2-dev libssl-dev libstdc++-12-dev zlib1g-dev; do
    install -D -m 644 "/usr/share/doc/$package/copyright" "$out/$package/copyright"
done
# Debian's copyright files refer to these.
for license in Apache-2.0 GPL-2 GPL-3 LGPL-2.1 MPL-2.0; do
    install -D -m 644 "/usr/share/common-licenses/$license" "$out/common-licenses/$license"
done
# The linked versions, so that their sources can be found at Debian.
{
    echo "qt6-base $(cat /opt/qt/version)"
    dpkg-query -W -f '${source:Package} ${source:Version}\n' ca-certificates g++-12 libc6-dev \
        libcrypt-dev libpcre2-dev libssl-dev zlib1g-dev
} | sort -u >"$out/VERSIONS"
