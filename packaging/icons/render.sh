#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Renders the application icons of all platforms from sami-llm-proxy-tray.svg, beside it: hicolor PNGs (Linux, and the
# window itself), an .ico (Windows) and an .icns (macOS). Takes a few seconds; commit the results.
set -euo pipefail
cd "$(dirname "$0")"
. ../setup.sh
ensure_packages icoutils librsvg2-bin optipng python3

name=sami-llm-proxy-tray
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# render SIZE FILE
render() {
    rsvg-convert --width "$1" --height "$1" --output "$2" "$name.svg"
    optipng -quiet -o5 -strip all "$2"
}

rm -rf hicolor
for size in 16 24 32 48 64 128 256 512; do
    folder=hicolor/${size}x$size/apps
    mkdir -p "$folder"
    render "$size" "$folder/$name.png"
done

# Old readers accept PNG in an .ico only for the largest entry.
ico=()
for size in 16 24 32 48 64 128; do
    ico+=("hicolor/${size}x$size/apps/$name.png")
done
icotool --create --output "$name.ico" "${ico[@]}" --raw "hicolor/256x256/apps/$name.png"

# Only macOS uses 1024: 512 at twice the resolution. An .icns is a list of (kind, length, PNG); Debian's tools would
# write JPEG 2000 into it.
render 1024 "$scratch/1024.png"
python3 - "$name" "$scratch/1024.png" <<'PYTHON'
import struct
import sys

name, largest = sys.argv[1:]
entries = b""
for kind, size in ((b"ic11", 32), (b"ic12", 64), (b"ic07", 128), (b"ic13", 256), (b"ic08", 256),
                   (b"ic14", 512), (b"ic09", 512), (b"ic10", 1024)):
    path = largest if size == 1024 else f"hicolor/{size}x{size}/apps/{name}.png"
    with open(path, "rb") as file:
        data = file.read()
    entries += kind + struct.pack(">I", 8 + len(data)) + data
with open(f"{name}.icns", "wb") as file:
    file.write(b"icns" + struct.pack(">I", 8 + len(entries)) + entries)
PYTHON
ls -l "$name.ico" "$name.icns"
