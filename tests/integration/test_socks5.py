# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""SOCKS5 on the proxy's port: raw bytes, under the same rules and in the same log as CONNECT."""

import os
import signal
import tempfile
import unittest

from helpers_access import PASSWORD, USER, WITH_AUTH, basic
from helpers_socks import (ACCEPTED, CHOSEN_LOCKED, CHOSEN_OPEN, COMMAND, EITHER, EXPIRED, FAILURE,
                           GSSAPI, HOST_UNREACHABLE, LOCKED, NO_METHOD, NOT_ALLOWED, OPEN, REFUSED,
                           REJECTED, SUCCESS, TYPE, ask, pair, reply, to_address, to_name)
from helpers_tunnel import BlackHole, HeldOrigin
from sami_support import Origin, Proxy, RowCase, closed_port, row

RIGHT = pair(USER, PASSWORD)
REFUSAL = {"by": "proxy", "front": "socks5", "tls": "-"}


class SocksCase(RowCase):
    def setUp(self):
        self.origin = self.enter(HeldOrigin())

    def proxy(self, settings=None, **more):
        return self.enter(Proxy({**(settings or {}), **more}))

    def here(self):
        return to_address("127.0.0.1", self.origin.port)

    @staticmethod
    def lines(proxy, count):
        """The first `count` access lines of SOCKS5 clients."""
        return proxy.wait_for_access(count, lambda line: line["front"] == "socks5")

    def conversation(self, proxy, octets, told, pieces=None):
        """Sends everything, and expects exactly `told` and then the end. Returns the access line.
        """
        count = sum(line["front"] == "socks5" for line in proxy.access_lines())
        with proxy.client() as client:
            for at in range(0, len(octets), pieces or len(octets)):
                try:
                    client.send(octets[at:at + (pieces or len(octets))])
                except ConnectionError:
                    break  # already refused
            heard, how = client.recv_all()
        self.assertEqual((bytes(heard), how), (told, "fin"))
        return self.lines(proxy, count + 1)[-1]

    def tunnel(self, proxy, greeting=OPEN, credentials=None, **options):
        """A client with an open tunnel, and the origin's end of it."""
        client = proxy.client(**options)
        self.assertEqual(ask(client, self.here(), greeting, credentials), SUCCESS)
        return client, self.origin.take()


class Tunnels(SocksCase):
    @row("B§10: an IPv4 address, an IPv6 address and a name become tunnels, with their line")
    def test_address_types(self):
        proxy = self.proxy(ALLOW_PRIVATE_TARGETS="true")
        port = self.origin.port
        for request, target in ((self.here(), f"127.0.0.1:{port}"),
                                (to_address("::ffff:127.0.0.1", port), f"[::ffff:127.0.0.1]:{port}"),
                                (to_name("localhost", port), f"localhost:{port}"),
                                (to_name("localhost.", port), f"localhost:{port}"),
                                (to_name("127.0.0.1", port), f"127.0.0.1:{port}"),
                                (to_name("[::ffff:127.0.0.1]", port), f"[::ffff:127.0.0.1]:{port}")):
            with self.subTest(target):
                count = len(proxy.access_lines())
                with proxy.client() as client:
                    self.assertEqual(ask(client, request), SUCCESS)
                    end = self.origin.take()
                    client.send(b"ping")
                    self.assertEqual(end.recv_exactly(4), b"ping")
                    end.send(b"pong!")
                    self.assertEqual(client.recv_exactly(5), b"pong!")
                    end.close()
                    client.expects_eof()
                line = proxy.wait_for_access(count + 1)[-1]
                self.assertEqual(
                    (line["method"], line["target"], line["status"], line["up"], line["down"],
                     line["front"], line["tls"], line["how"]),
                    ("CONNECT", target, 200, 4, 5, "socks5", "-", "fin"))

    @row("B§10: all of it in one packet, with the tunnel's first octets behind it")
    def test_pipelined(self):
        for settings, start, told in (({}, OPEN, CHOSEN_OPEN),
                                      (WITH_AUTH, LOCKED + RIGHT, CHOSEN_LOCKED + ACCEPTED)):
            proxy = self.proxy(settings)
            client = proxy.client()
            client.send(start + self.here() + b"early")
            self.assertEqual(client.recv_exactly(len(told) + 10), told + reply(SUCCESS))
            self.assertEqual(self.origin.take().recv_exactly(5), b"early")

    @row("B§10: one octet at a time")
    def test_octets(self):
        proxy = self.proxy(WITH_AUTH)
        client = proxy.client()
        for octet in EITHER + RIGHT + self.here() + b"early":
            client.send(bytes((octet,)))
        told = CHOSEN_LOCKED + ACCEPTED + reply(SUCCESS)
        self.assertEqual(client.recv_exactly(len(told)), told)
        self.assertEqual(self.origin.take().recv_exactly(5), b"early")

    @row("B§6: a half-close passes through it", needs_half_close=True)
    def test_half_close(self):
        client, end = self.tunnel(self.proxy())
        client.half_close()
        end.expects_eof()
        end.send(b"still here")
        self.assertEqual(client.recv_exactly(10), b"still here")

    @row("B§6: a silent one ends like any other tunnel")
    def test_silence(self):
        proxy = self.proxy(PROXY_TIMEOUT_MS="1000")
        client, _ = self.tunnel(proxy)
        client.recv_all()
        line = proxy.wait_for_access(1)[0]
        self.assertEqual((line["how"], line["front"]), ("timeout:silence", "socks5"))

    @row("B§10: an origin that speaks first is heard")
    def test_origin_first(self):
        client, end = self.tunnel(self.proxy())
        end.send(b"SSH-2.0-x\r\n")
        self.assertEqual(client.recv_exactly(11), b"SSH-2.0-x\r\n")

    @row("B§10: HTTP on the same port, as ever")
    def test_http_beside_it(self):
        with Origin() as origin:
            proxy = self.proxy()
            self.tunnel(proxy)
            self.assertEqual(proxy.get(origin.url()).status, 200)
            line = proxy.wait_for_access(1, lambda line: line.get("method") == "GET")[0]
            self.assertEqual(line["front"], "http")

    @row("B§10: behind a request of HTTP a greeting is malformed HTTP")
    def test_second_request(self):
        proxy = self.proxy()
        with proxy.client() as client:
            client.request("GET", "/health")
            client.read_response()
            client.send(OPEN)
            self.assertEqual(client.read_head().status, 400)


class Authentication(SocksCase):
    def test_matrix(self):
        asked, nobody = self.proxy(WITH_AUTH), self.proxy()
        told_on = reply(SUCCESS)
        for sentence, proxy, said, told, reason in (
            ("B§10: method 0 where nobody is asked", nobody, EITHER, CHOSEN_OPEN, None),
            ("B§10: any pair where nobody is asked and 2 is all", nobody, LOCKED + pair("any", "x"), CHOSEN_LOCKED + ACCEPTED, None),
            ("B§10: the right pair", asked, LOCKED + RIGHT, CHOSEN_LOCKED + ACCEPTED, None),
            ("B§10: the right pair, 0 offered too", asked, EITHER + RIGHT, CHOSEN_LOCKED + ACCEPTED, None),
            ("B§10: no method but 0 where credentials are asked", asked, OPEN, NO_METHOD, "credentials_missing"),
            ("B§10: GSSAPI where credentials are asked", asked, GSSAPI, NO_METHOD, "credentials_missing"),
            ("B§10: GSSAPI where nobody is asked", nobody, GSSAPI, NO_METHOD, "socks_method"),
            ("B§10: no method at all", nobody, b"\x05\x00", NO_METHOD, "socks_no_method"),
            ("B§10: a wrong password", asked, LOCKED + pair(USER, "x"), CHOSEN_LOCKED + REJECTED, "credentials_wrong"),
            ("B§10: a wrong user", asked, LOCKED + pair("bob", PASSWORD), CHOSEN_LOCKED + REJECTED, "credentials_wrong"),
            ("B§10: a user's name with a colon", asked, LOCKED + pair(f"{USER}:{PASSWORD}", ""), CHOSEN_LOCKED + REJECTED, "credentials_wrong"),
            ("B§10: nothing", asked, LOCKED + pair("", ""), CHOSEN_LOCKED + REJECTED, "credentials_wrong"),
            ("B§10: an octet more", asked, LOCKED + pair(USER, PASSWORD + "\0"), CHOSEN_LOCKED + REJECTED, "credentials_wrong"),
        ):
            with self.row(sentence):
                if reason is None:
                    client = proxy.client()
                    client.send(said + self.here())
                    self.assertEqual(client.recv_exactly(len(told) + 10), told + told_on)
                    self.origin.take()
                    continue
                for pieces in (None, 1):
                    line = self.conversation(proxy, said, told, pieces)
                    self.assertEqual({**line, **REFUSAL, "reason": reason}, line)

    @row("B§10: umlauts in UTF-8 and in Latin-1")
    def test_charsets(self):
        proxy = self.proxy(PROXY_AUTH_USERNAME="jürgen", PROXY_AUTH_PASSWORD="schlüssel am haken")
        for charset in ("utf-8", "latin-1"):
            given = pair("jürgen".encode(charset), "schlüssel am haken".encode(charset))
            self.tunnel(proxy, LOCKED, given)

    @row("B§10: wrong pairs block, together with those of HTTP; a blocked client hears a failure")
    def test_block(self):
        proxy = self.proxy(WITH_AUTH, AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        told = CHOSEN_LOCKED + REJECTED
        self.conversation(proxy, LOCKED + pair(USER, "one"), told)
        self.conversation(proxy, LOCKED + pair(USER, "two"), told)
        with Origin() as origin:
            self.assertEqual(proxy.get(origin.url(), basic(password="three")).status, 407)
            line = self.conversation(proxy, LOCKED + RIGHT, told)
            self.assertEqual((line["status"], line["reason"]), (429, "guesser_blocked"))
            self.assertEqual(proxy.get(origin.url(), basic()).status, 429)

    @row("B§10: whoever was let in before passes while its address is blocked")
    def test_known(self):
        proxy = self.proxy(WITH_AUTH, AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1")
        self.tunnel(proxy, LOCKED, RIGHT)
        self.conversation(proxy, LOCKED + pair(USER, "one"), CHOSEN_LOCKED + REJECTED)
        self.tunnel(proxy, LOCKED, RIGHT)

    @row("B§8: no password reaches the log")
    def test_secrets(self):
        proxy = self.proxy(WITH_AUTH, LOG_LEVEL="debug")
        self.conversation(proxy, LOCKED + pair("some body", "wr0ng s3cret"),
                          CHOSEN_LOCKED + REJECTED)
        client, end = self.tunnel(proxy, LOCKED, RIGHT)
        client.close()
        end.close()
        proxy.wait_for_access(2)
        for secret in ("wr0ng", PASSWORD, "some body"):
            self.assertNotIn(secret, proxy.log_text())


class Refusals(SocksCase):
    def refused(self, settings, request, code, status, reason, greeting=OPEN):
        proxy = self.proxy(settings)
        for pieces in (None, 1):
            line = self.conversation(proxy, greeting + request, CHOSEN_OPEN + reply(code), pieces)
            self.assertEqual((line.get("status"), line["reason"], line["front"], line["by"]),
                             (status, reason, "socks5", "proxy"))
        self.assertEqual(self.origin.connections, [])
        return line

    def test_rules(self):
        port = self.origin.port
        name = to_name("localhost", port)
        for sentence, settings, request, status, reason in (
            ("B§10: a client that is not listed", {"ALLOWED_IPS": "192.0.2.1"}, self.here(), 403, "client_not_listed"),
            ("B§10: a host that is not listed", {"ALLOWED_HOSTS": "a.test"}, name, 403, "host_not_listed"),
            ("B§10: a port that is not listed", {"ALLOWED_PORTS": "443"}, self.here(), 403, "port_not_listed"),
            ("B§10: a private address by its literal", {"ALLOW_PRIVATE_TARGETS": None}, to_address("10.0.0.1", 443), 403, "private_target"),
            ("B§10: a private address inside IPv6", {"ALLOW_PRIVATE_TARGETS": None}, to_address("::ffff:10.0.0.1", 443), 403, "private_target"),
            ("B§10: a private address by a name", {"ALLOW_PRIVATE_TARGETS": "10.0.0.0/8"}, name, 403, "own_address"),
        ):
            with self.row(sentence):
                line = self.refused(settings, request, NOT_ALLOWED, status, reason)
                self.assertEqual((line["method"], line["how"]), ("CONNECT", "refused"))

    @row("B§10: the proxy's own door, whatever ALLOW_PRIVATE_TARGETS says")
    def test_loop(self):
        proxy = self.proxy(ALLOW_PRIVATE_TARGETS="true")
        for request in (to_address("127.0.0.1", proxy.port), to_name("localhost", proxy.port)):
            line = self.conversation(proxy, OPEN + request, CHOSEN_OPEN + reply(NOT_ALLOWED))
            self.assertEqual((line["status"], line["reason"]), (508, "loop"))

    def test_requests(self):
        here = ("127.0.0.1", self.origin.port)
        for sentence, request, code, reason in (
            ("B§10: BIND", to_address(*here, command=2), COMMAND, "socks_command"),
            ("B§10: UDP ASSOCIATE", to_address(*here, command=3), COMMAND, "socks_command"),
            ("B§10: a command that there is not", to_address(*here, command=0xF0), COMMAND, "socks_command"),
            ("B§10: an address type that there is not", b"\x05\x01\x00\x02", TYPE, "socks_address_type"),
            ("B§10: another version in the request", b"\x04\x01", FAILURE, "socks_version"),
            ("B§10: port 0", to_address("127.0.0.1", 0), FAILURE, "socks_port"),
        ):
            with self.row(sentence):
                line = self.refused({}, request, code, 400, reason)
                self.assertEqual(line["how"], "bad_request")

    NAMES = (b"0x7f.1", b"0x7f000001", b"2130706433", b"127.1", b"0177.0.0.1", b"0", b"127.1.", b"",
             b".", b"localhost\r\n", b"localhost\r\nHost: a", b"local\nhost", b"localhost\0",
             b"localhost\0.a.test", b"local host", b"\tlocalhost", b"\x7f", b"\xff\xfe",
             "ｌocalhost".encode(), b"localhost%2e", b"a@localhost", b"localhost:80", b"[localhost]",
             b"[127.0.0.1]", b"fe80::1%lo", b"::1%lo", b"[::1", b"127.0.0.1/", b"*", b"a" * 254 + b"!")

    @row("B§10: a name that is none is malformed, never looked up, and forges no line")
    def test_names(self):
        proxy = self.proxy(ALLOW_PRIVATE_TARGETS="true")
        for name in self.NAMES:
            with self.subTest(name):
                line = self.conversation(proxy, OPEN + to_name(name, self.origin.port),
                                         CHOSEN_OPEN + reply(FAILURE))
                self.assertEqual((line["status"], line["reason"]), (400, "socks_host"))
                self.assertNotRegex(line["target"], "[\x00-\x1f\x7f]")
        self.assertEqual(self.origin.connections, [])

    @row("B§10: names as long as they get are looked up")
    def test_long_name(self):
        proxy = self.proxy()
        line = self.conversation(proxy, OPEN + to_name(b"a" * 250 + b".test", 443),
                                 CHOSEN_OPEN + reply(HOST_UNREACHABLE))
        self.assertEqual(line["how"], "dial_failed")

    @row("B§10: a host that refuses has its code")
    def test_host_refuses(self):
        self.refused({}, to_address("127.0.0.1", closed_port()), REFUSED, 502,
                     "connection_refused")

    @row("B§10: a host that does not answer has its code")
    def test_host_is_silent(self):
        with BlackHole() as hole:
            proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS="500")
            line = self.conversation(proxy, OPEN + to_address("127.0.0.1", hole.port),
                                     CHOSEN_OPEN + reply(EXPIRED))
            self.assertEqual((line["status"], line["how"]), (504, "timeout:dial"))

    @row("B§10: a rule that is only reported says so in the line")
    def test_report(self):
        proxy = self.proxy(ALLOWED_HOSTS="a.test", ALLOWED_HOSTS_MODE="report")
        client, end = self.tunnel(proxy)
        client.close()
        end.close()
        line = proxy.wait_for_access(1)[0]
        self.assertEqual((line["status"], line["would_refuse"]), (200, "host_not_listed"))


class Ends(SocksCase):
    STEPS = EITHER + RIGHT

    @row("B§10: a client that ends amid it leaves nothing and has its line")
    def test_client_ends(self):
        proxy = self.proxy(WITH_AUTH)
        said = self.STEPS + self.here()
        for size in (1, 2, len(EITHER), len(EITHER) + 1, len(EITHER) + 5, len(self.STEPS),
                     len(self.STEPS) + 1, len(said) - 1):
            for how in ("fin", "reset"):
                with self.subTest(size=size, how=how):
                    count = len(proxy.access_lines())
                    client = proxy.client()
                    client.send(said[:size])
                    told = (0 if size < 4 else 2) + (2 if size >= len(self.STEPS) else 0)
                    client.recv_exactly(told)
                    client.close() if how == "fin" else client.reset()
                    line = proxy.wait_for_access(count + 1)[-1]
                    self.assertEqual((line["by"], line["reason"]), ("client", "request_incomplete"))
        self.assertEqual(self.origin.connections, [])

    @row("B§10: it has the time of a head, however it spreads its octets")
    def test_slow(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS="500")
        for said, told in ((OPEN[:1], NO_METHOD), (OPEN, CHOSEN_OPEN + reply(FAILURE)),
                           (OPEN + b"\x05\x01", CHOSEN_OPEN + reply(FAILURE))):
            line = self.conversation(proxy, said, told)
            self.assertEqual((line["status"], line["how"]), (408, "timeout:head"))
        with proxy.client() as client:
            heard = bytearray()
            client.socket.settimeout(0.1)
            for octet in OPEN + to_name(b"a" * 255, 443):
                try:
                    client.send(bytes((octet,)))
                    heard += client.socket.recv(64)
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
                if heard[2:]:
                    break
            self.assertEqual(bytes(heard), CHOSEN_OPEN + reply(FAILURE))

    @row("B§10: over a limit it hears a failure, and a page is still shown")
    def test_limit(self):
        proxy = self.proxy(WITH_AUTH, MAX_CONNECTIONS_PER_IP="1")
        self.tunnel(proxy, LOCKED, RIGHT)
        line = self.conversation(proxy, EITHER + self.here(), CHOSEN_OPEN + reply(FAILURE))
        self.assertEqual((line["status"], line["reason"], line["how"]),
                         (503, "client_full", "limit"))
        self.assertEqual(proxy.get("/health").status, 200)

    @row("B§10: while the proxy stops nothing new is begun, and what runs may finish")
    def test_drain(self):
        proxy = self.proxy()
        client, end = self.tunnel(proxy)
        half = proxy.client()
        half.send(OPEN)
        half.recv_exactly(2)
        proxy.signal()
        proxy.wait_for_log(lambda line: line["message"] == "stopping: running work may finish")
        half.send(self.here())
        self.assertEqual(half.recv_exactly(10), reply(FAILURE))
        line = proxy.wait_for_access(1)[0]
        self.assertEqual((line["how"], line["reason"]), ("drained", "draining"))
        end.send(b"on and on")
        self.assertEqual(client.recv_exactly(9), b"on and on")


class Switch(SocksCase):
    """PROXY_SOCKS5."""

    def answer(self, proxy):
        with proxy.client() as client:
            client.send(OPEN)
            return client.recv_exactly(2)

    def test_default(self):
        for sentence, settings, first in (
            ("B§10: on at loopback", {}, CHOSEN_OPEN),
            ("B§10: on with credentials", {**WITH_AUTH, "PROXY_ADDRESS": "0.0.0.0"}, NO_METHOD),
            ("B§10: off where anybody may come", {"PROXY_ADDRESS": "0.0.0.0"}, b"HT"),
            ("B§10: off where a list alone keeps strangers out", {"PROXY_ADDRESS": "0.0.0.0", "ALLOWED_IPS": "127.0.0.1"}, b"HT"),
            ("B§10: on where it is said", {"PROXY_ADDRESS": "0.0.0.0", "PROXY_SOCKS5": "true"}, CHOSEN_OPEN),
            ("B§10: off where it is said", {"PROXY_SOCKS5": "false"}, b"HT"),
        ):
            with self.row(sentence):
                proxy = self.proxy(settings)
                self.assertEqual(self.answer(proxy), first)
                start = proxy.wait_for_log(lambda line: line["message"] == "started")
                self.assertEqual(start["socks5"], "off" if first == b"HT" else "on")

    def reload(self, proxy, path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        count = sum(line["message"] == "reloaded" for line in proxy.log_lines())
        proxy.signal(signal.SIGHUP)
        seen = []
        proxy.wait_for_log(lambda line: line["message"] == "reloaded" and (
            seen.append(line) or len(seen) > count))

    @row("B§10: SIGHUP switches it for connections that have said nothing; tunnels go on")
    def test_reload(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sami.ini")
            with open(path, "w", encoding="utf-8") as file:
                file.write("socks5 = true\n")
            proxy = self.enter(Proxy(arguments=("--config", path)))
            client, end = self.tunnel(proxy)
            waiting = [proxy.client(), proxy.client()]
            self.reload(proxy, path, "socks5 = false\n")
            waiting[0].send(OPEN)
            self.assertEqual(waiting[0].read_head().status, 400)
            self.reload(proxy, path, "socks5 = true\nallowed_ports = 1\n")
            waiting[1].send(OPEN + self.here())
            self.assertEqual(waiting[1].recv_exactly(12), CHOSEN_OPEN + reply(NOT_ALLOWED))
            end.send(b"on")
            self.assertEqual(client.recv_exactly(2), b"on")


if __name__ == "__main__":
    unittest.main()
