# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""CONNECT heads that a strict reader refuses: which are served, which are not, and at what price.
"""

import itertools
import unittest

from helpers_access import WITH_AUTH, basic
from helpers_tunnel import HeldOrigin
from sami_support import Proxy, RowCase, closed_port, row

SMUGGLED = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"

# Heads that only leniency serves, by what is wrong with them; @ is the target.
LENIENT = {
    "B§4: a CONNECT without Host in HTTP/1.1, as mitmproxy sends it, is served":
        b"CONNECT @ HTTP/1.1\r\n\r\n",
    "B§4: a CONNECT with two Host fields is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nHost: @\r\n\r\n",
    "B§4: a CONNECT with a Host that is none is served":
        b"CONNECT @ HTTP/1.1\r\nHost: http://@/\r\n\r\n",
    "B§4: a CONNECT with controls inside its User-Agent is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nUser-Agent: a\x01\x7fb\r\n\r\n",
    "B§4: a CONNECT whose Cookie is a control is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nCookie: \x0b\r\n\r\n",
    "B§4: a CONNECT with LF behind its request line is served":
        b"CONNECT @ HTTP/1.1\nHost: @\r\n\r\n",
    "B§4: a CONNECT with LF behind a field is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\n\r\n",
    "B§4: a CONNECT with LF as its empty line is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\n\n",
    "B§4: a CONNECT with LF everywhere is served": b"CONNECT @ HTTP/1.1\nHost: @\n\n",
}
# A strict reader takes these for heads of messages with a body, or refuses them.
FRAMED = {
    "S§9.3.6: a CONNECT with Content-Length: 0 is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nContent-Length: 0\r\n\r\n",
    "S§9.3.6: a CONNECT with a Content-Length is served, and has no content":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nContent-Length: 33\r\n\r\n",
    "S§9.3.6: a CONNECT with a Content-Length of nonsense is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nContent-Length: x\r\n\r\n",
    "S§9.3.6: a CONNECT with two Content-Length fields is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "S§9.3.6: a CONNECT with Transfer-Encoding is served, and has no content":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nTransfer-Encoding: chunked\r\n\r\n",
    "S§9.3.6: a CONNECT with an unknown coding is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nTransfer-Encoding: gzip\r\n\r\n",
    "S§9.3.6: a CONNECT with both framings is served":
        b"CONNECT @ HTTP/1.1\r\nHost: @\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
}
LF_EVERYWHERE = b"CONNECT @ HTTP/1.1\nHost: @\n\n"
STRICT = b"CONNECT @ HTTP/1.1\r\nHost: @\r\n\r\n"


class LenientCase(RowCase):
    def setUp(self):
        self.origin = self.enter(HeldOrigin())

    def to_origin(self, head, *fields):
        """The head for our origin, with `fields` before all others."""
        line, end, rest = head.replace(b"@", self.origin.authority.encode()).partition(b"\n")
        return line + end + b"".join(field.encode() + b"\r\n" for field in fields) + rest


class Served(LenientCase):
    def assert_tunnel(self, proxy, octets):
        """It becomes a tunnel, and what follows the head at once belongs to the tunnel."""
        with proxy.client() as client:
            client.send(octets + SMUGGLED)
            self.assertEqual(client.read_response("CONNECT").status, 200)
            origin = self.origin.take()
            self.assertEqual(origin.recv_exactly(len(SMUGGLED)), SMUGGLED)
            origin.send(b"pong")
            self.assertEqual(client.recv_exactly(4), b"pong")

    @row("B§4: corkscrew's CONNECT with an auth file, a bare LF behind its first line, is served")
    def test_corkscrew(self):
        with Proxy(WITH_AUTH) as proxy:
            self.assert_tunnel(proxy, f"CONNECT {self.origin.authority} HTTP/1.0\n{basic()}\r\n\r\n"
                               .encode())

    @row("B§4: corkscrew's CONNECT without one is served")
    def test_corkscrew_without_credentials(self):
        with Proxy() as proxy:
            self.assert_tunnel(proxy,
                               f"CONNECT {self.origin.authority} HTTP/1.0\r\n\r\n".encode())

    def test_lenient(self):
        with Proxy() as proxy:
            for sentence, head in {**LENIENT, **FRAMED}.items():
                with self.row(sentence):
                    self.assert_tunnel(proxy, self.to_origin(head))

    @row("B§4: line ends of LF and CRLF may be mixed in any way in a CONNECT")
    def test_mixed_line_ends(self):
        with Proxy() as proxy:
            for ends in itertools.product((b"\n", b"\r\n"), repeat=4):
                with self.subTest(ends):
                    self.assert_tunnel(proxy, b"CONNECT %s HTTP/1.1%sHost: x%sA: b%s%s" % (
                        self.origin.authority.encode(), *ends))

    @row("B§4: a lenient CONNECT is the same cut at every octet")
    def test_cut(self):
        with Proxy() as proxy:
            head = b"CONNECT %s HTTP/1.1\nA: \x01\r\n\n" % self.origin.authority.encode()
            for cut in range(1, len(head)):
                with proxy.client() as client:
                    client.send(head[:cut])
                    client.send(head[cut:] + b"ping")
                    self.assertEqual(client.read_response("CONNECT").status, 200, cut)
                    self.assertEqual(self.origin.take().recv_exactly(4), b"ping")

    @row("B§4: a lenient CONNECT with credentials is served after a strict one got its 407")
    def test_second_try(self):
        with Proxy(WITH_AUTH) as proxy, proxy.client() as client:
            client.send(self.to_origin(STRICT))
            response = client.read_response()
            self.assertEqual((response.status, response.value("Connection")), (407, "keep-alive"))
            client.send(self.to_origin(LF_EVERYWHERE, basic()))
            self.assertEqual(client.read_response("CONNECT").status, 200)


class NotServed(LenientCase):
    def assert_refused(self, proxy, octets, status=400):
        with proxy.client() as client:
            client.send(octets)
            self.assertEqual(client.read_response().status, status)
            client.send(SMUGGLED)
            client.expects_end()
        self.assertEqual(self.origin.connections, [])

    def test_what_we_read(self):
        with Proxy() as proxy:
            for sentence, field in (
                ("B§4: bare CR in a CONNECT gets 400", b"A: b\rc"),
                ("B§4: NUL in a CONNECT gets 400", b"A: b\0c"),
                ("B§4: a folded field in a CONNECT gets 400", b"A: b\r\n c"),
                ("B§4: a field folded at a bare LF in a CONNECT gets 400", b"A: b\n c"),
                ("B§4: a blank before the colon in a CONNECT gets 400", b"A : b"),
                ("B§4: a control in a CONNECT's field name gets 400", b"A\x01: b"),
                ("B§4: a line without a colon in a CONNECT gets 400", b"A\nB: c"),
                ("B§4: a control in a CONNECT's Proxy-Authorization gets 400",
                 b"proxy-authorization: Basic YTpi\x01"),
                ("B§4: a control in a CONNECT's Proxy-Connection gets 400",
                 b"Proxy-Connection: \x01close"),
                ("B§4: a control in a CONNECT's Connection gets 400", b"Connection: close\x7f"),
                ("B§4: a control in a CONNECT's Via gets 400", b"Via: 1.1 \x0b"),
            ):
                with self.row(sentence):
                    self.assert_refused(proxy, self.to_origin(STRICT, field.decode("latin-1")))

    @row("B§2: two Proxy-Authorization fields in a lenient CONNECT are wrong credentials")
    def test_two_credentials(self):
        with Proxy(WITH_AUTH) as proxy:
            self.assert_refused(proxy, self.to_origin(LF_EVERYWHERE, basic(), basic()),
                                407)

    def test_other_methods(self):
        with Proxy() as proxy:
            target = f"http://{self.origin.authority}/".encode()
            for sentence, octets in (
                ("M§2.2: LF behind the request line of anything but a CONNECT gets 400",
                 b"%s %s HTTP/1.1\nHost: x\r\n\r\n"),
                ("M§2.2: LF behind a field of anything but a CONNECT gets 400",
                 b"%s %s HTTP/1.1\r\nHost: x\n\r\n"),
                ("M§2.2: LF as the empty line of anything but a CONNECT gets 400",
                 b"%s %s HTTP/1.1\r\nHost: x\r\n\n"),
                ("S§5.5: a control in a field of anything but a CONNECT gets 400",
                 b"%s %s HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n"),
                ("M§3.2: anything but a CONNECT without Host gets 400", b"%s %s HTTP/1.1\r\n\r\n"),
                ("M§3.2: anything but a CONNECT with two Host fields gets 400",
                 b"%s %s HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
                ("M§6.3: anything but a CONNECT with two lengths gets 400",
                 b"%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"),
            ):
                for method in (b"GET", b"CONNECTX", b"connect", b"Connect", b"CONNEC"):
                    with self.row(sentence, method=method):
                        self.assert_refused(proxy, octets % (method, target))

    @row("M§2.2: LF before a CONNECT gets 400: no method was read yet")
    def test_empty_line(self):
        with Proxy() as proxy:
            for empty in (b"\n", b"\r\n\n"):
                self.assert_refused(proxy, empty + self.to_origin(STRICT))

    @row("B§1: a lenient CONNECT keeps to the limits of a head")
    def test_limits(self):
        with Proxy() as proxy:
            start = self.to_origin(b"CONNECT @ HTTP/1.1\n")
            self.assert_refused(proxy, start + b"A: b\n" * 201, 431)
            self.assert_refused(proxy, start + b"A: " + b"\x01" * (64 * 1024), 431)
            self.assert_refused(proxy, start + (b"A: " + b"\x01" * 1000 + b"\n") * 70, 431)

    @row("B§6: a lenient CONNECT that does not end gets 408 in the time of a head")
    def test_slow(self):
        with Proxy({"PROXY_HEADER_TIMEOUT_MS": "300"}) as proxy:
            self.assert_refused(proxy, self.to_origin(b"CONNECT @ HTTP/1.1\nA: \x01\n"), 408)


class Price(LenientCase):
    def assert_closes(self, proxy, octets, status, later=SMUGGLED):
        """The refusal is the last word, even if more bytes come only after it."""
        with proxy.client() as client:
            client.send(octets)
            response = client.read_response()
            self.assertEqual((response.status, response.value("Connection")), (status, "close"))
            client.send(later)
            client.expects_end()
        self.assertEqual(self.origin.connections, [])

    @row("B§6: 407 to a CONNECT that only leniency served, or with a length, ends the connection")
    def test_after_407(self):
        with Proxy(WITH_AUTH) as proxy:
            for name, head in {**LENIENT, **FRAMED}.items():
                with self.subTest(name):
                    self.assert_closes(proxy, self.to_origin(head), 407)

    @row("B§6: so it does when Connection asks to keep it")
    def test_keep_alive(self):
        with Proxy(WITH_AUTH) as proxy:
            for head in {**LENIENT, **FRAMED}.values():
                self.assert_closes(proxy, self.to_origin(
                    head, "Connection: keep-alive", "Proxy-Connection: keep-alive"), 407)

    @row("B§6: what a lenient head hides behind its end is never read as a request")
    def test_hidden(self):
        # For a reader that does not accept bare LF, the head goes on until the smuggled request
        # ends.
        with Proxy(WITH_AUTH) as proxy:
            head = self.to_origin(LF_EVERYWHERE)
            for cut in range(len(SMUGGLED)):
                self.assert_closes(proxy, head + SMUGGLED[:cut], 407, SMUGGLED[cut:])

    @row("B§6: a second CONNECT behind a lenient one that got 407 is not read, right or not")
    def test_two_connects(self):
        with Proxy(WITH_AUTH) as proxy:
            for head in {**LENIENT, **FRAMED}.values():
                lenient = self.to_origin(head)
                for second in (self.to_origin(STRICT, basic()), self.to_origin(head, basic())):
                    self.assert_closes(proxy, lenient, 407, second)
                    self.assert_closes(proxy, lenient + second, 407)

    @row("B§6: leniency is over with its CONNECT: the next request is read as strictly as ever")
    def test_not_sticky(self):
        with Proxy(WITH_AUTH) as proxy, proxy.client() as client:
            client.send(self.to_origin(STRICT))
            self.assertEqual(client.read_response().status, 407)
            client.send(b"GET /health HTTP/1.1\nHost: x\n\n")
            self.assertEqual(client.read_response().status, 400)
            client.expects_eof()

    @row("B§6: so does any other refusal of it")
    def test_other_refusals(self):
        forbidden = Proxy({"ALLOWED_PORTS": "443", **WITH_AUTH})
        with Proxy() as proxy, forbidden as closed:
            for name, head in {**LENIENT, **FRAMED}.items():
                with self.subTest(name):
                    self.assert_closes(closed, self.to_origin(head, basic()), 403)
                    dead = head.replace(b"CONNECT @", b"CONNECT 127.0.0.1:%d" % closed_port())
                    self.assert_closes(proxy, dead, 502)
                    self.assert_closes(proxy, head.replace(b"CONNECT @", b"CONNECT ::1:443"), 400)

    @row("B§6: 407 to a CONNECT that says Proxy-Connection: close ends the connection")
    def test_proxy_connection(self):
        with Proxy(WITH_AUTH) as proxy:
            self.assert_closes(proxy, self.to_origin(
                STRICT, "Connection: keep-alive", "Proxy-Connection: close"), 407)


if __name__ == "__main__":
    unittest.main()
