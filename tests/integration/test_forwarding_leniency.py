# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Responses that a strict reader refuses and every client accepts directly: they are forwarded with
unambiguous framing, and their connection serves no other request."""

import threading
import unittest

from sami_support import WAIT, ProxyCase, row

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKS = "2\r\nok\r\n0\r\n\r\n"
COOKIE = "Set-Cookie: ___utmvafIumZLc=EnS\x01okWd; path=/"


def head(*lines, status="200 OK", version="1.1"):
    return "\r\n".join((f"HTTP/{version} {status}", *lines)) + "\r\n\r\n"


class LeniencyCase(ProxyCase):
    settings = {"PROXY_THREADS": "1"}

    def lenient_origin(self, raw, closes=False):
        """Answers each request with `raw`; `closes` if only the close ends the body."""
        def serve(connection):
            while True:
                connection.read_request()
                connection.send(raw)
                if closes:
                    return

        return self.origin(serve)

    def assert_never_reused(self, origin, client=None):
        """One more request is answered, over another connection."""
        client = client or self.client()
        before = len(origin.connections)
        client.request("GET", origin.url("/next"))
        self.assertLess(client.read_final()[0].status, 500)
        self.assertEqual(len(origin.connections), before + 1)


class FramingTest(LeniencyCase):
    """The body is `ok` in all of them."""

    def check(self, raw, framing, closes=False):
        """`framing` is everything that an HTTP/1.1 client gets about the end of the body."""
        origin = self.lenient_origin(raw, closes)
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_response()
        self.assertEqual((response.status, response.body), (200, b"ok"))
        told = [(name.lower(), value) for name, value in response.fields
                if name.lower() in ("content-length", "transfer-encoding")]
        self.assertEqual(told, framing)
        if not framing:
            self.assertEqual(response.value("Connection"), "close")
            client = self.client()
        self.assert_never_reused(origin, client)
        old = self.client()
        old.request("GET", origin.url(), version="1.0")
        response = old.read_response()
        self.assertEqual((response.status, response.body), (200, b"ok"))
        self.assertFalse(response.has("Transfer-Encoding"))
        old.expects_eof()

    def test_identity(self):
        rows = {
            "M§6.3: the coding identity alone lasts until close": ("identity", ),
            "M§6.3: the coding Identity in another case lasts until close": ("Identity", ),
            "M§6.3: identity twice in one field lasts until close": ("identity, identity", ),
            "M§6.3: identity in two fields lasts until close": ("identity", "identity"),
            "M§6.3: an empty Transfer-Encoding lasts until close": ("", ),
        }
        for name, codings in rows.items():
            lines = [f"Transfer-Encoding: {coding}" for coding in codings]
            for version in ("1.1", "1.0"):
                with self.row(name, version=version):
                    self.check(head(*lines, version=version) + "ok", [], closes=True)
                with self.row("M§6.3: a length beside the coding identity counts", version=version):
                    self.check(head(*lines, "Content-Length: 2", version=version) + "ok",
                               [("content-length", "2")])

    def test_length_beside_chunked(self):
        chunked = [("transfer-encoding", "chunked")]
        coding = "Transfer-Encoding: chunked"
        rows = {
            "M§6.3: chunked counts beside a length, whose connection is not used again":
                ("Content-Length: 2", coding),
            "M§6.3: chunked counts beside a wrong length": ("Content-Length: 500", coding),
            "M§6.3: chunked counts beside a length of 0": ("Content-Length: 0", coding),
            "M§6.3: chunked counts beside equal lengths":
                (coding, "Content-Length: 2", "Content-Length: 2"),
            "M§6.3: chunked in two fields is chunked once": (coding, coding),
            "M§6.3: chunked twice in one field is chunked once":
                ("Transfer-Encoding: chunked, Chunked",),
        }
        for name, lines in rows.items():
            with self.row(name):
                self.check(head(*lines) + CHUNKS, chunked)

    @row("M§6.3: a length of 0 beside the coding identity is no body")
    def test_no_body(self):
        origin = self.lenient_origin(head("Content-Length: 0", "Transfer-Encoding: identity"))
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_response()
        self.assertEqual((response.status, response.value("Content-Length")), (200, "0"))
        self.assert_never_reused(origin, client)

    def test_still_refused(self):
        coding = "Transfer-Encoding: chunked"
        rows = {
            "B§5: unequal lengths beside chunked are a 502":
                head(coding, "Content-Length: 2", "Content-Length: 3"),
            "B§5: a malformed length beside chunked is a 502": head(coding, "Content-Length: two"),
            "B§5: a signed length beside chunked is a 502": head(coding, "Content-Length: +2"),
            "B§5: an empty length beside chunked is a 502": head(coding, "Content-Length:"),
            "B§5: a malformed length beside identity is a 502":
                head("Transfer-Encoding: identity", "Content-Length: -1"),
            "B§5: identity before chunked is a 502": head("Transfer-Encoding: identity, chunked"),
            "B§5: identity behind chunked is a 502": head("Transfer-Encoding: chunked, identity"),
            "B§5: identity and chunked in two fields are a 502":
                head("Transfer-Encoding: identity", coding),
            "B§5: an empty element beside chunked is a 502": head("Transfer-Encoding: chunked,"),
            "B§5: the coding gzip alone is a 502": head("Transfer-Encoding: gzip"),
            "B§5: the coding gzip before chunked is a 502": head("Transfer-Encoding: gzip, chunked"),
            "M§6.1: chunked from an HTTP/1.0 origin is a 502": head(coding, version="1.0"),
            "M§6.1: chunked beside a length from an HTTP/1.0 origin is a 502":
                head(coding, "Content-Length: 2", version="1.0"),
            "B§5: a control octet in a coding is a 502": head("Transfer-Encoding: chunked\x01"),
            "B§5: a control octet in a length is a 502": head("Content-Length: 2\x0b"),
        }
        for name, raw in rows.items():
            with self.row(name), self.proxy.client() as client:
                client.request("GET", self.lenient_origin(raw + CHUNKS).url())
                self.assertEqual(client.read_response().status, 502)


class OctetsTest(LeniencyCase):
    def test_values(self):
        rows = {
            "S§5.5: a firewall's cookie with a control octet goes on as it came": COOKIE,
            "S§5.5: a shop's cookie with DEL in its domain goes on as it came":
                "Set-Cookie: view=grid; domain=\x7fwwom\x7f.com",
            "S§5.5: every control octet but CR, LF and NUL goes on as it came":
                "X-All: a" + "".join(map(chr, [*range(1, 10), 11, 12, *range(14, 32), 127])) + "b",
        }
        for name, line in rows.items():
            with self.row(name):
                origin = self.lenient_origin(head(line, "Content-Length: 2") + "ok")
                client = self.client()
                client.request("GET", origin.url())
                response = client.read_response()
                self.assertIn(line.encode("latin-1") + b"\r\n", response.head)
                self.assertEqual((response.body, response.value("Connection")), (b"ok", "close"))
                client.expects_eof()
                self.assert_never_reused(origin)

    def test_still_refused(self):
        rows = {
            "S§5.5: a control octet in a name is a 502": "X\x01: a",
            "S§5.5: NUL in a response's cookie is a 502": "Set-Cookie: a=b\x01\0",
            "S§5.5: a control octet in Connection is a 502": "Connection: close\x01",
            "S§5.5: a control octet in Keep-Alive is a 502": "Keep-Alive: timeout=5\x01",
            "S§5.5: a control octet in Upgrade is a 502": "Upgrade: h2\x01",
            "S§5.5: a control octet in Trailer is a 502": "Trailer: X-Sum\x01",
            "S§5.5: a control octet in Proxy-Authenticate is a 502": "Proxy-Authenticate: Basic\x01",
            "S§5.5: a control octet in any other Proxy- field is a 502": "proxy-status: a\x01",
            "S§5.5: a control octet in Via is a 502": "Via: 1.1 a\x01",
            "S§5.5: a control octet in Date is a 502": "Date: \x01",
            "S§5.5: a control octet in WWW-Authenticate is a 502": "WWW-Authenticate: NTLM\x01",
        }
        for name, line in rows.items():
            with self.row(name), self.proxy.client() as client:
                client.request("GET", self.lenient_origin(head(line, "Content-Length: 2")
                                                          + "ok").url())
                self.assertEqual(client.read_response().status, 502)

    @row("M§4: a control octet in the reason goes on as it came")
    def test_reason(self):
        origin = self.lenient_origin(head("Content-Length: 2", status="200 O\x1bK") + "ok")
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_response()
        self.assertEqual((response.reason, response.body), ("O\x1bK", b"ok"))
        client.expects_eof()
        self.assert_never_reused(origin)

    @row("S§15.2: an early hint with a control octet goes on, and its connection ends")
    def test_early_hint(self):
        hint = head("Link: </a\x01b>", status="103 Early Hints")
        origin = self.lenient_origin(hint + OK)
        client = self.client()
        client.request("GET", origin.url())
        response, interim = client.read_final()
        self.assertEqual(([one.value("Link") for one in interim], response.body),
                         (["</a\x01b>"], b"ok"))
        client.expects_eof()
        self.assert_never_reused(origin)

    @row("S§15.2: a 502 behind an early hint with a control octet ends the client's connection")
    def test_early_hint_then_garbage(self):
        hint = head("Link: </a\x01b>", status="103 Early Hints")
        client = self.client()
        client.request("GET", self.lenient_origin(hint + "garbage\r\n\r\n").url())
        self.assertEqual(client.read_final()[0].status, 502)
        client.expects_eof()

    @row("S§15.2: an early hint that an HTTP/1.0 client does not get ends its connection too")
    def test_hidden_early_hint(self):
        origin = self.lenient_origin(head("Link: </a\x01b>", status="103 Early Hints") + OK)
        old = self.client()
        old.request("GET", origin.url(), version="1.0")
        self.assertEqual(old.read_response().body, b"ok")
        self.assert_never_reused(origin)

    @row("B§4: a websocket's answer with a control octet in a field of the origin becomes a tunnel")
    def test_upgrade(self):
        def serve(connection):
            connection.read_request()
            connection.send(head("Upgrade: websocket", "Connection: Upgrade", COOKIE,
                                 status="101 Switching Protocols"))
            connection.send(b"up" + connection.recv_exactly(4))

        client = self.client()
        client.request("GET", self.origin(serve).url(), "Connection: Upgrade", "Upgrade: websocket")
        response = client.read_head()
        self.assertEqual(response.status, 101)
        self.assertIn(COOKIE.encode("latin-1"), response.head)
        client.send("down")
        self.assertEqual(client.recv_exactly(6), b"updown")

    @row("B§5: a control octet in a trailer cuts the answer visibly")
    def test_trailer(self):
        origin = self.lenient_origin(head("Transfer-Encoding: chunked")
                                     + "2\r\nok\r\n0\r\nX-Sum: a\x01\r\n\r\n")
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_response(allow_truncated=True)
        self.assertEqual((response.body, response.truncated), (b"ok", "fin"))


class HeadsTest(LeniencyCase):
    @row("B§5: a response has as many fields as its head of 64 KB holds")
    def test_many_fields(self):
        count = 13_000
        origin = self.lenient_origin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + "a:\r\n" * count
                                     + "\r\nok")
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_response()
        self.assertEqual((len(response.values("a")), response.body), (count, b"ok"))

    @row("S§15: LinkedIn's 999 goes on as it came")
    def test_999(self):
        origin = self.lenient_origin(head("Content-Length: 2", status="999 Request denied") + "ok")
        response = self.proxy.get(origin.url())
        self.assertEqual((response.status, response.reason, response.body),
                         (999, "Request denied", b"ok"))

    def test_mended_lines(self):
        rows = {
            "B§5: a connection whose head had bare LF serves no other request":
                "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
            "B§5: a connection whose status line alone had a bare LF serves no other request":
                "HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok",
            "B§5: a connection whose last line alone had a bare LF serves no other request":
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok",
            "B§5: a connection whose head was folded serves no other request":
                head("X: a", " b", "Content-Length: 2") + "ok",
            "B§5: a connection whose head had a blank before a colon serves no other request":
                head("X : a", "Content-Length: 2") + "ok",
            "B§5: a connection whose length stood there twice serves no other request":
                head("Content-Length: 2", "Content-Length: 2") + "ok",
        }
        for name, raw in rows.items():
            with self.row(name):
                origin = self.lenient_origin(raw)
                client = self.client()
                client.request("GET", origin.url())
                self.assertEqual(client.read_response().body, b"ok")
                self.assert_never_reused(origin, client)


class SmugglingTest(LeniencyCase):
    """A response whose end is ambiguous reaches only the client that asked for it."""

    EVIL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"

    def next_answer(self, raw, method="GET", status=200, **request):
        """What another client gets after the first one's response was `raw` and more bytes came
        late."""
        answered = threading.Event()
        self.addCleanup(answered.set)

        def serve(connection):
            connection.read_request()
            if connection.number > 0:
                connection.send(OK)
                return
            connection.send(raw)
            answered.wait(4 * WAIT)
            connection.send(self.EVIL)

        origin = self.origin(serve)
        first = self.client()
        first.request(method, origin.url(), **request)
        self.assertEqual(first.read_final(method)[0].status, status)
        second = self.client()
        second.request("GET", origin.url("/second"))
        origin.wait_connections(2)
        answered.set()
        self.assertEqual(second.read_response().body, b"ok")

    def test_no_body(self):
        both = ("Content-Length: 2", "Transfer-Encoding: chunked")
        rows = {
            "B§5: a HEAD answer with both framings leaves nothing behind": ("HEAD", "200 OK", both),
            "B§5: a HEAD answer with identity leaves nothing behind":
                ("HEAD", "200 OK", ("Transfer-Encoding: identity",)),
            "B§5: a HEAD answer with unequal lengths leaves nothing behind":
                ("HEAD", "200 OK", ("Content-Length: 2", "Content-Length: 3")),
            "B§5: a 304 with both framings leaves nothing behind": ("GET", "304 Same", both),
            "B§5: a 204 with both framings leaves nothing behind": ("GET", "204 None", both),
            "B§5: a 204 that is chunked leaves nothing behind":
                ("GET", "204 None", ("Transfer-Encoding: chunked",)),
            "B§5: a 204 with a length leaves nothing behind":
                ("GET", "204 None", ("Content-Length: 2",)),
        }
        for name, (method, status, lines) in rows.items():
            with self.row(name):
                self.next_answer(head(*lines, status=status), method, int(status[:3]))

    @row("B§5: a client that takes a control octet for a line end reads no other origin's answer")
    def test_client_that_splits(self):
        evil = self.lenient_origin(head("X: a\x0bContent-Length: 0", "Content-Length: 4") + "evil")
        good = self.origin()
        client = self.client()
        client.request("GET", evil.url())
        client.request("GET", good.url())
        self.assertEqual(client.read_response().body, b"evil")
        client.expects_eof()
        self.assertEqual(len(good.requests), 0)

    @row("B§5: what an origin says behind the last chunk beside a length is nobody's answer")
    def test_surplus(self):
        raw = head("Content-Length: 2", "Transfer-Encoding: chunked") + CHUNKS
        self.next_answer(raw + self.EVIL)

    @row("B§5: a body that is not chunked although its head says so is cut visibly")
    def test_lying_chunked(self):
        origin = self.lenient_origin(head("Content-Length: 2", "Transfer-Encoding: chunked") + "ok")
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_response(allow_truncated=True)
        self.assertEqual((response.body, response.truncated), (b"", "fin"))

    @row("B§4: an answer before the request's body has ended, both framings, ends both connections")
    def test_early_answer(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send(head("Content-Length: 2", "Transfer-Encoding: chunked") + CHUNKS)
            connection.recv_all()

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Content-Length: 100", body=b"begun")
        response = client.read_response()
        self.assertEqual((response.value("Transfer-Encoding"), response.body), ("chunked", b"ok"))
        client.expects_eof()
        self.assertEqual(len(origin.connections), 1)

    @row("S§10.1.1: a 100 goes on before an answer with both framings, whose connection ends")
    def test_continue(self):
        def serve(connection):
            request = connection.read_request(body=False)
            connection.send(head(status="100 Continue"))
            connection.read_body(request)
            connection.send(head("Content-Length: 2", "Transfer-Encoding: chunked") + CHUNKS)
            connection.recv_all()

        origin = self.origin(serve)
        for _ in range(2):
            client = self.client()
            client.request("POST", origin.url(), "Content-Length: 4", "Expect: 100-continue")
            self.assertEqual(client.read_head().status, 100)
            client.send("body")
            self.assertEqual(client.read_response().body, b"ok")
        self.assertEqual(len(origin.connections), 2)

    @row("B§6: a connection bound by NTLM does not outlive an answer with both framings")
    def test_bound(self):
        origin = self.lenient_origin(
            head("WWW-Authenticate: NTLM", "Content-Length: 2", "Transfer-Encoding: chunked",
                 status="401 Who") + CHUNKS)
        client = self.client()
        client.request("GET", origin.url())
        self.assertEqual(client.read_response().status, 401)
        self.assert_never_reused(origin, client)


if __name__ == "__main__":
    unittest.main()
