# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""PROXY_PROXY_PROTOCOL_FROM: the header names the client, but only if a balancer sends it."""

import os
import signal
import tempfile
import time

from helpers_access import WITH_AUTH, basic
from helpers_balancer import (BalancerCase, IPV4, LOCAL, PROXIED, binary, extension, line, raw,
                              with_checksum)
from helpers_command import run_daemon
from helpers_tunnel import HeldOrigin
from sami_support import Proxy, RawClient, row, wait_until

CLIENT = "203.0.113.7"


class Headers(BalancerCase):
    @row("B§13: after a header of either version the client is the one that it names")
    def test_versions(self):
        proxy = self.proxy()
        for number, (header, client) in enumerate((
                (line(), CLIENT),
                (line("2001:db8::7"), "2001:db8::7"),
                (line("::ffff:203.0.113.9"), "203.0.113.9"),
                (binary("203.0.113.8"), "203.0.113.8"),
                (binary("2001:db8::8"), "2001:db8::8"),
                (binary("::ffff:203.0.113.10"), "203.0.113.10"),
                (binary("203.0.113.11", extensions=extension(1, b"h2") + extension(4, bytes(400))),
                 "203.0.113.11"),
                (with_checksum("203.0.113.12"), "203.0.113.12"))):
            with self.subTest(header=header[:24]):
                self.assertEqual(self.ask(proxy, header).status, 200)
                access = proxy.wait_for_access(number + 1)[-1]
                self.assertEqual((access["client"], access["via"]), (client, self.sender))

    @row("B§13: a header octet by octet, and one with a request behind it in one packet")
    def test_pieces(self):
        proxy = self.proxy()
        request = f"GET {self.origin.url()} HTTP/1.1\r\nHost: a\r\n\r\n".encode("ascii")
        for header in (line(), binary()):
            client = self.connect(proxy, *(header[i:i + 1] for i in range(len(header))))
            client.send(request)
            self.assertEqual(client.read_response().status, 200)
            client = self.connect(proxy, header + request + request)
            self.assertEqual([client.read_response().status for _ in range(2)], [200, 200])

    @row("B§13: a tunnel behind a header carries what comes after CONNECT and nothing else")
    def test_tunnel(self):
        proxy = self.proxy()
        origin = self.enter(HeldOrigin())
        client = self.connect(proxy, binary() + f"CONNECT 127.0.0.1:{origin.port} HTTP/1.1\r\n"
                              f"Host: a\r\n\r\nearly".encode("ascii"))
        self.assertEqual(client.read_response("CONNECT").status, 200)
        end = origin.take()
        self.assertEqual(end.recv_exactly(5), b"early")
        end.send(b"pong")
        self.assertEqual(client.recv_exactly(4), b"pong")
        client.close()
        end.close()
        self.assertEqual(self.last(proxy, method="CONNECT")["client"], CLIENT)

    @row("B§13: a balancer that begins with anything else is not answered: proxy_protocol_missing")
    def test_missing(self):
        proxy = self.proxy()
        before = len(self.origin.requests)
        for number, octets in enumerate((
                f"GET {self.origin.url()} HTTP/1.1\r\nHost: a\r\n\r\n".encode("ascii"),
                b"\x16\x03\x01\x02\x00\x01", b"\x05\x01\x00", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n")):
            with self.subTest(octets=octets):
                client = self.connect(proxy, octets)
                self.assertEqual(client.expects_end(), b"")
                access = proxy.wait_for_access(number + 1)[-1]
                self.assertEqual((access["client"], access["how"], access["reason"]),
                                 (self.sender, "bad_request", "proxy_protocol_missing"))
                self.assertNotIn("status", access)
        self.assertEqual(len(self.origin.requests), before)

    @row("B§13: a malformed header is not answered: proxy_protocol_bad, and the log names the fault")
    def test_bad(self):
        proxy = self.proxy()
        cases = (
            (b"PROXY TCP4 203.0.113.07 198.51.100.1 1 2\r\n", "bad_address"),
            (b"PROXY TCP4 203.0.113.7 198.51.100.1 01 2\r\n", "bad_port"),
            (b"PROXY TCP4 203.0.113.7  198.51.100.1 1 2\r\n", "bad_fields"),
            (b"PROXY UDP4 203.0.113.7 198.51.100.1 1 2\r\n", "unsupported_protocol"),
            (b"PROXY TCP4 203.0.113.7 198.51.100.1 1 2\n", "line_end"),
            (b"PROXY UNKNOWN " + b"x" * 100, "line_too_long"),
            (binary(length=65535), "too_long"),
            (binary(length=11), "addresses_cut"),
            (binary(family=0x12), "unsupported_family"),
            (raw(PROXIED, 0x31, bytes(216)), "unsupported_family"),
            (raw(PROXIED, 0x00), "unsupported_family"),
            (raw(0x22, IPV4, bytes(12)), "unknown_command"),
            (raw(0x11, IPV4, bytes(12)), "unknown_version"),
            (binary(extensions=b"\x04\x00\x09x"), "tlv_cut"),
            (binary(extensions=extension(3, bytes(4))), "wrong_checksum"),
        )
        for number, (octets, fault) in enumerate(cases):
            with self.subTest(fault=fault, octets=octets):
                client = self.connect(proxy, octets)
                self.assertEqual(client.expects_end(), b"")
                self.assertEqual(proxy.wait_for_access(number + 1)[-1]["reason"], "proxy_protocol_bad")
        named = [found["fault"] for found in proxy.log_lines() if "fault" in found]
        self.assertEqual(named, [fault for _, fault in cases])

    @row("B§13: thousands of them take no more of the log than 20 lines a second")
    def test_bounded_log(self):
        proxy = self.proxy()
        began = time.monotonic()
        for _ in range(300):
            client = RawClient(self.sender, proxy.port)
            client.send(b"GET")
            client.expects_end()
            client.close()
        lines = sum(found.get("reason") == "proxy_protocol_missing" for found in proxy.log_lines())
        self.assertLessEqual(lines, 20 * (time.monotonic() - began + 2))
        self.assertLess(lines, 300)

    @row("B§13: from anybody else a header is refused by its name, as it is without the setting")
    def test_anybody_else(self):
        proxy = self.proxy()
        self.assertEqual(proxy.get(self.origin.url()).status, 200)
        for header, name in ((line(), "proxy_protocol_v1"), (binary(), "proxy_protocol_v2")):
            client = self.enter(RawClient("127.0.0.1", proxy.port))
            client.send(header)
            self.assertEqual(client.read_response().status, 400)
            self.assertEqual(self.last(proxy, reason=name)["client"], "127.0.0.1")

    @row("B§13: a second header is refused by its name, whichever the first was")
    def test_two(self):
        proxy = self.proxy()
        for first in (line(), binary()):
            for second, name in ((line("127.0.0.1"), "proxy_protocol_v1"),
                                 (binary("127.0.0.1"), "proxy_protocol_v2")):
                client = self.connect(proxy, first + second)
                self.assertEqual(client.read_response().status, 400)
                self.assertEqual(self.last(proxy, reason=name)["client"], CLIENT)

    @row("B§6: the header has the time of a head from the accept on, however it trickles")
    def test_timeout(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS="600")
        client = self.connect(proxy)
        began = time.monotonic()
        try:
            for octet in binary(extensions=extension(4, bytes(400))):
                client.send(bytes([octet]))
                time.sleep(0.05)
        except OSError:
            pass
        self.assertLess(time.monotonic() - began, 10)
        access = self.last(proxy, reason="proxy_protocol_bad")
        self.assertEqual((access["how"], access["client"]), ("timeout:head", self.sender))

    @row("B§6: a connection without an octet is a probe, and one that ends in its header is not")
    def test_ends(self):
        proxy = self.proxy(LOG_LEVEL="debug")
        self.connect(proxy).close()
        self.assertNotIn("reason", self.last(proxy, how="fin"))
        self.connect(proxy, b"PROXY TCP4 203").close()
        self.assertEqual(self.last(proxy, reason="request_incomplete")["how"], "fin")

    @row("B§6: a reload says anew who is a balancer")
    def test_reload(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sami.ini")

            def write(*lines):
                with open(path, "w", encoding="utf-8") as file:
                    file.write("\n".join(("address = 0.0.0.0", *lines)) + "\n")

            def reload():
                proxy.signal(signal.SIGHUP)
                wait_until(lambda: sum(found.get("message") == "reloaded"
                                       for found in proxy.log_lines()) > reloads,
                           what="the reload")

            write()
            proxy = self.enter(Proxy({"PROXY_ADDRESS": None}, ["--config", path]))
            self.assertEqual(self.ask(proxy, b"").status, 200)
            silent = self.connect(proxy)
            reloads = 0
            write(f"proxy_protocol_from = {self.sender}")
            reload()
            self.assertEqual(self.ask(proxy, line()).status, 200)
            silent.send(line())
            silent.request("GET", self.origin.url())
            self.assertEqual(silent.read_response().status, 200)
            reloads = 1
            write()
            reload()
            self.assertEqual(self.ask(proxy, line()).status, 400)


class Clients(BalancerCase):
    @row("B§2: ALLOWED_IPS is about the client in the header, not about the balancer")
    def test_list(self):
        proxy = self.proxy(ALLOWED_IPS=CLIENT)
        self.assertEqual(self.ask(proxy, line(CLIENT)).status, 200)
        self.assertEqual(self.ask(proxy, line("203.0.113.8")).status, 403)
        proxy = self.proxy(ALLOWED_IPS=self.sender)
        self.assertEqual(self.ask(proxy, line(CLIENT)).status, 403)

    @row("B§2: an address in a header never counts as this machine")
    def test_never_here(self):
        proxy = self.proxy(ALLOWED_IPS="127.0.0.0/8,::1,private", PROXY_PAGES="local")
        for told in ("127.0.0.1", "::1", "::ffff:127.0.0.1", self.sender):
            with self.subTest(told=told):
                self.assertEqual(self.ask(proxy, binary(told)).status, 403)
                self.assertEqual(self.ask(proxy, binary(told), url="/health").status, 403)
        # This machine itself, and a neighbour that connects through the balancer.
        self.assertEqual(proxy.get(self.origin.url()).status, 200)
        self.assertEqual(proxy.get("/health").status, 200)
        self.assertEqual(self.ask(proxy, binary("10.99.98.97")).status, 200)
        self.assertEqual(self.ask(proxy, binary("10.99.98.97"), url="/health").status, 404)

    @row("B§2: wrong passwords are the client's in the header")
    def test_guard(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="2", **WITH_AUTH)
        guesses = [self.ask(proxy, line(CLIENT), basic(password=f"guess {number}")).status
                   for number in range(3)]
        self.assertEqual(guesses, [407, 407, 429])
        self.assertEqual(self.ask(proxy, line("203.0.113.8"), basic()).status, 200)
        self.assertEqual(self.ask(proxy, binary(CLIENT), basic()).status, 429)

    @row("B§2: MAX_CONNECTIONS_PER_IP counts the client in the header; a balancer is no client")
    def test_places(self):
        proxy = self.proxy(MAX_CONNECTIONS_PER_IP="1")
        waiting = [self.connect(proxy) for _ in range(8)]
        held = self.connect(proxy, line(CLIENT))
        held.request("GET", self.origin.url())
        self.assertEqual(held.read_response().status, 200)
        refused = self.ask(proxy, binary(CLIENT))
        self.assertEqual(refused.status, 503)
        self.assertEqual(self.last(proxy, reason="client_full")["client"], CLIENT)
        self.assertEqual(self.ask(proxy, binary("203.0.113.8")).status, 200)
        self.assertEqual(self.ask(proxy, binary(CLIENT), url="/health").status, 200)
        waiting[0].send(line("203.0.113.9"))
        waiting[0].request("GET", self.origin.url())
        self.assertEqual(waiting[0].read_response().status, 200)
        held.close()
        wait_until(lambda: self.ask(proxy, line(CLIENT)).status == 200, what="a free place")

    @row("B§2: whoever is over the limit and heard often enough is turned away when it is named")
    def test_turned_away(self):
        proxy = self.proxy(MAX_CONNECTIONS_PER_IP="1")
        held = [self.connect(proxy, line(CLIENT)) for _ in range(5)]  # served: 1, heard: 4
        wait_until(lambda: self.ask(proxy, line(CLIENT), url="/health").status == 503,
                   what="a client that has no place left")
        request = f"GET {self.origin.url()} HTTP/1.1\r\nHost: a\r\n\r\n".encode("ascii")
        client = self.connect(proxy, binary(CLIENT) + request)
        response = client.read_response()
        self.assertEqual(response.status, 503)
        client.expects_eof()
        access = self.last(proxy, reason="client_full")
        self.assertEqual((access["client"], access["via"]), (CLIENT, self.sender))
        self.assertEqual(self.ask(proxy, line("203.0.113.8")).status, 200)
        for client in held:
            client.close()

    @row("B§2: connections without a header are bounded by the limit of all")
    def test_all_places(self):
        proxy = self.proxy(MAX_CONCURRENT_CONNECTIONS="4")
        waiting = [self.connect(proxy) for _ in range(4)]
        self.assertEqual(self.ask(proxy, line()).status, 503)
        for client in waiting:
            client.close()
        wait_until(lambda: self.ask(proxy, line()).status == 200, what="a free place")


class Checks(BalancerCase):
    HEADERS = (raw(LOCAL, 0x00), raw(LOCAL, 0x00, extension(4, b"padding")),
               binary(CLIENT, command=LOCAL), raw(LOCAL, 0x31, bytes(216)),
               b"PROXY UNKNOWN\r\n", b"PROXY UNKNOWN 203.0.113.7 198.51.100.1 1 2\r\n")

    @row("B§3: a balancer's own connection (LOCAL, UNKNOWN) sees the pages, whatever PROXY_PAGES says")
    def test_pages(self):
        for pages in ("all", "listed", "local"):
            proxy = self.proxy(PROXY_PAGES=pages, ALLOWED_IPS="192.0.2.1", **WITH_AUTH)
            for header in self.HEADERS:
                with self.subTest(pages=pages, header=header[:24]):
                    self.assertEqual(self.ask(proxy, header, url="/health").status, 200)
                    self.assertEqual(self.ask(proxy, header, url="/", method="OPTIONS").status, 200)
            self.assertEqual(proxy.wait_for_access(1)[0]["client"], self.sender)

    @row("B§8: lines that anybody can cause are bounded, and the log says how often one was left out")
    def test_many_bad_headers(self):
        proxy = self.proxy()
        for _ in range(200):
            self.connect(proxy, b"GET / HTTP/1.1\r\n\r\n").expects_end()
        proxy.signal()
        self.assertEqual(proxy.wait_exit(), 0)
        said = [line for line in proxy.log_lines()
                if line.get("message") == "log lines were left out: too many came at once"]
        told = [line for line in proxy.log_lines() if line.get("fault") == "not_a_header"]
        self.assertGreater(len(told), 0)
        self.assertEqual(sum(line["times"] for line in said), 200 - len(told))

    @row("B§3: --healthcheck is answered at an address that a balancer of this machine has too")
    def test_healthcheck(self):
        proxy = self.enter(Proxy({"PROXY_ADDRESS": self.sender, "PROXY_PROXY_PROTOCOL_FROM": self.sender}))
        checked = run_daemon("--healthcheck", PROXY_ADDRESS=self.sender, PROXY_PORT=proxy.port,
                             PROXY_PROXY_PROTOCOL_FROM=self.sender)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    @row("B§2: whatever would be proxied on it is refused by name, with right credentials too")
    def test_refused(self):
        proxy = self.proxy(**WITH_AUTH)
        before = len(self.origin.requests)
        for header in self.HEADERS:
            with self.subTest(header=header[:24]):
                response = self.ask(proxy, header, basic())
                self.assertEqual(response.status, 403)
                self.assertIn(b"header names no client", response.head)
                access = self.last(proxy, reason="client_not_named")
                self.assertEqual((access["how"], access["client"]), ("refused", self.sender))
                self.assertNotIn("via", access)
        client = self.connect(proxy, raw(LOCAL, 0x00))
        client.request("CONNECT", f"127.0.0.1:{self.origin.port}", basic())
        self.assertEqual(client.read_response("CONNECT").status, 403)
        self.assertEqual(len(self.origin.requests), before)
