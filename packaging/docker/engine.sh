# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Sourced by build.sh and test.sh: buildah and podman with their own store, without a Docker engine.
#   use_store DIR   sets store and the arrays buildah and podman

# shellcheck shell=bash disable=SC2034
use_store() {
    store=$1
    mkdir -p "$store"
    # Overlaid layers take a fraction of the disk space of whole copies, but not every kernel and file system supports
    # them.
    local driver=overlay
    mkdir -p "$store"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$store/lower,upperdir=$store/upper,workdir=$store/work" \
        "$store/merged" 2>/dev/null; then
        umount "$store/merged"
    else
        driver=vfs
    fi
    rm -rf "$store"/{lower,upper,work,merged}
    local options=(--storage-driver "$driver" --root "$store/root" --runroot "$store/run")
    buildah=(env BUILDAH_ISOLATION=chroot buildah "${options[@]}")
    # By its absolute path, because the test has its own commands called podman and docker.
    podman=(/usr/bin/podman "${options[@]}" --network-config-dir "$store/networks"
        --cgroup-manager cgroupfs --events-backend file --runtime /usr/sbin/runc)
}

# remove_store: removes what is left of it; nothing may be running in it any more.
remove_store() {
    umount "$store"/root/overlay/*/merged "$store/root/overlay" 2>/dev/null || true
    rm -rf "$store"
}
