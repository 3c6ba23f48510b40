# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What a machine with little memory keeps for legs whose peers do nothing: TLS to any origin, and
heads that nobody takes."""

import os
import select
import socket
import time
import unittest

from drill import drill
from helpers_attack import PATIENCE, Vitals, allow_many_descriptors, close_all
from sami_support import Origin, Proxy, RowCase, TestCa, row, wait_until
from sami_support.network import Namespace, why_no_namespaces

LITTLE_MEMORY = ["sh", "-c", "ulimit -v 400000; exec \"$0\" \"$@\""]
# An eighth of 400 MB divided by the cost of a TLS leg, with a margin.
TOO_MANY_LEGS = 1600

UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")


@unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build reserves terabytes")
class TlsLegsTest(RowCase):
    def setUp(self):
        allow_many_descriptors()
        self.origin = self.enter(Origin(self.serve, tls=TestCa.shared().server_context()))
        self.proxy = self.enter(Proxy({"PROXY_THREADS": "1",
                                       "PROXY_UPSTREAM_CA_FILE": TestCa.shared().ca_file},
                                      prefix=LITTLE_MEMORY))

    @staticmethod
    def serve(connection):
        while True:
            request = connection.read_request()
            if request.has("Upgrade"):
                connection.send(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                b"Upgrade: websocket\r\n\r\n")
            elif request.target == "/fast":
                connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                continue
            connection.recv_all()
            return

    def held_until_refused(self, hold):
        """The number of legs when one was refused. All stay open."""
        clients = []
        for held in range(TOO_MANY_LEGS):
            client = self.proxy.client()
            clients.append(client)
            if hold(client) == 503:
                print(f"  {held} legs, {Vitals(self.proxy).resident() >> 20} MB resident")
                return held
        self.fail(f"{TOO_MANY_LEGS} legs were taken")
        return None

    @drill("an address space of 400 MB, WebSockets over TLS that say nothing, one after the other",
           seen="1,388 were held in 48 MB, the next got 503")
    @row("B§6: the TLS of a WebSocket's tunnel is charged as long as it lasts")
    def test_websockets(self):
        def hold(client):
            client.request("GET", self.origin.url(scheme="wss", host="localhost"), *UPGRADE)
            return client.read_response().status

        self.assertGreater(self.held_until_refused(hold), 100)

    @drill("an address space of 400 MB, silent requests on kept TLS connections, one after the other",
           seen="1,388 were held in 52 MB, the next got 503")
    @row("B§6: a TLS connection from the pool is charged like a new one")
    def test_pooled(self):
        quick = self.proxy.client()

        def silent():
            return sum(request.target == "/silent" for request in self.origin.requests)

        def hold(client):
            quick.request("GET", self.origin.url("/fast", host="localhost"))
            if (status := quick.read_response().status) != 200:
                return status
            before = silent()
            client.request("GET", self.origin.url("/silent", host="localhost"))
            answer = select.poll()  # select() takes no descriptor above 1,023
            answer.register(client.socket, select.POLLIN)
            wait_until(lambda: silent() > before or answer.poll(0),
                       what="a silent request or its refusal")
            return 200 if silent() > before else client.read_response().status

        self.assertGreater(self.held_until_refused(hold), 100)


@unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build reserves terabytes")
@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class UntakenHeadsTest(RowCase):
    @drill("an address space of 400 MB, 1,700 clients that take nothing of an answer's head of 64 KB",
           seen="1,089 got RST; the daemon lived in 107 MB, a good client was served")
    @row("B§6: a large head that its peer does not take ends its request while memory is short")
    def test_answers(self):
        allow_many_descriptors()
        # 65 KB in the proxy, 109 KB on their way to the client.
        head = b"HTTP/1.1 200 OK\nContent-Length: 100000000\n" + b"a:\n" * 21_700 + b"\n"
        network = self.enter(Namespace())
        # The kernel buffers little of what comes in small pieces.
        network.run("ip", "link", "set", "lo", "mtu", "1500")

        def serve(connection):
            connection.read_request()
            connection.send(head)
            connection.recv_all()

        with network.inside():
            origin = self.enter(Origin(serve))
            proxy = self.enter(Proxy({"PROXY_THREADS": "2"}, prefix=network.prefix + LITTLE_MEMORY))
            ask = f"GET {origin.url()} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
            sockets = []
            self.addCleanup(close_all, sockets)
            for _ in range(1700):
                sock = socket.socket()
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                sock.settimeout(PATIENCE)
                sock.connect(("127.0.0.1", proxy.port))
                sock.sendall(ask)
                sockets.append(sock)
                time.sleep(0.01)  # as many as can be parsed meanwhile
                self.assertTrue(proxy.is_running())
            cut = [line for line in proxy.access_lines() if line.get("reason") == "kept_input"]
            print(f"  {Vitals(proxy).resident() >> 20} MB resident, {len(cut)} were cut")
            self.assertTrue(cut, "all of them were kept")
            close_all(sockets)
            wait_until(lambda: proxy.get("/health").status == 200, timeout=PATIENCE,
                       what="a good client")
