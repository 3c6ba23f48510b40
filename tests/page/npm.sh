#!/bin/sh
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# npm.sh NODE FOLDER: installs the npm packages of the browser test, if it is to run.
if [ "$SAMI_REAL" != 1 ]; then
    echo "skipped: it needs Chromium: ./test.sh --real, or SAMI_REAL=1"
    exit 77
fi
here=$(dirname "$0")
exec "$1" "$here/../clients/npm_ci.mjs" "$2" "$here"
