#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# What looks at the sources and at memory more slowly than a test suite may, on request:
#   tests/static/run.sh format      clang-format with .clang-format (10 seconds)
#   tests/static/run.sh clazy       Qt's own mistakes, level 1 (8 minutes)
#   tests/static/run.sh tidy        clang-tidy with .clang-tidy (half an hour)
#   tests/static/run.sh tidy --since COMMIT     only the files that differ from that commit
#   tests/static/run.sh valgrind    the unit tests under memcheck (2 minutes)
# All but the first want a dev build and make it.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh

what=${1:-}
case $what in
format | clazy | tidy | valgrind) ;;
*)
    sed -n '/^#   /s/^#  //p' "$0" >&2
    exit 2
    ;;
esac
if [ "$what" = format ]; then
    # Each version breaks lines in its own way.
    ensure_packages clang-format-14
    say "clang-format 14"
    git ls-files '*.cpp' '*.h' '*.mm' | xargs clang-format-14 --dry-run -Werror
    exit
fi
declare -A packages=([clazy]=clazy [tidy]=clang-tidy [valgrind]=valgrind)
ensure_packages "${build_packages[@]}" "${gui_packages[@]}" libhttp-parser-dev "${packages[$what]}"
build_preset dev

# Each platform's own files but this one's are not in the build.
mapfile -t sources < <(git ls-files 'core/*.cpp' 'daemon/*.cpp' 'gui/*.cpp' | grep -Ev '_(win|mac)\.cpp$')
if [ "${2:-}" = --since ]; then
    mapfile -t sources < <(git diff --name-only --diff-filter=d "${3:?--since takes a commit}" -- "${sources[@]}")
    if [ ${#sources[@]} -eq 0 ]; then
        say "No source differs from $3"
        exit 0
    fi
fi
case $what in
clazy)
    say "clazy, level 1, ${#sources[@]} files"
    printf '%s\0' "${sources[@]}" | xargs -0 -P "$(nproc)" -n 8 clazy-standalone -p build/dev -checks=level1 \
        --header-filter='/(core|daemon|gui)/'
    ;;
tidy)
    say "clang-tidy, ${#sources[@]} files"
    printf '%s\0' "${sources[@]}" | xargs -0 -P "$(nproc)" -n 4 clang-tidy -p build/dev --quiet \
        --warnings-as-errors='*'
    ;;
valgrind)
    # Not the programs that count descriptors, time or threads: they judge what valgrind changes.
    say "The unit tests under valgrind"
    failed=0
    for program in build/dev/tests/unit/{base,config,http,policy}/tst_*; do
        if [ ! -x "$program" ] || [ ! -f "$program" ]; then
            continue
        fi
        if ! valgrind --quiet --error-exitcode=9 --suppressions=tests/static/valgrind.supp \
            --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
            "$program" >build/valgrind.log 2>&1; then
            failed=$((failed + 1))
            echo "FAILED  $program"
            tail -n 40 build/valgrind.log
        fi
    done
    rm -f build/valgrind.log
    exit $((failed > 0))
    ;;
esac
