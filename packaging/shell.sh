# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Sourced by the scripts of all platforms: headings, rows of a test, ccache. For bash 3.2 too, which macOS has.

say() { printf '\n== %s\n' "$*"; }

passed=0 failed=0
# check NAME COMMAND…: one row of a test. Shows the command's output when it fails. Needs a folder in $work.
check() {
    local name=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        echo "FAILED  $name"
        sed 's/^/        /' "$work/output"
    fi
}

# CMake's options that have ccache keep what is compiled; none where there is no ccache.
compiler_launcher=()
if command -v ccache >/dev/null; then
    compiler_launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
