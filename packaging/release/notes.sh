#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# notes.sh VERSION: prints that version's section of CHANGELOG.md, without its heading.
set -euo pipefail
cd "$(dirname "$0")/../.."

notes=$(awk -v version="${1:?the version}" '
    /^## / { within = ($2 == version); next }
    within' CHANGELOG.md)
if [ -z "$notes" ]; then
    echo "CHANGELOG.md says nothing about $1." >&2
    exit 1
fi
printf '%s\n' "$notes"
