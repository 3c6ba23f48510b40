# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the daemon keeps for each kind of connection, and which budget limits it.

COSTS is the table in docs/reliability.md. The test opens many connections of each kind to a daemon
with ample budgets, and compares its growth with the table."""

import contextlib
import os
import selectors
import socket
import threading
import time
import unittest

from helpers_attack import PATIENCE, Vitals, allow_many_descriptors, close_all, connect_many
from sami_support import Proxy, RowCase, TestCa, row, wait_until

TOLERANCE = 1.3

# The budgets, as the rows of the table name them.
PLACES = "the number of connections"
KEPT = "kept input"
PENDING = "pending octets"
TLS = "TLS legs"

BUDGETS = {
    PLACES: ("MAX_CONCURRENT_CONNECTIONS, and what the limit on descriptors allows",
             "further connections get 503"),
    KEPT: ("64 MB or a sixteenth of the memory; each connection has 4 KB free",
           "unfinished heads, long heads that wait and unfinished trailers get 503 or are cut; "
           "reading ahead stops at 4 KB"),
    PENDING: ("64 MB or a sixteenth of the memory; at most one read of 64 KB a connection",
              "reads shrink to 4 KB"),
    TLS: ("an eighth of the memory", "further https:// requests that are not tunnels get 503"),
}


class Holder:
    """An origin that accepts connections, sends `speech` once something was asked, and waits. It
    uses one thread for any number of connections; with `endless` it keeps sending `speech`."""

    def __init__(self, speech=b"", endless=False, tls=None):
        self._speech, self._endless = speech, endless
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port = self._listener.getsockname()[1]
        self.asked = 0
        self._sockets = []
        self._over = threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        for sock in [self._listener, *self._sockets]:
            sock.close()

    def _serve(self):
        selector = selectors.DefaultSelector()
        selector.register(self._listener, selectors.EVENT_READ)
        while not self._over.is_set():
            for key, _ in selector.select(0.1):
                if key.fileobj is self._listener:
                    self._take(selector)
                else:
                    self._answer(selector, key)

    def _take(self, selector):
        sock, _ = self._listener.accept()
        if self._tls:
            sock = self._tls.wrap_socket(sock, server_side=True)
        sock.setblocking(False)
        self._sockets.append(sock)
        selector.register(sock, selectors.EVENT_READ, data=False)

    def _answer(self, selector, key):
        sock = key.fileobj
        with contextlib.suppress(OSError):
            if key.events & selectors.EVENT_READ and not key.data:
                if not sock.recv(1 << 20):
                    selector.unregister(sock)
                    return
                self.asked += 1
                if self._endless:
                    selector.modify(sock, selectors.EVENT_WRITE, data=True)
                    return
                sock.send(self._speech)
                selector.modify(sock, selectors.EVENT_READ, data=True)
            elif self._endless:
                sock.send(self._speech)
                return
        if key.data and not self._endless:
            selector.unregister(sock)


MANY_FIELDS = b"".join(b"%c:%d\r\n" % (97 + i % 26, i % 10) for i in range(198))


def forwarded(port, rest=b"\r\n", method=b"GET", scheme=b"http"):
    return b"%s %s://localhost:%d/ HTTP/1.1\r\nHost: a\r\n%s" % (method, scheme, port, rest)


class Kind:
    """A row: what it is, its worst cost in bytes, its budget, what a client sends, the origin."""

    def __init__(self, what, cost, budget, prelude, holder=None, count=400, asks=True):
        self.what, self.cost, self.budget = what, cost, budget
        self.prelude, self.holder, self.count, self.asks = prelude, holder or {}, count, asks


TLS_ORIGIN = object()

COSTS = [
    Kind("a client that has asked nothing", 2100, PLACES, lambda port: b"", count=2000, asks=False),
    Kind("a tunnel in which nothing moves", 5000, PLACES,
         lambda port: b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: a\r\n\r\n" % port, count=1000,
         asks=False),
    Kind("a request whose origin is silent, its head of 198 fields", 6500, PLACES,
         lambda port: forwarded(port, MANY_FIELDS + b"\r\n")),
    Kind("a head of 198 one-octet fields that never ends", 30000, KEPT,
         lambda port: forwarded(port, MANY_FIELDS), asks=False),
    Kind("a head of one field of 60,000 octets that never ends", 72_000, KEPT,
         lambda port: forwarded(port, b"X: " + b"a" * 60_000), asks=False),
    Kind("own pages asked for by the thousand, and no answer read", 19_000, KEPT,
         lambda port: b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 12_000, asks=False),
    Kind("further requests behind one whose origin is silent", 26_500, KEPT,
         lambda port: forwarded(port) + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 10_000),
    Kind("an answer's head of 198 one-octet fields that never ends", 30000, KEPT,
         lambda port: forwarded(port), {"speech": b"HTTP/1.1 200 OK\r\n" + MANY_FIELDS}),
    Kind("an answer's head of 3,000 one-octet fields that never ends", 256_000, KEPT,
         lambda port: forwarded(port), {"speech": b"HTTP/1.1 200 OK\r\n" + b"a:1\r\n" * 3000},
         count=80),
    Kind("an upload whose 60 trailers never end", 12_500, KEPT,
         lambda port: forwarded(port, b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
                                + MANY_FIELDS[:60 * 5], b"PUT")),
    Kind("an endless answer that nobody reads", 51_000, PENDING,
         lambda port: forwarded(port), {"speech": b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 65536,
                                        "endless": True}),
    Kind("an https:// request, not a tunnel, whose origin is silent", 21_500, TLS,
         lambda port: forwarded(port, scheme=b"https"), {"tls": TLS_ORIGIN}, count=200),
]


# Sanitizers use memory of their own.
@unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
class CostsTest(RowCase):
    def grown(self, kind):
        """The daemon's memory per connection of that kind, in bytes."""
        holder = dict(kind.holder)
        environment = {"PROXY_THREADS": 1, "PROXY_HEADER_TIMEOUT_MS": 600_000}
        if holder.get("tls") is TLS_ORIGIN:
            holder["tls"] = TestCa.shared().server_context()
            environment["PROXY_UPSTREAM_CA_FILE"] = TestCa.shared().ca_file
        with Holder(**holder) as origin, Proxy(environment) as proxy:
            vitals = Vitals(proxy)
            prelude = kind.prelude(origin.port)

            def crowd(count):
                """In small groups, so that none waits for its upstream while others come."""
                sockets = []
                while len(sockets) < count:
                    before = origin.asked
                    sockets += connect_many(proxy.port, 20, prelude=prelude, receive_buffer=4096)
                    if kind.asks:
                        wait_until(lambda: origin.asked - before >= 20, timeout=PATIENCE,
                                   what="20 requests at the origin")
                settle(vitals)
                return sockets

            sockets = crowd(20)
            before = vitals.resident()
            sockets += crowd(kind.count)
            grown = vitals.resident() - before
            close_all(sockets)
        return grown / kind.count

    @row("B§6: each kind of connection costs what the table of costs says")
    def test_costs(self):
        allow_many_descriptors()
        for kind in COSTS:
            with self.subTest(kind.what):
                cost = self.grown(kind)
                print(f"  {cost:7.0f} octets (table: {kind.cost}): {kind.what}", flush=True)
                self.assertLess(cost, kind.cost * TOLERANCE)
                self.assertGreater(cost, kind.cost / TOLERANCE)


def settle(vitals):
    """Waits until the daemon's memory stops changing."""
    last, since = vitals.resident(), time.monotonic()
    until = since + PATIENCE
    while time.monotonic() - since < 0.3 and time.monotonic() < until:
        time.sleep(0.05)
        now = vitals.resident()
        if now != last:
            last, since = now, time.monotonic()


if __name__ == "__main__":
    unittest.main()
