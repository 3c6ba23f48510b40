#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# checksums.sh FOLDER: writes SHA256SUMS for all files in it, for `sha256sum --check`.
set -euo pipefail
cd "${1:?the folder}"

rm -f SHA256SUMS
find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS.part
mv SHA256SUMS.part SHA256SUMS
cat SHA256SUMS
