# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A long line between two namespaces: TUN devices and a process that carries the packets.

The kernels that run these tests have no netem. A line delays and drops packets, goes dark, and
records what it carries, so that a test counts round trips instead of timing them.
"""

import contextlib
import fcntl
import functools
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile

from .network import Namespace, why_no_namespaces
from .packets import Turns, read_capture
from .waiting import WAIT

_FORWARDER = pathlib.Path(__file__).with_name("forwarder.py")
# linux/if_tun.h
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


@functools.cache
def why_no_lines():
    """None, or why this machine cannot run these tests."""
    if why_no_namespaces():
        return why_no_namespaces()
    try:
        with Namespace() as probe:
            os.close(_open_device(probe, "line0"))
    except OSError as error:
        return f"TUN devices cannot be made here: {error}"
    return None


def _open_device(namespace, name):
    """A TUN device that exists as long as its descriptor."""
    with namespace.inside():
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.ioctl(device, _TUNSETIFF,
                        struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
        except OSError:
            os.close(device)
            raise
    return device


class Line:
    """`with Line(desk, "192.0.2.2", server, "11.22.33.2", delay_ms=60) as line:`

    A packet takes `delay_ms` each way. The capture has everything put on the line, lost packets
    included. `name` is the device's name on both sides.
    """

    def __init__(self, near, near_address, far, far_address, delay_ms=0, name="line0"):
        self._sides = ((near, near_address), (far, far_address))
        self._near_address = near_address
        self._delay_ms = delay_ms
        self._name = name
        self._process = None

    def __enter__(self):
        self._capture = tempfile.NamedTemporaryFile(prefix="sami-line-", suffix=".pcap")
        self._control, theirs = socket.socketpair()
        self._control.settimeout(WAIT)
        with contextlib.ExitStack() as ours, theirs:
            devices = []
            for namespace, _ in self._sides:
                devices.append(_open_device(namespace, self._name))
                ours.callback(os.close, devices[-1])
            inherited = [*devices, theirs.fileno(), self._capture.fileno()]
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_FORWARDER), *map(str, inherited)],
                pass_fds=inherited, stdin=subprocess.DEVNULL)
        try:
            for (namespace, address), (_, other) in (self._sides, self._sides[::-1]):
                self._configure(namespace, address, other)
            self.change(delay_ms=self._delay_ms)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _configure(self, namespace, address, other):
        # A queue as long as a connection's window, so that only the line loses packets.
        namespace.run("ip", "link", "set", self._name, "addrgenmode", "none", "txqueuelen", "10000")
        namespace.run("ip", "address", "add", address, "peer", other, "dev", self._name)
        namespace.run("ip", "link", "set", self._name, "up")

    def __exit__(self, *_):
        self._control.close()
        try:
            self._process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._capture.close()

    def change(self, **settings):
        """`delay_ms`, `loss` as [rate outwards, rate backwards], `dark`; returns the counts."""
        self._control.sendall(json.dumps(settings).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            received = self._control.recv(65536)
            assert received, "the line's process has ended"
            answer += received
        return json.loads(answer)

    def counts(self):
        """{"packets": [outwards, backwards], "octets": […], "lost": […]}"""
        return self.change()

    def mark(self):
        """A position in the capture: the number of packets so far."""
        return sum(self.counts()["packets"])

    def packets(self, since=0):
        """The TCP segments put on the line since a mark."""
        self.counts()  # makes the process write out what it buffers
        return read_capture(self._capture.name, since)

    def turns(self, since=0):
        return Turns(self.packets(since), self._near_address)
