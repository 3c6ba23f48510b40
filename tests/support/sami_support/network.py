# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Networks made for one test: namespaces, cables, firewalls, name servers.

A namespace has no name. It lives as long as its keeper, a shell that waits for the end of its
input. So namespaces, cables and rules die with the test, whatever kills that.
"""

import contextlib
import ctypes
import functools
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading

from .waiting import WAIT

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


@functools.cache
def why_no_namespaces():
    """None, or why this machine cannot run these tests."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    missing = [tool for tool in ("unshare", "nsenter", "ip", "iptables", "mount")
               if not shutil.which(tool)]
    if missing:
        return "not installed: " + ", ".join(missing)
    try:
        with Namespace() as probe:
            probe.run("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "9", "-j", "DROP")
    except (AssertionError, OSError) as error:
        return f"namespaces cannot be made here: {error}"
    return None


class Namespace:
    """A network of its own, with an /etc/resolv.conf of its own when `nameserver` is given."""

    def __init__(self, nameserver=None):
        self._resolv_conf = None
        self._nameserver = nameserver
        self._keeper = None

    def __enter__(self):
        script = "set -e; ip link set lo up; "
        if self._nameserver:
            self._resolv_conf = tempfile.NamedTemporaryFile("w", prefix="sami-resolv-")
            self._resolv_conf.write(f"nameserver {self._nameserver}\noptions timeout:5 attempts:2\n")
            self._resolv_conf.flush()
            script += f"mount --bind {self._resolv_conf.name} /etc/resolv.conf; "
        self._keeper = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c", script + "echo ready; read end || true"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self._keeper.stdout.readline() != "ready\n":
            message = self._keeper.stderr.read().strip()
            self.__exit__(None, None, None)
            raise AssertionError(message or "the keeper of a namespace ended")
        return self

    def __exit__(self, *_):
        self._keeper.communicate()
        if self._resolv_conf:
            self._resolv_conf.close()

    @property
    def pid(self):
        return self._keeper.pid

    @property
    def prefix(self):
        """The command prefix that runs a command in here: for Proxy(prefix=…)."""
        return ["nsenter", "-t", str(self.pid), "-n", "-m", "--"]

    def run(self, *command):
        done = subprocess.run([*self.prefix, *command], capture_output=True, text=True,
                              timeout=WAIT, check=False)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
        return done.stdout

    def iptables(self, rule, family=4):
        self.run("iptables" if family == 4 else "ip6tables", *rule.split())

    @contextlib.contextmanager
    def inside(self):
        """Sockets that this thread makes within the `with` belong to this namespace for good."""
        with open("/proc/thread-self/ns/net", "rb") as home, \
                open(f"/proc/{self.pid}/ns/net", "rb") as here:
            _setns(here.fileno())
            try:
                yield
            finally:
                _setns(home.fileno())


def _setns(descriptor):
    if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def connect(left, left_name, left_addresses, right, right_name, right_addresses):
    """A cable between two namespaces; addresses as "10.0.0.1/24" or "2001:db8::1/64"."""
    left.run("ip", "link", "add", left_name, "type", "veth", "peer", "name", right_name,
             "netns", str(right.pid))
    for space, name, addresses in ((left, left_name, left_addresses),
                                   (right, right_name, right_addresses)):
        for address in addresses:
            # Without duplicate address detection an IPv6 address is usable at once.
            nodad = ["nodad"] if ":" in address else []
            space.run("ip", "address", "add", address, "dev", name, *nodad)
        space.run("ip", "link", "set", name, "up")


class NameServer:
    """A minimal name server. `answers` maps a name to a list of addresses, to a callable that
    returns such a list, to None (never answers), or to a number, which is the RCODE (RFC 1035
    §4.1.1). Other names do not exist."""

    def __init__(self, namespace, answers, address="127.0.0.1"):
        self.answers = answers
        self.asked = []
        self._stopping = threading.Event()
        with namespace.inside():
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.bind((address, 53))

    def __enter__(self):
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        self._thread.join()
        self._socket.close()

    def _serve(self):
        self._socket.settimeout(0.1)
        while not self._stopping.is_set():
            try:
                query, sender = self._socket.recvfrom(2048)
            except TimeoutError:
                continue
            reply = self._reply(query)
            if reply:
                self._socket.sendto(reply, sender)

    def _reply(self, query):
        name, at = [], 12
        while query[at]:
            name.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        question = query[12:at + 5]
        kind = struct.unpack(">H", query[at + 1:at + 3])[0]
        name = ".".join(name).lower()
        self.asked.append((name, kind))
        answer = self.answers.get(name, ())
        if answer is None:
            return None
        if isinstance(answer, int):
            return query[:2] + struct.pack(">HHHHH", 0x8180 | answer, 1, 0, 0, 0) + question
        addresses = answer(kind) if callable(answer) else answer
        family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
        records = [socket.inet_pton(family, address) for address in addresses
                   if (":" in address) == (kind == 28)] if family else []
        code = 0 if name in self.answers else 3
        head = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(records), 0, 0)
        body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(record)) + record
                        for record in records)
        return head + question + body
