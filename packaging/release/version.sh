#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# version.sh [TAG]: prints the version, which only CMakeLists.txt defines. With a tag (v1.2.3) it fails unless the tag
# names that version and CHANGELOG.md has a section for it.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^project(sami-llm-proxy VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
if [ $# -gt 0 ]; then
    if [ "$1" != "v$version" ]; then
        echo "The tag is $1, but CMakeLists.txt has $version: set its project(… VERSION …), or tag v$version." >&2
        exit 1
    fi
    if ! grep -q "^## $version\b" CHANGELOG.md; then
        echo "CHANGELOG.md has no section \"## $version\": give the one called Unreleased that name." >&2
        exit 1
    fi
fi
echo "$version"
