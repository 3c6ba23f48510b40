#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# sboms.sh: a bill of materials for each artefact in build/packages that contains Qt. A Debian package contains no other
# project's code: its dependencies are its bill.
set -euo pipefail
cd "$(dirname "$0")/../.."
shopt -s nullglob

for file in build/packages/*.AppImage; do
    packaging/release/sbom.py "$file" build/appimage/AppDir/usr/share/licenses/VERSIONS
done
for file in build/packages/*-windows-*.exe build/packages/*-windows-*.zip; do
    packaging/release/sbom.py "$file" build/windows/sami/program/licenses/VERSIONS
done
