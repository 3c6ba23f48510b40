#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# runtime.sh FILE: builds the head of the AppImage. What it needs is installed by build.sh.
set -euo pipefail
runtime=${1:?the file to make}

# The linker's warnings name functions of libfuse that would want this very libc at run time: user names, which
# a read-only mount of one's own does not ask for.
gcc -std=c17 -O2 -Wall -Wextra -Werror -DFUSE_USE_VERSION=32 -D_FILE_OFFSET_BITS=64 -static -s \
    -o "$runtime" "$(dirname "$0")/runtime.c" \
    -lsquashfuse_ll -lsquashfuse -lfuse3 -lzstd -llz4 -llzma -llzo2 -lz 2>"$runtime.log" || {
    cat "$runtime.log" >&2
    exit 1
}
# "AI", 2: what makes it known as an AppImage, in the ELF header's padding.
printf 'AI\002' | dd of="$runtime" bs=1 seek=8 conv=notrunc status=none
