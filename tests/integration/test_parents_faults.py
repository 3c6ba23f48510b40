# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Parents that fail, lie or are impostors: who is asked for what, and what is never sent."""

import signal
import socket
import threading
import time
import unittest

from helpers_parents import (ENCODED, ESTABLISHED, LOCKED, PASSWORD, ParentCase,
                             ScriptedParent)
from helpers_tunnel import BlackHole, HeldOrigin
from sami_support import answer, closed_port, row, wait_until

OTHER_PIN = "A" * 42 + "A"


class Failing(ParentCase):
    def through_second(self, first_url, within=None, **settings):
        """A tunnel through the second of two parents; returns how long it took."""
        second = self.parent()
        desk = self.desk(first_url, second.url(name="second"), **settings)
        began = time.monotonic()
        with desk.client() as client:
            self.assertEqual(client.connect_tunnel("api.example.com", 443).status, 200)
        took = time.monotonic() - began
        self.assertEqual(self.line(desk)["route"], "second")
        if within:
            self.assertLess(took, within)
        return desk

    @row("B§14: the next parent is asked after one that fails by its own fault")
    def test_faults(self):
        for what, octets in (("garbage", b"SSH-2.0-OpenSSH\r\n"),
                             ("a redirect", b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"),
                             ("busy", b"HTTP/1.1 503 Service Unavailable\r\n\r\n"),
                             ("asked too often", b"HTTP/1.1 429 x\r\n\r\n"),
                             ("interim answers without an end",
                              b"HTTP/1.1 100 Continue\r\n\r\n" * 10000),
                             ("a head without an end", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000000),
                             ("fields without an end",
                              b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100000)):
            with self.subTest(what):
                first = self.parent(octets)
                self.through_second(first.url(name="first"), within=5)
                self.assertEqual(len(first.heads), 1)

    @row("B§14: and after one that cannot be reached, in time")
    def test_unreachable(self):
        self.through_second(f"http://127.0.0.1:{closed_port()}", within=3)
        hole = self.enter(BlackHole())
        self.through_second(f"http://127.0.0.1:{hole.port}", within=5,
                            PROXY_CONNECT_TIMEOUT_MS="7000")

    @row("B§14: and after one that says nothing, within a third of the time")
    def test_silent(self):
        silent = self.parent(b"")
        self.through_second(silent.url(name="first"), within=5, PROXY_CONNECT_TIMEOUT_MS="7000")

    @row("B§14: what a client sends reaches one parent alone, whatever becomes of that")
    def test_post(self):
        def serve(connection, _):
            connection.sendall(ESTABLISHED)
            got.append(connection.recv(65536))
            connection.close()
        got = []
        first, second = self.parent(serve=serve), self.parent()
        desk = self.desk(first.url(name="first"), second.url(name="second"))
        response = desk.get("http://api.example.com/v1", method="POST", body=b"order")
        self.assertEqual(response.status, 502)
        self.assertEqual(len(got), 1)
        self.assertEqual(second.heads, [])
        self.assertEqual(self.line(desk)["route"], "first")


class SlowParent(ScriptedParent):
    """Its handshakes wait: each for `gate(number)`, which says when it may begin."""

    def __init__(self, gate, **options):
        self._gate = gate
        super().__init__(**options)

    def _take(self, connection):
        self._gate(len(self.connections))
        try:
            super()._take(connection)
        except OSError:
            pass  # the test is over


class Burst(ParentCase):
    AT_ONCE = 64  # route::SetupTurns
    WARM = 2  # route::WarmConnections, beside them

    @row("B§14: so many connections to a parent are set up at once, the other journeys wait")
    def test_burst(self):
        opened = threading.Event()
        context, pin = self.tls_context()
        first = self.enter(SlowParent(lambda _: opened.wait(30), tls=context))
        desk = self.desk(first.url("https", pin=pin, name="first"), PROXY_THREADS="1",
                         MAX_CONNECTIONS_PER_IP="0")
        clients = [self.enter(desk.client()) for _ in range(self.AT_ONCE + 20)]
        for client in clients:
            client.send(b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n")
        wait_until(lambda: len(first.connections) >= self.AT_ONCE)
        time.sleep(0.3)  # for those that do not come
        self.assertLessEqual(len(first.connections), self.AT_ONCE + self.WARM)
        opened.set()
        for client in clients:
            self.assertEqual(client.read_response("CONNECT").status, 200)

    @row("B§14: a stop waits for nobody in line")
    def test_stop_in_line(self):
        opened = threading.Event()
        self.addCleanup(opened.set)
        context, pin = self.tls_context()
        first = self.enter(SlowParent(lambda _: opened.wait(30), tls=context))
        desk = self.desk(first.url("https", pin=pin), PROXY_THREADS="1", MAX_CONNECTIONS_PER_IP="0")
        for _ in range(self.AT_ONCE + 20):
            client = self.enter(desk.client())
            client.send(b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n")
        wait_until(lambda: len(first.connections) >= self.AT_ONCE)
        desk.signal(signal.SIGTERM)
        desk.wait_for_log(lambda line: line.get("message", "").startswith("stopping"))
        desk.signal(signal.SIGTERM)
        self.assertEqual(desk.wait_exit(), 0)

    @row("B§14: a parent that answers others while one handshake is late does not rest")
    def test_late_one(self):
        opened = threading.Event()
        context, pin = self.tls_context()
        first = self.enter(SlowParent(lambda number: number > 1 or opened.wait(30), tls=context))
        self.addCleanup(opened.set)
        context, pin_of_second = self.tls_context("second")
        second = self.parent(tls=context)
        desk = self.desk(first.url("https", pin=pin, name="first"),
                         second.url("https", pin=pin_of_second, name="second"),
                         PROXY_CONNECT_TIMEOUT_MS="6000")
        with desk.client() as late, desk.client() as other:
            late.send(b"CONNECT late.example.com:443 HTTP/1.1\r\nHost: late.example.com:443\r\n\r\n")
            wait_until(lambda: first.connections)
            self.assertEqual(other.connect_tunnel("api.example.com", 443).status, 200)
            self.assertEqual(late.read_response("CONNECT").status, 200)
        self.assertEqual(self.line(desk, lambda line: "late" in line["target"])["route"], "second")
        with desk.client() as later:
            self.assertEqual(later.connect_tunnel("later.example.com", 443).status, 200)
        self.assertEqual(self.line(desk, lambda line: "later." in line["target"])["route"], "first")


class Trust(ParentCase):
    @row("B§14: a wrong pin: nothing is sent, nothing weaker is asked, and the line says why")
    def test_wrong_pin(self):
        seen = []

        def serve(connection, head):
            seen.append(head)
        context, pin = self.tls_context()
        first = self.parent(serve=serve, tls=context)
        weaker = self.parent()
        desk = self.desk(first.url("https", user=ENCODED, pin=OTHER_PIN, name="first"),
                         weaker.url(name="weaker"), "direct")
        origin = self.enter(HeldOrigin())
        for _ in range(2):
            with desk.client() as client:
                client.request("CONNECT", f"127.0.0.1:{origin.port}")
                response = client.read_response("CONNECT")
            self.assertEqual((response.status, response.reason),
                             (502, "The parent proxy's key is not the pinned one"))
            self.assertIn(pin.encode(), response.body)
        lines = desk.wait_for_access(2)
        self.assertEqual({(line["reason"], line["route"]) for line in lines},
                         {("parent_pin", "first")})
        self.assertEqual((seen, first.heads, weaker.heads), ([], [], []))
        self.assertTrue(origin.accepted.empty())
        self.assertNotIn(PASSWORD, desk.log_text())

    @row("B§14: nor is anything weaker asked after a handshake that is cut or gets no answer")
    def test_handshake_without_end(self):
        for is_cut in (True, False):
            with self.subTest("cut" if is_cut else "unanswered"):
                first, origin = self.enter(HeldOrigin()), self.enter(HeldOrigin())
                weaker = self.parent()
                desk = self.desk(f"https://127.0.0.1:{first.port}?pin={OTHER_PIN}&name=first",
                                 weaker.url(name="weaker"), "direct",
                                 PROXY_CONNECT_TIMEOUT_MS="7000")
                with desk.client() as client:
                    client.request("CONNECT", f"127.0.0.1:{origin.port}")
                    if is_cut:
                        connection = first.take()
                        connection.recv_exactly(1)  # what is cut before is no handshake
                        connection.reset()
                    self.assertEqual(client.read_response("CONNECT").status, 502)
                self.assertEqual(weaker.heads, [])
                self.assertTrue(origin.accepted.empty())

    @row("B§14: after a wrong pin another parent over TLS is asked")
    def test_another_tls(self):
        context, pin = self.tls_context()
        first, second = self.parent(tls=context), self.parent(tls=context)
        desk = self.desk(first.url("https", pin=OTHER_PIN, name="first"),
                         second.url("https", pin=pin, name="second"))
        with desk.client() as client:
            self.assertEqual(client.connect_tunnel("api.example.com", 443).status, 200)
        self.assertEqual(self.line(desk)["route"], "second")

    @row("B§14: a pin stands for dates, name and chain")
    def test_expired(self):
        context, pin = self.tls_context("elsewhere.example", expired=True)
        parent = self.parent(tls=context)
        desk = self.desk(parent.url("https", pin=pin))
        with desk.client() as client:
            self.assertEqual(client.connect_tunnel("api.example.com", 443).status, 200)

    @row("B§14: without a pin they count, and the password is not sent")
    def test_untrusted(self):
        context, _ = self.tls_context("elsewhere.example", expired=True)
        parent = self.parent(tls=context)
        desk = self.desk(parent.url("https", user=ENCODED, name="first"))
        with desk.client() as client:
            client.request("CONNECT", "api.example.com:443")
            response = client.read_response("CONNECT")
        self.assertEqual(response.status, 502)
        self.assertIn(b"The certificate has expired", response.body)
        self.assertEqual(parent.heads, [])


class Running(ParentCase):
    @row("B§14: a parent over TLS that is killed amid a stream: the end is seen, and has its reason")
    def test_killed(self):
        server, pin = self.server()
        held = self.enter(HeldOrigin())
        desk = self.desk(f"https://127.0.0.1:{server.port}?pin={pin}&name=home")
        client = desk.client()
        client.connect_tunnel("127.0.0.1", held.port)
        end = held.take()
        end.send(b"some")
        self.assertEqual(client.recv_exactly(4), b"some")
        server.signal(signal.SIGKILL)
        client.expects_reset()
        line = self.line(desk)
        self.assertEqual((line["by"], line["route"], line["reason"]),
                         ("upstream", "home", "parent_lost"))
        server._check_exit = False

    @row("B§14: what runs is never moved when another parent is preferred")
    def test_not_moved(self):
        first = self.parent()
        second = self.parent()
        desk = self.desk(first.url(name="first"), second.url(name="second"))
        client = desk.client()
        client.connect_tunnel("api.example.com", 443)
        first._octets = b"HTTP/1.1 503 x\r\n\r\n"
        with desk.client() as other:
            self.assertEqual(other.connect_tunnel("api.example.com", 443).status, 200)
        client.send(b"still here")
        deadline = time.monotonic() + 5
        while not first.sent_up and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(first.sent_up, [b"still here"])
        client.close()
        lines = desk.wait_for_access(2)
        self.assertEqual({line["route"] for line in lines}, {"first", "second"})


if __name__ == "__main__":
    unittest.main()
