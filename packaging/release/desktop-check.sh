#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# desktop-check.sh: on a Windows (MSVC) or macOS runner, builds everything with the Qt in CMAKE_PREFIX_PATH and runs the
# unit and window tests. Only the workflows can run it there; it was run by hand on Linux with CMAKE_PREFIX_PATH=/usr.
set -euo pipefail
cd "$(dirname "$0")/../.."

case $(uname) in
# The runner also has a MinGW in its PATH, which CMake would pick.
MINGW* | MSYS*) export CC=cl CXX=cl ;;
esac
# Other compilers and newer Qts have other warnings: show them, but do not fail.
cmake -S . -B build/desktop -G Ninja -DCMAKE_BUILD_TYPE=Release -DSAMI_BUILD_GUI=ON -DSAMI_BUILD_TESTS=ON \
    -DSAMI_WARNINGS_AS_ERRORS=OFF
cmake --build build/desktop
# Where Windows looks for Qt's libraries.
PATH=$CMAKE_PREFIX_PATH/bin:$PATH ctest --test-dir build/desktop -L 'unit|gui' --output-on-failure --no-tests=error
