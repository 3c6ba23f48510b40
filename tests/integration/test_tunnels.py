# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""CONNECT: what enters at one end leaves at the other, including the end of the stream."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest

from helpers_access import WITH_AUTH
from helpers_tunnel import BlackHole, HeldOrigin, fill
from sami_support import (Proxy, RowCase, WAIT, bulk, closed_port, memory_kib, row, uses_qt_sockets,
                          wait_until)

ENDLESS = {"PROXY_TIMEOUT_MS": "60000"}


class TunnelCase(RowCase):
    settings = ENDLESS

    def setUp(self):
        self.origin = self.enter(HeldOrigin())
        self.proxy = self.enter(Proxy(self.settings))

    def tunnel(self, **options):
        """(client end, origin end)"""
        client = self.proxy.client(**options)
        client.connect_tunnel("127.0.0.1", self.origin.port)
        return client, self.origin.take()

    def closing_line(self):
        return self.proxy.wait_for_access(1, lambda line: line.get("method") == "CONNECT")[0]


class Asking(TunnelCase):
    @row("S§9.3.6: the 200 of a CONNECT has neither Content-Length nor Transfer-Encoding")
    def test_head(self):
        client = self.proxy.client()
        response = client.connect_tunnel("127.0.0.1", self.origin.port)
        for name in ("Content-Length", "Transfer-Encoding", "Connection"):
            self.assertFalse(response.has(name), name)

    def test_bad_targets(self):
        for sentence, target in (
            ("S§9.3.6: a CONNECT without a port gets 400", "example.com"),
            ("S§9.3.6: a CONNECT with an empty port gets 400", "example.com:"),
            ("S§9.3.6: a CONNECT to port 0 gets 400", "example.com:0"),
            ("S§9.3.6: a CONNECT to port 65536 gets 400", "example.com:65536"),
            ("S§9.3.6: a CONNECT to a port of many digits gets 400", "example.com:4294967739"),
            ("S§9.3.6: a CONNECT to a port with a sign gets 400", "example.com:+443"),
            ("S§9.3.6: a CONNECT to a named port gets 400", "example.com:https"),
            ("S§9.3.6: a CONNECT without a host gets 400", ":443"),
            ("S§9.3.6: a CONNECT to an address in absolute-form gets 400", "http://example.com:443"),
            ("S§9.3.6: a CONNECT to a path gets 400", "/health"),
            ("S§9.3.6: a CONNECT with userinfo gets 400", "user@example.com:443"),
            ("S§9.3.6: a CONNECT with a path behind the port gets 400", "example.com:443/"),
            ("S§9.3.6: a CONNECT to a bare IPv6 address gets 400", "::1:443"),
            ("S§9.3.6: a CONNECT to a bracket left open gets 400", "[::1:443"),
            ("S§9.3.6: a CONNECT to nonsense in brackets gets 400", "[nonsense]:443"),
            ("S§9.3.6: a CONNECT to an asterisk gets 400", "*"),
        ):
            with self.row(sentence):
                response = self.proxy.get(target, "Host: x", method="CONNECT")
                self.assertEqual(response.status, 400, response)
                self.assertTrue(response.has("Proxy-Status"))
        self.assertEqual(self.origin.connections, [])

    def test_hints(self):
        for sentence, method, target, hint in (
            ("B§7: a CONNECT to an IPv6 address without brackets is shown them",
             "CONNECT", "::1:443", "\"[::1]:443\""),
            ("B§7: so it is without a port", "CONNECT", "2001:db8::7", "\"[::1]:443\""),
            ("B§7: a CONNECT without a port is told to add it",
             "CONNECT", "secret.example", "Add the port: \"host:443\""),
            ("B§7: a CONNECT to an IPv6 address in brackets without a port too",
             "CONNECT", "[2001:db8::7]", "Add the port: \"host:443\""),
            ("B§7: a CONNECT to a URL is told what to leave out",
             "CONNECT", "https://secret.example", "without \"https://\""),
            ("B§7: a CONNECT to a path is told so too",
             "CONNECT", "secret.example:443/", "without \"https://\""),
            ("B§7: a CONNECT to port 0 is told which there are",
             "CONNECT", "secret.example:0", "from 1 to 65535"),
            ("B§7: a GET to an IPv6 address without brackets is shown them",
             "GET", "http://2001:db8::7:8080/secret", "\"http://[::1]/path\""),
        ):
            with self.row(sentence):
                response = self.proxy.get(target, "Host: x", method=method)
                self.assertEqual(response.status, 400)
                self.assertIn(hint, response.body.decode())
                for echo in ("secret", "2001:db8"):
                    self.assertNotIn(echo, response.body.decode())

    @row("S§9.3.6: a CONNECT to an IPv6 address in brackets works")
    def test_ipv6(self):
        with HeldOrigin(host="::1") as origin, Proxy({"ALLOW_PRIVATE_TARGETS": "::1"}) as proxy:
            client = proxy.client()
            client.connect_tunnel("[::1]", origin.port)
            client.send(b"ping")
            self.assertEqual(origin.take().recv_exactly(4), b"ping")

    @row("B§4: the Host of a CONNECT may differ from its target")
    def test_other_host(self):
        client = self.proxy.client()
        client.connect_tunnel("127.0.0.1", self.origin.port, "Host: proxy.example:8080")

    @row("B§4: a CONNECT of HTTP/1.0 is served too")
    def test_http10(self):
        client = self.proxy.client()
        client.request("CONNECT", self.origin.authority, version="1.0")
        self.assertEqual(client.read_response("CONNECT").status, 200)
        client.send(b"ping")
        self.assertEqual(self.origin.take().recv_exactly(4), b"ping")

    @row("B§6: a CONNECT behind other requests of a keep-alive connection becomes a tunnel")
    def test_after_requests(self):
        client = self.proxy.client()
        client.request("GET", "/health")
        self.assertEqual(client.read_response().status, 200)
        client.connect_tunnel("127.0.0.1", self.origin.port)
        client.send(b"ping")
        self.assertEqual(self.origin.take().recv_exactly(4), b"ping")


class Failing(TunnelCase):
    @row("B§7: a refused CONNECT gets 502 and ends the connection")
    def test_refused(self):
        client = self.proxy.client()
        client.request("CONNECT", f"127.0.0.1:{closed_port()}")
        response = client.read_response()
        self.assertEqual(response.status, 502)
        self.assertIn("connection_refused", response.value("Proxy-Status"))
        self.assertEqual(response.value("Connection"), "close")
        client.expects_eof()

    @row("B§7: octets that follow a refused CONNECT later are never read as a request")
    def test_late_bytes(self):
        smuggled = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        targets = {"a port that is not listed": ("127.0.0.1:25", 403),
                   "a private address": ("10.0.0.1:443", 403),
                   "a port where nobody listens": (f"127.0.0.1:{closed_port()}", 502)}
        for name, (target, status) in targets.items():
            with self.subTest(name), self.proxy.client() as client:
                client.request("CONNECT", target)
                self.assertEqual(client.read_response().status, status)
                client.send(smuggled)
                client.expects_end()

    @row("B§7: octets behind a CONNECT that fails are never read as a request")
    def test_early_bytes(self):
        # A tunnel's payload that looks like a request would be answered if it were parsed.
        smuggled = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        for field in ((), ("Connection: keep-alive",)):
            with self.proxy.client() as client:
                client.request("CONNECT", f"127.0.0.1:{closed_port()}", *field, body=smuggled)
                response = client.read_response()
                self.assertEqual((response.status, response.value("Connection")), (502, "close"))
                client.expects_eof()

    @row("B§7: octets behind a CONNECT that is not authenticated are never read as a request")
    def test_early_bytes_unauthenticated(self):
        smuggled = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        with Proxy(WITH_AUTH) as proxy, proxy.client() as client:
            client.request("CONNECT", self.origin.authority, body=smuggled)
            response = client.read_response()
            self.assertEqual((response.status, response.value("Connection")), (407, "close"))
            client.expects_eof()

    @row("B§6: a connection attempt that gets no answer ends with 504 after the connect timeout")
    def test_dial_timeout(self):
        with BlackHole() as hole, Proxy({"PROXY_CONNECT_TIMEOUT_MS": "300"}) as proxy:
            with proxy.client() as client:
                client.request("CONNECT", f"127.0.0.1:{hole.port}")
                self.assertEqual(client.read_response().status, 504)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["by"], line["how"], line["status"]),
                             ("proxy", "timeout:dial", 504))

    def test_vanished(self):
        for sentence, leave, how in (
            ("B§6: a client that closes while its tunnel is dialled ends the dial", "close", "fin"),
            ("B§6: a client that resets while its tunnel is dialled ends the dial", "reset", "reset"),
        ):
            with self.row(sentence), BlackHole() as hole, Proxy({"LOG_LEVEL": "debug"}) as proxy:
                client = proxy.client()
                client.request("CONNECT", f"127.0.0.1:{hole.port}")
                proxy.wait_for_log(lambda line: line.get("to") == "dial")
                getattr(client, leave)()
                line = proxy.wait_for_access(1)[0]
                self.assertEqual(line["by"], "client")
                if not uses_qt_sockets():  # they report a reset as an end
                    self.assertEqual(line["how"], how)
                self.assertEqual(proxy.get("/health").status, 200)


class Carrying(TunnelCase):
    @row("B§6: a reader that is slow behind full buffers is not taken for silent")
    def test_slow_reader(self):
        with Proxy({"PROXY_TIMEOUT_MS": 1000}) as proxy:
            client = proxy.client(receive_buffer=65536)
            client.connect_tunnel("127.0.0.1", self.origin.port)
            end = self.origin.take()
            bulk = bytes(12 << 20)
            sender = threading.Thread(target=end.send, args=(bulk,), daemon=True)
            sender.start()
            until, received = time.monotonic() + 4, 0
            while time.monotonic() < until:
                received += len(client.recv_exactly(50_000))
                time.sleep(0.2)
            self.assertEqual(len(client.recv_exactly(len(bulk) - received)), len(bulk) - received)
            sender.join()

    @row("B§6: RST passes as RST behind bulk too", needs_reset=True)
    def test_reset_behind_bulk(self):
        bulk = bytes(4 << 20)
        for resets_client in (False, True):
            with self.subTest("client" if resets_client else "origin"), \
                    self.proxy.client() as client:
                client.connect_tunnel("127.0.0.1", self.origin.port)
                end = self.origin.take()
                one, other = (client, end) if resets_client else (end, client)
                sender = threading.Thread(target=one.send, args=(bulk,), daemon=True)
                sender.start()
                self.assertEqual(other.recv_exactly(len(bulk)), bulk)
                sender.join()
                one.reset()
                other.expects_reset()

    @row("B§6: octets that come with the CONNECT belong to the upstream")
    def test_early_bytes(self):
        early = b"\x16\x03\x01\x02\x00GET / HTTP/1.1\r\n\r\n" + bytes(range(256)) * 100
        client = self.proxy.client()
        client.request("CONNECT", self.origin.authority, body=early)
        self.assertEqual(client.read_response("CONNECT").status, 200)
        client.send(b"and more")
        self.assertEqual(self.origin.take().recv_exactly(len(early) + 8), early + b"and more")

    @row("B§6: the server may speak first")
    def test_server_first(self):
        client = self.proxy.client()
        client.connect_tunnel("127.0.0.1", self.origin.port)
        self.origin.take().send(b"220 ready\r\n")
        self.assertEqual(client.recv_until(b"\r\n"), b"220 ready\r\n")

    @row("B§6: a single octet passes at once, in both directions")
    def test_single_octets(self):
        client, origin = self.tunnel()
        for number in range(200):
            client.send(bytes([number]))
            self.assertEqual(origin.recv_exactly(1), bytes([number]))
            origin.send(bytes([255 - number]))
            self.assertEqual(client.recv_exactly(1), bytes([255 - number]))

    @row("B§6: megabytes in both directions at once arrive whole and in order")
    def test_duplex(self):
        client, origin = self.tunnel()
        up, down = os.urandom(6 << 20), os.urandom(6 << 20)
        got = {}

        def read(name, end, size):
            got[name] = hashlib.sha256(end.recv_exactly(size)).digest()

        threads = [threading.Thread(target=read, args=("up", origin, len(up))),
                   threading.Thread(target=read, args=("down", client, len(down))),
                   threading.Thread(target=client.send, args=(up,)),
                   threading.Thread(target=origin.send, args=(down,))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(4 * WAIT)
        self.assertEqual(got, {"up": hashlib.sha256(up).digest(),
                               "down": hashlib.sha256(down).digest()})
        client.close()
        origin.close()
        line = self.closing_line()
        self.assertEqual((line["up"], line["down"]), (len(up), len(down)))


class BackPressure(TunnelCase):
    settings = {**ENDLESS, **bulk.FREES_AT_ONCE}

    @row("B§6: a sender is held back by a reader that stops, and the proxy's memory stays bounded")
    def test_back_pressure_down(self):
        self.back_pressure(*self.tunnel(receive_buffer=65536))

    @row("B§6: back-pressure works upwards too")
    def test_back_pressure_up(self):
        with HeldOrigin(receive_buffer=65536) as slow:
            client = self.proxy.client()
            client.connect_tunnel("127.0.0.1", slow.port)
            self.back_pressure(slow.take(), client)

    def back_pressure(self, reader, sender):
        offered = 50 << 20
        before = memory_kib(self.proxy.pid)
        sent = fill(sender.socket, offered)
        self.assertLess(sent, offered, "everything was taken from the sender")
        self.assertLess(memory_kib(self.proxy.pid) - before, 8 << 10)
        # The reader continues: nothing was lost on the way.
        rest = threading.Thread(target=sender.send, args=(bytes(offered - sent),))
        rest.start()
        left = offered
        while left:
            left -= len(reader.recv_some())
        rest.join(WAIT)
        self.assertLess(memory_kib(self.proxy.pid) - before, 8 << 10)

    @row("B§6: a tunnel that is stuck delays no other one")
    def test_stuck_neighbour(self):
        with Proxy({**ENDLESS, "PROXY_THREADS": "1"}) as self.proxy:
            _, sender = self.tunnel(receive_buffer=4096)
            fill(sender.socket, 50 << 20)
            client, origin = self.tunnel()
            client.send(b"ping")
            self.assertEqual(origin.recv_exactly(4), b"ping")


class Ending(TunnelCase):
    @row("B§6: the client's FIN is passed on and the server may still answer", needs_half_close=True)
    def test_half_close_client(self):
        client, origin = self.tunnel()
        client.send(b"that is all")
        client.half_close()
        self.assertEqual(origin.recv_all(), (b"that is all", "fin"))
        origin.send(b"answer" * 100000)
        origin.half_close()
        self.assertEqual(client.recv_all(), (b"answer" * 100000, "fin"))
        line = self.closing_line()
        self.assertEqual((line["by"], line["how"], line["status"]), ("client", "fin", 200))

    @row("B§6: the server's FIN is passed on and the client may still send", needs_half_close=True)
    def test_half_close_upstream(self):
        client, origin = self.tunnel()
        origin.send(b"goodbye")
        origin.half_close()
        self.assertEqual(client.recv_all(), (b"goodbye", "fin"))
        client.send(b"one more thing" * 100000)
        client.half_close()
        self.assertEqual(origin.recv_all(), (b"one more thing" * 100000, "fin"))
        line = self.closing_line()
        self.assertEqual((line["by"], line["how"]), ("upstream", "fin"))

    @row("B§6: a FIN behind the early octets of a CONNECT is passed on", needs_half_close=True)
    def test_half_close_at_once(self):
        client = self.proxy.client()
        client.connect_tunnel("127.0.0.1", self.origin.port)
        client.half_close()
        origin = self.origin.take()
        origin.expects_eof()
        origin.send(b"still here")
        origin.close()
        self.assertEqual(client.recv_all(), (b"still here", "fin"))

    @row("B§6: a reset of the server reaches the client as a reset", needs_reset=True)
    def test_reset_upstream(self):
        client, origin = self.tunnel()
        client.send(b"x")
        origin.recv_exactly(1)
        origin.reset()
        client.expects_reset()
        line = self.closing_line()
        self.assertEqual((line["by"], line["how"]), ("upstream", "reset"))

    @row("B§6: a reset of the client reaches the server as a reset", needs_reset=True)
    def test_reset_client(self):
        client, origin = self.tunnel()
        origin.send(b"x")
        client.recv_exactly(1)
        client.reset()
        origin.expects_reset()
        line = self.closing_line()
        self.assertEqual((line["by"], line["how"]), ("client", "reset"))

    @row("B§6: a reset after a half-close still reaches the other side", needs_reset=True)
    def test_reset_after_half_close(self):
        client, origin = self.tunnel()
        client.half_close()
        origin.expects_eof()
        origin.reset()
        client.expects_reset()

    @row("B§5: 4 MB and a FIN are delivered whole to a client that reads late")
    def test_fin_behind_data(self):
        client, origin = self.tunnel(receive_buffer=4096)
        data = os.urandom(4 << 20)
        done = threading.Event()

        def send():
            origin.send(data)
            origin.half_close()
            done.set()

        sender = threading.Thread(target=send)
        sender.start()
        received = bytearray()
        while len(received) < len(data):
            received += client.recv_exactly(min(4096, len(data) - len(received)))
        sender.join(WAIT)
        self.assertTrue(done.is_set())
        self.assertEqual(bytes(received), data)
        client.expects_eof()

    @row("B§5: 1 MB and a close are delivered whole to a server that reads late")
    def test_close_behind_data(self):
        with HeldOrigin(receive_buffer=4096) as slow:
            client = self.proxy.client()
            client.connect_tunnel("127.0.0.1", slow.port)
            data = os.urandom(1 << 20)
            sender = threading.Thread(target=lambda: (client.send(data), client.close()))
            sender.start()
            origin = slow.take()
            self.assertEqual(origin.recv_all(), (data, "fin"))
            sender.join(WAIT)

    @row("S§9.3.6: nothing of the proxy's own is written into a tunnel that stands")
    def test_nothing_added(self):
        # Each way for a tunnel to end was once an opportunity to write "HTTP/1.1 502" into it.
        for name in ("half_close", "reset", "close"):
            with self.subTest(name):
                client, origin = self.tunnel()
                origin.send(b"only this")
                self.assertEqual(client.recv_exactly(9), b"only this")
                getattr(origin, name)()
                self.assertEqual(client.expects_end(), b"")
                client, origin = self.tunnel()
                client.send(b"only this")
                self.assertEqual(origin.recv_exactly(9), b"only this")
                getattr(client, name)()
                self.assertEqual(origin.expects_end(), b"")

    @row("S§9.3.6: nothing is written into a tunnel that the proxy itself cuts")
    def test_nothing_added_at_exit(self):
        client, origin = self.tunnel()
        client.send(b"x")
        origin.recv_exactly(1)
        self.proxy.signal(signal.SIGTERM)
        self.proxy.wait_for_log(lambda line: line.get("message", "").startswith("stopping"))
        self.proxy.signal(signal.SIGTERM)
        self.assertEqual(client.expects_end(), b"")
        self.assertEqual(origin.expects_end(), b"")


class Silence(TunnelCase):
    settings = {"PROXY_TIMEOUT_MS": "1000"}

    @row("B§6: a tunnel silent in both directions for PROXY_TIMEOUT_MS is closed, and the log says so")
    def test_silent(self):
        client, origin = self.tunnel()
        self.assertEqual(client.expects_end(), b"")
        self.assertEqual(origin.expects_end(), b"")
        line = self.closing_line()
        self.assertEqual((line["by"], line["how"], line["status"]),
                         ("proxy", "timeout:silence", 200))
        self.assertGreaterEqual(line["silence"], 1000)
        self.assertGreaterEqual(line["duration"], 1000)

    def test_trickle(self):
        for sentence, from_client in (
            ("B§6: a trickle from the server outlives the silence timeout", False),
            ("B§6: a trickle from the client outlives the silence timeout", True),
        ):
            with self.row(sentence):
                client, origin = self.tunnel()
                source, sink = (client, origin) if from_client else (origin, client)
                pace = threading.Event()  # the trickle itself, not a wait for an event
                for _ in range(4):
                    source.send(b".")
                    self.assertEqual(sink.recv_exactly(1), b".")
                    pace.wait(0.4)
                sink.send(b"alive")
                self.assertEqual(source.recv_exactly(5), b"alive")
                client.close()

    @row("B§6: a half-closed tunnel that is silent is closed too", needs_half_close=True)
    def test_half_closed(self):
        client, origin = self.tunnel()
        client.half_close()
        origin.expects_eof()
        client.expects_end()
        self.assertEqual(self.closing_line()["how"], "timeout:silence")


@unittest.skipUnless(shutil.which("ss"), "ss (iproute2) is not installed")
class Keepalive(RowCase):
    def timers(self, origin, proxy):
        """The timers of the proxy's sockets to the client and to the origin."""
        done = subprocess.run(["ss", "-Htno", "state", "established"], check=True,
                              capture_output=True, text=True)
        towards_client = towards_origin = None
        for line in done.stdout.splitlines():
            _, _, local, peer, *rest = line.split()
            if local.endswith(f":{proxy.port}"):
                towards_client = " ".join(rest)
            elif peer.endswith(f":{origin.port}"):
                towards_origin = " ".join(rest)
        return towards_client, towards_origin

    @row("B§1: TCP keepalive probes both legs of a silent tunnel after PROXY_TCP_KEEPALIVE_S")
    def test_on(self):
        with HeldOrigin() as origin, Proxy({"PROXY_TCP_KEEPALIVE_S": "30"}) as proxy:
            client = proxy.client()
            client.connect_tunnel("127.0.0.1", origin.port)
            origin.take()
            for timer in wait_until(lambda: all(t and "keepalive" in t for t in
                                                self.timers(origin, proxy))
                                    and self.timers(origin, proxy), what="the keepalive timers"):
                seconds = re.search(r"keepalive,([0-9.]+)sec", timer)
                self.assertTrue(seconds, timer)
                self.assertIn(int(float(seconds[1])), range(20, 31))

    @row("B§1: PROXY_TCP_KEEPALIVE_S=0 turns the probes off")
    def test_off(self):
        with HeldOrigin() as origin, Proxy({"PROXY_TCP_KEEPALIVE_S": "0"}) as proxy:
            client = proxy.client()
            client.connect_tunnel("127.0.0.1", origin.port)
            origin.take()
            for timer in self.timers(origin, proxy):
                self.assertNotIn("keepalive", timer)


if __name__ == "__main__":
    unittest.main()
