#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Makes the image debian:bookworm with mmdebstrap, for machines that cannot pull it:
#   packaging/docker/base.sh COMMAND…    # buildah with the options that name its store
# Its packages come from this machine's own mirror, and it keeps using that mirror.
set -euo pipefail
. "$(dirname "$0")/../setup.sh"

ensure_packages buildah mmdebstrap
buildah=("$@")

work=$(mktemp -d "${TMPDIR:-/var/tmp}/sami-base.XXXXXX")
trap 'rm -rf "$work"' EXIT

# This machine's Debian bookworm sources, in the official image's format.
# shellcheck disable=SC2016
apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
    'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u >"$work/targets"
grep ' bookworm' "$work/targets" | while read -r uri release; do
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$release"
    printf 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n'
done >"$work/debian.sources"
if ! grep -q '^Suites: bookworm$' "$work/debian.sources"; then
    echo "This machine's apt has no Debian bookworm: pull debian:bookworm instead." >&2
    exit 1
fi

# Inside, the mirror is reached as on this machine; docker-clean keeps caches out of the layers.
apt-config dump --format '%f "%v";%n' Acquire |
    grep -E '^Acquire::(https?::(Proxy|CAInfo|Verify)|Check-)' >"$work/90machine" || true
cat >"$work/docker-clean" <<'CONF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF

make_root() {
    rm -f "$work/root.tar"
    # shellcheck disable=SC2016
    mmdebstrap --variant=minbase --include=ca-certificates \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --customize-hook="copy-in $work/debian.sources /etc/apt/sources.list.d/" \
        --customize-hook="copy-in $work/90machine $work/docker-clean /etc/apt/apt.conf.d/" \
        --customize-hook='rm -f "$1/etc/apt/sources.list" "$1/etc/apt/sources.list.d/0000"*' \
        bookworm "$work/root.tar" "$work/debian.sources" >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        return 1
    }
}
say "Making debian:bookworm from this machine's mirror"
make_root || {
    echo "mmdebstrap failed: once more, mirrors have bad moments." >&2
    make_root
}

container=$("${buildah[@]}" from scratch)
"${buildah[@]}" add --quiet "$container" "$work/root.tar" / >/dev/null
"${buildah[@]}" config --cmd bash "$container"
"${buildah[@]}" commit --quiet --rm "$container" docker.io/library/debian:bookworm >/dev/null
