# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Origins and clients that stop, reset, drip or never end, at every point of a message."""

import concurrent.futures
import time
import unittest

from drill import drill
from helpers_attack import Vitals
from sami_support import Origin, Proxy, ProxyCase, row
from sami_support.misbehaviour import close_after, drip, endless, reset_after, stall_after

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
BODY = b"5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n"
WHOLE = HEAD + BODY
# One point in each part of the message.
PLACES = {
    "nothing": 0, "the version": 5, "the status": 11, "the reason": 14, "the status line": 17,
    "a field's name": 25, "a field's value": 40, "a field": 45,
    "the head but its last octet": len(HEAD) - 1,
    "the head": len(HEAD), "a chunk size": len(HEAD) + 1, "a chunk extension": len(HEAD) + 5,
    "half a chunk": len(HEAD) + 11, "a chunk without its CRLF": len(HEAD) + 14,
    "a chunk": len(HEAD) + 16, "the last chunk's size": len(WHOLE) - 14,
    "half a trailer": len(WHOLE) - 8, "the trailers but the last CRLF": len(WHOLE) - 2,
}
MEGABYTE = 1 << 20


class EveryPlaceTest(ProxyCase):
    settings = {"PROXY_TIMEOUT_MS": 1000}

    def answer_of(self, script):
        """(status, truncated) of a request to an origin with that script."""
        with Origin(script) as origin, self.proxy.client(timeout=20) as client:
            client.request("GET", origin.url("/"))
            response = client.read_response(allow_truncated=True)
            return response.status, response.truncated

    def at_every_place(self, script, statuses):
        places = {what: at for what, at in PLACES.items()}
        with concurrent.futures.ThreadPoolExecutor(len(places)) as pool:
            futures = {what: pool.submit(self.answer_of, script(WHOLE[:at]))
                       for what, at in places.items()}
        for what, at in places.items():
            with self.subTest(behind=what):
                status, truncated = futures[what].result()
                if at < len(HEAD):
                    self.assertEqual((statuses, None), (status, truncated))
                else:
                    self.assertEqual(200, status)
                    self.assertIsNotNone(truncated, "a message without its end looked complete")

    @drill("an origin that closes behind each part of its answer (18 places)",
           seen="502 before the head was complete, afterwards a visible cut; never a whole answer")
    @row("B§5: an origin that closes anywhere is a 502 or a visible cut")
    def test_close(self):
        self.at_every_place(close_after, 502)

    @drill("an origin that resets behind each part of its answer (18 places)",
           seen="502 before the head was complete, afterwards a visible cut; never a whole answer")
    @row("B§5: an origin that resets anywhere is a 502 or a visible cut")
    def test_reset(self):
        self.at_every_place(reset_after, 502)

    @drill("an origin that falls silent behind each part of its answer (18 places)",
           seen="504 before the head was complete, afterwards a visible cut; after PROXY_TIMEOUT_MS")
    @row("B§6: an origin that stalls anywhere is a 504 or a visible cut")
    def test_stall(self):
        self.at_every_place(stall_after, 504)

    @drill("an origin that sends each octet in a segment of its own",
           seen="the answer arrived whole, trailers too")
    @row("B§5: an answer in one-octet segments arrives whole")
    def test_drip(self):
        with Origin(drip(WHOLE)) as origin:
            response = self.proxy.get(origin.url("/"))
        self.assertEqual((200, b"hello world", [("X-Sum", "11")]),
                         (response.status, response.body, response.trailers))

    @drill("a TLS origin that takes the connection and never shakes hands",
           seen="504 after PROXY_CONNECT_TIMEOUT_MS")
    @row("B§7: a TLS handshake that stalls is a 504")
    def test_tls_stall(self):
        with Proxy({"PROXY_CONNECT_TIMEOUT_MS": 1000}) as proxy, \
                Origin(lambda connection: connection.peer_ended()) as origin:
            response = proxy.get(origin.url("/", scheme="https"))
            self.assertEqual(504, response.status)


class EndlessTest(ProxyCase):
    """Endless input is cut by a limit and costs no memory meanwhile."""

    def cut(self, begin, unit, status, limit):
        script = endless(begin, unit)
        vitals = Vitals(self.proxy)
        before = vitals.resident()
        with Origin(script) as origin, self.proxy.client() as client:
            client.request("GET", origin.url("/"))
            response = client.read_response(allow_truncated=True)
            self.assertEqual(status, response.status)
            if status == 200:
                self.assertIsNotNone(response.truncated)
        self.assertLess(script.said, limit)
        self.assertLess(vitals.resident() - before, 8 * MEGABYTE)

    @drill("an endless response head: fields without end, one endless field, an endless reason",
           seen="502 after 64 KB")
    @row("B§5: a response head without end is a 502")
    def test_heads(self):
        for what, begin, unit in (
                ("many fields", b"HTTP/1.1 200 OK\r\n", b"X-Field: value\r\n"),
                ("one long field", b"HTTP/1.1 200 OK\r\nX: ", b"a"),
                ("folded lines", b"HTTP/1.1 200 OK\r\nX: a\r\n", b" a\r\n"),
                ("one long reason", b"HTTP/1.1 200 ", b"a"),
                ("one long name", b"HTTP/1.1 200 OK\r\n", b"a"),
                ("no HTTP at all", b"", b"\0")):
            with self.subTest(what):
                self.cut(begin, unit, 502, 8 * MEGABYTE)

    @drill("endless chunk extensions, chunk sizes of leading zeros, endless trailers",
           seen="a visible cut after 4 KB, 16 digits, 16 KB")
    @row("M§7.1.1: chunk extensions, sizes and trailers without end are cut")
    def test_chunks(self):
        for what, begin, unit in (("an extension", b"5;x=", b"a"),
                                  ("leading zeros", b"", b"0"),
                                  ("many trailers", b"0\r\n", b"X-Trailer: 1\r\n"),
                                  ("one long trailer", b"0\r\nX: ", b"a")):
            with self.subTest(what):
                self.cut(HEAD + begin, unit, 200, 8 * MEGABYTE)

    @drill("a storm of interim responses that never ends, to a client that reads and leaves",
           seen="each went through; memory did not move; the origin was released with the client")
    @row("S§15.2: a storm of interim responses costs no memory")
    def test_interim_storm(self):
        script = endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1 << 40)
        vitals = Vitals(self.proxy)
        before = vitals.resident()
        with Origin(script) as origin, self.proxy.client() as client:
            client.request("GET", origin.url("/"))
            for _ in range(20_000):
                self.assertEqual(103, client.read_head().status)
            self.assertLess(vitals.resident() - before, 4 * MEGABYTE)
            client.close()
            self.assertIn(origin.next_end(), ("fin", "reset"))

    @drill("the same storm to a client that does not read",
           seen="the origin was held back; memory did not move")
    @row("B§6: interim responses that nobody reads are not piled up")
    def test_interim_storm_unread(self):
        script = endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1 << 40)
        vitals = Vitals(self.proxy)
        before = vitals.resident()
        with Origin(script) as origin, self.proxy.client(receive_buffer=4096) as client:
            client.request("GET", origin.url("/"))
            said = -1
            while said != script.said:
                said = script.said
                time.sleep(0.5)
            self.assertLess(vitals.resident() - before, 4 * MEGABYTE)

    @drill("an upload with an endless chunk extension, or with endless trailers",
           seen="400, and a reset upstream")
    @row("M§7.1.1: what a client sends without end is cut too")
    def test_uploads(self):
        for what, begin, unit in (("an extension", b"5;x=", b"a" * 1000),
                                  ("many trailers", b"0\r\n", b"X-Trailer: 1\r\n" * 100)):
            with self.subTest(what), Origin(stall_after(b"")) as origin, \
                    self.proxy.client() as client:
                client.request("POST", origin.url("/"), "Transfer-Encoding: chunked", body=begin)
                try:
                    for _ in range(4000):
                        client.send(unit)
                except OSError:
                    pass
                self.assertEqual(400, client.read_response().status)

    @drill("300,000 chunks of one octet each in an upload",
           seen="the origin got every octet; memory did not move")
    @row("M§7.1: chunks of one octet are re-chunked in bounded memory")
    def test_tiny_chunks(self):
        count = 300_000

        def take(connection):
            request = connection.read_request()
            assert len(request.body) == count, len(request.body)
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        vitals = Vitals(self.proxy)
        before = vitals.resident()
        with Origin(take) as origin, self.proxy.client(timeout=60) as client:
            client.request("POST", origin.url("/"), "Transfer-Encoding: chunked")
            client.send(b"1\r\na\r\n" * count + b"0\r\n\r\n")
            self.assertEqual(200, client.read_response().status)
        self.assertLess(vitals.resident() - before, 8 * MEGABYTE)


if __name__ == "__main__":
    unittest.main()
