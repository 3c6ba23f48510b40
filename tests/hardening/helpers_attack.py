# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the attacks share: thousands of sockets, the daemon's vital signs, a good client."""

import contextlib
import os
import resource
import selectors
import socket
import threading
import time

from sami_support import WAIT, RawClient, wait_until

# Attacks load the machine themselves, in addition to whatever else runs on it.
PATIENCE = 4 * WAIT


def allow_many_descriptors(wanted=20_000):
    """Raises this process's limit; returns the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
    return max(soft, target)


class Vitals:
    """Descriptors, threads and memory of the daemon, read from /proc."""

    def __init__(self, proxy):
        self._folder = f"/proc/{proxy.pid}"

    def descriptors(self):
        return len(os.listdir(f"{self._folder}/fd"))

    def settled_descriptors(self):
        """The number once it has not changed for half a second."""
        count, since = self.descriptors(), time.monotonic()
        while time.monotonic() - since < 0.5:
            time.sleep(0.05)
            if self.descriptors() != count:
                count, since = self.descriptors(), time.monotonic()
        return count

    def status(self, name):
        with open(f"{self._folder}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(name + ":"):
                    return int(line.split()[1])
        return 0

    def resident(self):
        """Resident bytes. Always 0 in a sanitizer build, whose own memory hides the daemon's."""
        if os.environ.get("SAMI_SLOW") == "1":
            return 0
        return self.status("VmRSS") * 1024

    def processor_seconds(self):
        with open(f"{self._folder}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def connect_many(port, count, source=None, host="127.0.0.1", prelude=b"", receive_buffer=None):
    """`count` connections that have sent `prelude`. A `receive_buffer` means that the client does
    not read: then each sends as much of it as is accepted at once."""
    sockets = []
    for i in range(count):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if source:
            sock.bind((source(i) if callable(source) else source, 0))
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.settimeout(PATIENCE)
        sock.connect((host, port))
        if receive_buffer:
            sock.setblocking(False)
        if prelude:
            with contextlib.suppress(OSError):
                sock.sendall(prelude)
        sock.setblocking(False)
        sockets.append(sock)
    return sockets


def close_all(sockets):
    for sock in sockets:
        sock.close()


def answered(sockets, seconds, heard=None):
    """{status: count} of the sockets that get a response, until all have one or none has come for
    `seconds`. None counts sockets closed without one. The counted sockets are added to `heard`, a
    list."""
    selector = selectors.DefaultSelector()
    for sock in sockets:
        selector.register(sock, selectors.EVENT_READ)
    counts, until = {}, time.monotonic() + seconds
    while selector.get_map() and time.monotonic() < until:
        for key, _ in selector.select(0.1):
            until = time.monotonic() + seconds
            selector.unregister(key.fileobj)
            if heard is not None:
                heard.append(key.fileobj)
            try:
                data = key.fileobj.recv(4096)
            except OSError:
                data = b""
            status = int(data[9:12]) if data.startswith(b"HTTP/1.1 ") else None
            counts[status] = counts.get(status, 0) + 1
    return counts


class GoodClient:
    """Sends requests continuously, like a well-behaved client, while an attack goes on.

    `with GoodClient(proxy, url) as good:` … `good.statuses` are the responses, `good.slowest` is
    the longest wait for one in seconds, `good.failures` is what went wrong."""

    def __init__(self, proxy, url, source="127.0.0.3", pause=0.05, fields=()):
        self._proxy, self._url, self._source = proxy, url, source
        self._pause, self._fields = pause, fields
        self._stopped = threading.Event()
        self.statuses = []
        self.failures = []
        self.slowest = 0.0

    def __enter__(self):
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()

    def wait_for_more(self, count=3):
        """Waits for that many more responses, to prove that the attack does not stop it."""
        target = len(self.statuses) + count
        wait_until(lambda: len(self.statuses) >= target or self.failures, timeout=PATIENCE,
                   what="more answers")
        assert not self.failures, self.failures

    def _ask(self):
        while not self._stopped.wait(self._pause):
            began = time.monotonic()
            try:
                with RawClient(self._proxy.address, self._proxy.port,
                               source=self._source, timeout=PATIENCE) as client:
                    client.request("GET", self._url, *self._fields)
                    self.statuses.append(client.read_response().status)
            except (AssertionError, OSError) as error:
                self.failures.append(repr(error))
                return
            self.slowest = max(self.slowest, time.monotonic() - began)
