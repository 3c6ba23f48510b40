# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A certificate that is renewed while many connections are open."""

import contextlib
import selectors
import signal
import socket
import ssl
import threading
import unittest

from drill import drill
from helpers_attack import PATIENCE, Vitals, allow_many_descriptors, close_all
from sami_support import Proxy, RowCase, TestCa, row
from sami_support.doorclient import DoorClient, context
from sami_support.doorfiles import DoorFiles

TUNNELS = 2000
SOURCES = 40  # client addresses: a single one has a limit on its handshakes


class Echo:
    """Echoes data on any number of connections, with one thread."""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._listener.setblocking(False)
        self.authority = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join(PATIENCE)
        self._listener.close()

    def _serve(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._over.is_set():
                for key, _ in selector.select(0.1):
                    if key.fileobj is self._listener:
                        connection, _ = self._listener.accept()
                        selector.register(connection, selectors.EVENT_READ)
                    else:
                        self._answer(selector, key.fileobj)
            close_all([key.fileobj for key in list(selector.get_map().values())
                       if key.fileobj is not self._listener])

    @staticmethod
    def _answer(selector, connection):
        data = b""
        with contextlib.suppress(ConnectionResetError):
            data = connection.recv(4096)
        if data:
            connection.sendall(data)
        else:
            selector.unregister(connection)
            connection.close()


class RenewalTest(RowCase):
    def setUp(self):
        allow_many_descriptors()
        self.files = self.enter(DoorFiles("first.example"))
        self.proxy = self.enter(Proxy(self.files.settings()))
        self.echo = self.enter(Echo())
        # Made in advance, because it takes longer than anything here.
        for name in ("second.example", "third.example"):
            TestCa.shared().certificate(name)

    def open_tunnels(self):
        contexts = [context(newest=version, oldest=version)
                    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)]
        for tls in contexts:
            tls.check_hostname = False
        tunnels = []
        self.addCleanup(lambda: close_all([tunnel.socket for tunnel in tunnels]))
        for number in range(TUNNELS):
            tunnel = DoorClient(self.proxy, contexts[number % 2],
                                source=(f"127.0.9.{1 + number % SOURCES}", 0)).handshake()
            tunnels.append(tunnel)
            tunnel.socket.settimeout(PATIENCE)
            self.assertEqual(tunnel.connect(self.echo.authority), 200)
        return tunnels

    def all_answer(self, tunnels, text):
        for tunnel in tunnels:
            tunnel.send(text)
        for tunnel in tunnels:
            self.assertEqual(tunnel.exactly(len(text)), text)

    @drill("a certificate is renewed by SIGHUP, then without a signal, under 2,000 tunnels in TLS 1.2 and 1.3",
           seen="none was cut, each answered after both; newcomers saw each new certificate, without a signal"
                " within a minute; no descriptor stayed behind")
    @row("B§12: new connections get the new certificate, and no running one notices")
    def test_under_tunnels(self):
        tunnels = self.open_tunnels()
        self.all_answer(tunnels, b"first")
        vitals = Vitals(self.proxy)
        descriptors = vitals.settled_descriptors()
        self.assertEqual(self.files.shown(self.proxy), "first.example")

        self.files.write("second.example")
        self.proxy.signal(signal.SIGHUP)
        by_signal = self.files.wait_shown(self.proxy, "second.example")
        self.all_answer(tunnels, b"second")

        self.files.write("third.example")
        alone = self.files.wait_shown(self.proxy, "third.example")
        self.all_answer(tunnels, b"third")

        self.assertEqual(vitals.settled_descriptors(), descriptors)
        cut = [line for line in self.proxy.access_lines() if line.get("target") == self.echo.authority]
        self.assertEqual(cut, [])
        print(f"  {len(tunnels)} tunnels; seen after {by_signal:.1f} s by SIGHUP, {alone:.0f} s without",
              flush=True)


if __name__ == "__main__":
    unittest.main()
