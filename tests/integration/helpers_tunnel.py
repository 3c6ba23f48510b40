# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Peers for tunnels: an origin that the test drives by hand, and a host that never answers."""

import select
import socket
import threading

from sami_support import Origin, WAIT


class HeldOrigin(Origin):
    """An origin whose connections the test drives: `take()` returns the next one."""

    def __init__(self, **options):
        self._released = threading.Event()
        super().__init__(lambda connection: self._released.wait(10 * WAIT), **options)

    def take(self):
        return self.accepted.get(timeout=WAIT)

    def stop(self):
        self._released.set()
        super().stop()


class BlackHole:
    """A listener with a full queue: a connection to it neither succeeds nor fails."""

    def __enter__(self):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self._queued = []
        # The kernel queues one more than asked for. A connect that does not succeed at once finds
        # it full.
        for _ in range(8):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self._queued.append(client)
            if not select.select([], [client], [], 0.2)[1]:
                return self
        raise AssertionError("the listener's queue does not fill")

    def __exit__(self, *_):
        for client in self._queued:
            client.close()
        self._listener.close()


def fill(sock, limit):
    """Sends zeros until the peer takes no more for a moment; returns how many bytes went out."""
    sock.setblocking(False)
    sent = 0
    block = bytes(65536)
    while sent < limit and select.select([], [sock], [], 0.7)[1]:
        sent += sock.send(block[:limit - sent])
    sock.settimeout(WAIT)
    return sent
