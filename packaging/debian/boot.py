#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Boots the Debian system in ROOT with its own systemd as PID 1, without a container engine.

    boot.py ROOT PID_FILE

It has processes, network (only lo), control groups and mounts of its own. PID_FILE gets the number of
its PID 1, for nsenter(1). SIGTERM ends it and everything in it. Needs root.
"""
import ctypes
import fcntl
import os
import pathlib
import signal
import socket
import struct
import sys
import time

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY, MS_BIND, MS_REC = 2, 4, 8, 1, 4096, 16384
MS_PRIVATE, MS_SHARED = 1 << 18, 1 << 20
MNT_DETACH = 2
PR_SET_PDEATHSIG = 1
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41

libc = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind=None, flags=0, data=None):
    checked(libc.mount(*(value and str(value).encode() for value in (source, target, kind)),
                       ctypes.c_ulong(flags), data and data.encode()), f"mount {target}")


def cgroup2():
    """The mount point of the unified control groups: /sys/fs/cgroup, or a folder in it."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        left, _, right = line.partition(" - ")
        if right.startswith("cgroup2 "):
            return pathlib.Path(left.split()[4])
    sys.exit("boot.py: no cgroup2 is mounted here, and systemd needs one")


def devices(folder):
    mount("tmpfs", folder, "tmpfs", MS_NOSUID, "mode=755")
    for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
        os.mknod(folder / name, 0o020666, os.makedev(1, minor))
        os.chmod(folder / name, 0o666)
    for name in ("pts", "shm"):
        (folder / name).mkdir()
    mount("devpts", folder / "pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666")
    mount("tmpfs", folder / "shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    (folder / "ptmx").symlink_to("pts/ptmx")
    for name, number in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        (folder / name).symlink_to(f"/proc/self/fd{number}")


def become_init(root):
    """Runs as the first process of the new namespaces. Does not return."""
    # If this script itself is killed, nothing stays running.
    checked(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    # Only here, because pivot_root() affects the whole mount namespace.
    checked(libc.unshare(CLONE_NEWNS), "unshare")
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount(root, root, None, MS_BIND)
    mount("proc", root / "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("sysfs", root / "sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY)
    mount("cgroup2", root / "sys/fs/cgroup", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for name in ("run", "tmp"):
        mount("tmpfs", root / name, "tmpfs", MS_NOSUID | MS_NODEV)
    devices(root / "dev")
    with socket.socket() as probe:
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP_RUNNING))
    # Not chroot(): inside one, the kernel allows no user namespaces (PrivateUsers=).
    os.chdir(root)
    checked(libc.syscall(SYS_PIVOT_ROOT, b".", b"."), "pivot_root")
    checked(libc.umount2(b".", MNT_DETACH), "umount")
    # systemd leaves this to the container manager; a service's own mounts depend on it.
    mount(None, "/", None, MS_REC | MS_SHARED)
    os.chdir("/")
    os.execve("/lib/systemd/systemd", ["systemd", "--log-target=journal", "--show-status=false"],
              {"container": "test", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


def remove_group(group):
    """Its processes have ended, but the kernel may hold the group a moment longer."""
    for _ in range(50):
        try:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)
            return
        except OSError:
            time.sleep(0.1)
    print(f"boot.py: cannot remove {group}", file=sys.stderr)


def main(root, pid_file):
    root = pathlib.Path(root).resolve(strict=True)
    group = cgroup2() / f"boot-{os.getpid()}"
    own = cgroup2() / pathlib.Path("/proc/self/cgroup").read_text(
        encoding="utf-8").rpartition("0::/")[2].splitlines()[0] / "cgroup.procs"
    group.mkdir()
    with open(own, "wb", buffering=0) as home:
        (group / "cgroup.procs").write_text("0", encoding="utf-8")
        checked(libc.unshare(CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID
                             | CLONE_NEWNET), "unshare")
        init = os.fork()
        if init == 0:
            try:
                become_init(root)
            finally:
                os._exit(1)
        # systemd needs its control group for itself.
        home.write(b"0")
    pathlib.Path(pid_file).write_text(str(init), encoding="utf-8")
    # When PID 1 ends, all processes of its namespace end.
    signal.signal(signal.SIGTERM, lambda *_: os.kill(init, signal.SIGKILL))
    os.waitpid(init, 0)
    remove_group(group)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
