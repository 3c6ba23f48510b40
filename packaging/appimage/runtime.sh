#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# runtime.sh FILE: builds the head of the AppImage. build.sh installs what it needs.
set -euo pipefail
runtime=${1:?the file to make}

# The linker warns of functions of libfuse that would need this very libc at run time: user names, which a user's own
# read-only mount does not need.
gcc -std=c17 -O2 -Wall -Wextra -Werror -DFUSE_USE_VERSION=32 -D_FILE_OFFSET_BITS=64 -static -s \
    -o "$runtime" "$(dirname "$0")/runtime.c" \
    -lsquashfuse_ll -lsquashfuse -lfuse3 -lzstd -llz4 -llzma -llzo2 -lz 2>"$runtime.log" || {
    cat "$runtime.log" >&2
    exit 1
}
# "AI", 2: identifies an AppImage, in the padding of the ELF header.
printf 'AI\002' | dd of="$runtime" bs=1 seek=8 conv=notrunc status=none
