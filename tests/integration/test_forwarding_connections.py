# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Persistent client connections; interim responses and upgrades."""

import threading
import unittest

from sami_support import WAIT, Proxy, ProxyCase, answer, row, wait_until

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def echo_target(connection):
    """Answers each request with its own target."""
    while True:
        request = connection.read_request()
        body = request.target
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}")


class ClientSideTest(ProxyCase):
    @row("M§9.3: a connection serves one request after the other")
    def test_keep_alive(self):
        origin = self.origin(echo_target)
        client = self.client()
        for number in range(5):
            client.request("GET", origin.url(f"/{number}"))
            self.assertEqual(client.read_response().body, b"/%d" % number)

    @row("M§9.3: a connection serves hosts in turn")
    def test_hosts_in_turn(self):
        first, second = self.origin(answer(b"first")), self.origin(answer(b"second"))
        client = self.client()
        for origin, body in ((first, b"first"), (second, b"second"), (first, b"first")):
            client.request("GET", origin.url())
            self.assertEqual(client.read_response().body, body)

    @row("M§9.3.2: pipelined requests are answered in order")
    def test_pipelining(self):
        origin = self.origin(echo_target)
        client = self.client()
        client.send("".join(f"GET {origin.url(f'/{number}')} HTTP/1.1\r\nHost: x\r\n\r\n"
                            for number in range(50)))
        for number in range(50):
            self.assertEqual(client.read_response().body, b"/%d" % number)

    @row("M§9.3.2: a pipelined request behind a body begins where the body ends")
    def test_pipelining_behind_body(self):
        origin = self.origin(echo_target)
        client = self.client()
        client.send(f"POST {origin.url('/1')} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                    f"POST {origin.url('/2')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked"
                    f"\r\n\r\n2\r\nde\r\n0\r\n\r\n"
                    f"GET {origin.url('/3')} HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual([client.read_response().body for _ in range(3)], [b"/1", b"/2", b"/3"])
        self.assertEqual([request.body for request in origin.requests], [b"abc", b"de", b""])

    @row("B§6: a client that pipelines without reading is not read without end")
    def test_read_ahead(self):
        go = threading.Event()
        self.addCleanup(go.set)

        def serve(connection):
            connection.read_request()
            go.wait(4 * WAIT)
            connection.send(OK)
            while True:
                connection.read_request()
                connection.send(OK)

        origin = self.origin(serve)
        client = self.client()
        request = f"GET {origin.url()} HTTP/1.1\r\nHost: x\r\nX-Pad: {'p' * 8000}\r\n\r\n".encode()
        client.send(request)
        origin.next_request()
        flood = request * 4000
        sent = 0
        client.socket.settimeout(0.5)
        try:
            while sent < len(flood):
                sent += client.socket.send(flood[sent:sent + 262144])
        except TimeoutError:
            pass
        self.assertLess(sent, len(flood), "the proxy read it all into its memory")
        client.socket.settimeout(client.timeout)
        go.set()
        for _ in range(3):
            self.assertEqual(client.read_response().status, 200)

    @row("B§6: a hundred clients at once each get their own answers")
    def test_many_clients(self):
        origin = self.origin(echo_target)
        wrong = []

        def run(number):
            try:
                with self.proxy.client() as client:
                    for turn in range(10):
                        path = f"/{number}/{turn}"
                        client.request("GET", origin.url(path))
                        body = client.read_response().body.decode()
                        if body != path:
                            wrong.append((path, body))
            except (OSError, AssertionError) as error:
                wrong.append((number, error))

        threads = [threading.Thread(target=run, args=(number, )) for number in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(4 * WAIT)
        self.assertEqual(wrong, [])
        self.assertEqual(len(origin.requests), 1000)

    @row("M§9.6: what is pipelined behind Connection: close is not served")
    def test_pipelined_behind_close(self):
        origin = self.origin(echo_target)
        client = self.client()
        client.send(f"GET {origin.url('/1')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    f"GET {origin.url('/2')} HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(client.read_response().body, b"/1")
        client.expects_eof()
        self.assertEqual(len(origin.requests), 1)

    @row("M§9.6: Connection: close from the client is answered in kind")
    def test_close(self):
        client = self.client()
        client.request("GET", self.origin().url(), "Connection: close")
        self.assertEqual(client.read_response().values("Connection"), ["close"])
        client.expects_eof()

    def test_proxy_connection_close(self):
        origin = self.origin()
        rows = {
            "B§6: Proxy-Connection: close of a forwarded request ends the connection": origin.url(),
            "B§6: Proxy-Connection: close of an own page ends the connection": "/health",
            "B§6: Proxy-Connection: close of a refused request ends the connection":
                "http://127.0.0.1:25/",
        }
        for name, target in rows.items():
            for fields in (("Proxy-Connection: close",),
                           ("Connection: keep-alive", "Proxy-Connection: Close")):
                with self.row(name, fields=fields), self.proxy.client() as client:
                    client.request("GET", target, *fields)
                    self.assertEqual(client.read_response().values("Connection"), ["close"])
                    client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                    client.expects_end()

    @row("B§6: Proxy-Connection: keep-alive keeps no HTTP/1.0 client waiting")
    def test_proxy_connection_keep_alive(self):
        client = self.client()
        client.request("GET", self.origin().url(), "Proxy-Connection: keep-alive", version="1.0")
        self.assertEqual(client.read_response().status, 200)
        client.expects_eof()

    @row("M§9.3: an HTTP/1.0 client is answered and closed")
    def test_http10(self):
        origin = self.origin()
        client = self.client()
        client.request("GET", origin.url(), version="1.0")
        response = client.read_response()
        self.assertEqual((response.status, response.minor, response.body), (200, 1, b"hello"))
        client.expects_eof()
        self.assertEqual(origin.requests[0].version, "1.1")
        self.assertEqual(origin.requests[0].values("Host"), [origin.authority])

    @row("M§7: an HTTP/1.0 client gets no chunks")
    def test_http10_unchunked(self):
        origin = self.origin(answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"))
        response = self.proxy.get(origin.url(), version="1.0")
        self.assertFalse(response.has("Transfer-Encoding"))
        self.assertEqual(response.body, b"hello")

    @row("B§5: an HTTP/1.0 origin's response goes out as 1.1")
    def test_http10_origin(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.0 200 Fine\r\nServer: old\r\n\r\nold body")

        response = self.proxy.get(self.origin(serve).url())
        self.assertEqual((response.minor, response.status, response.reason), (1, 200, "Fine"))
        self.assertEqual(response.body, b"old body")
        self.assertRegex(response.value("Via"), "^1.0 sami-")

    @row("M§8: a client that sends FIN behind its request still gets its answer",
         needs_half_close=True)
    def test_half_closing_client(self):
        def serve(connection):
            connection.read_request()
            connection.recv_all()
            connection.send(OK)

        client = self.client()
        client.request("GET", self.origin(serve).url())
        client.half_close()
        self.assertEqual(client.read_response().body, b"ok")
        client.expects_eof()

    @row("M§9.3.2: forwarded requests pipelined before a FIN are answered to the last, and logged",
         needs_half_close=True)
    def test_pipelined_before_fin(self):
        origin = self.origin()
        client = self.client()
        for number in range(5):
            client.request("GET", origin.url(f"/before-fin/{number}"))
        client.half_close()
        for _ in range(5):
            self.assertEqual(client.read_response().status, 200)
        client.expects_eof()
        self.assertEqual([request.target for request in origin.requests],
                         [f"/before-fin/{number}" for number in range(5)])
        self.proxy.wait_for_access(5, lambda line: "/before-fin/" in line.get("target", ""))

    @row("M§9.3.2: so they are behind refused requests whose bodies are dropped",
         needs_half_close=True)
    def test_refused_before_fin(self):
        origin = self.origin()
        for _ in range(20):
            with self.proxy.client() as client:
                refused = "POST http://127.0.0.1:22/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
                client.send(f"{refused}{refused}GET {origin.url()} HTTP/1.1\r\nHost: a\r\n\r\n")
                client.half_close()
                self.assertEqual([client.read_response().status for _ in range(3)],
                                 [403, 403, 200])
                client.expects_eof()

    @row("M§9.3.2: a request cut by a FIN behind a whole one is dropped, the whole one is answered",
         needs_half_close=True)
    def test_cut_before_fin(self):
        origin = self.origin()
        client = self.client()
        client.request("GET", origin.url("/whole"))
        client.send(f"GET {origin.url('/cut')} HTTP/1.1\r\nHo")
        client.half_close()
        self.assertEqual(client.read_response().status, 200)
        client.expects_eof()
        self.assertEqual([request.target for request in origin.requests], ["/whole"])

    @row("B§6: a client that goes away ends the upstream's work at once")
    def test_client_gone(self):
        def serve(connection):
            connection.read_request()
            connection.origin.ends.put(connection.recv_all()[1])

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url())
        origin.next_request()
        client.reset()
        origin.next_end()


class InterimTest(ProxyCase):
    def test_at_once(self):
        rows = {
            "S§15.2: a 100 comes back at once": "100 Continue",
            "S§15.2.2: a 102 comes back at once": "102 Processing",
            "S§15.2: a 103 comes back at once": "103 Early Hints",
            "S§15.2: an unknown 1xx comes back at once": "199 Whatever",
        }
        for name, status in rows.items():
            seen = threading.Event()

            def serve(connection, status=status, seen=seen):
                connection.read_request()
                connection.send(f"HTTP/1.1 {status}\r\nLink: </a>\r\n\r\n")
                if not seen.wait(WAIT):
                    raise AssertionError("the interim response was not seen")
                connection.send(OK)

            with self.row(name), self.proxy.client() as client:
                client.request("GET", self.origin(serve).url())
                interim = client.read_response()
                self.assertEqual(interim.status, int(status[:3]))
                self.assertEqual(interim.value("Link"), "</a>")
                self.assertFalse(interim.has("Content-Length"))
                seen.set()
                self.assertEqual(client.read_response().body, b"ok")

    @row("S§15.2: any number of interim responses come in order")
    def test_storm(self):
        def serve(connection):
            connection.read_request()
            connection.send("".join(f"HTTP/1.1 103 Early Hints\r\nX-N: {number}\r\n\r\n"
                                    for number in range(200)) + OK)

        client = self.client()
        client.request("GET", self.origin(serve).url())
        response, interim = client.read_final()
        self.assertEqual([one.value("X-N") for one in interim], [str(n) for n in range(200)])
        self.assertEqual(response.body, b"ok")

    @row("S§15.2: an HTTP/1.0 client gets no interim response")
    def test_http10(self):
        origin = self.origin(answer(raw=b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK.encode()))
        self.assertEqual(self.proxy.get(origin.url(), version="1.0").status, 200)

    @row("S§10.1.1: Expect goes on, and the origin's 100 lets the body come")
    def test_expect(self):
        def serve(connection):
            request = connection.read_request(body=False)
            connection.send("HTTP/1.1 100 Continue\r\n\r\n")
            connection.read_body(request)
            connection.send(OK)

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Expect: 100-continue", "Content-Length: 4")
        self.assertEqual(client.read_response().status, 100)
        client.send("body")
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual(origin.requests[0].value("Expect"), "100-continue")
        self.assertEqual(origin.requests[0].body, b"body")

    @row("B§4: the proxy invents no 100")
    def test_no_invented_100(self):
        seen = threading.Event()

        def serve(connection):
            connection.read_request(body=False)
            seen.wait(4 * WAIT)
            connection.send(OK)

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Expect: 100-continue", "Content-Length: 4")
        origin.next_request()
        client.expects_silence()
        seen.set()
        self.assertEqual(client.read_response().status, 200)

    @row("S§10.1.1: a final status instead of the 100 comes at once")
    def test_expectation_failed(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno")
            connection.recv_all()

        client = self.client()
        client.request("POST", self.origin(serve).url(), "Expect: 100-continue",
                       "Content-Length: 4")
        self.assertEqual(client.read_response().status, 417)


class UpgradeTest(ProxyCase):
    ASK = ("Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    AGREE = ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")

    @row("S§7.8: a WebSocket upgrade becomes a tunnel")
    def test_websocket(self):
        def serve(connection):
            connection.read_request()
            connection.send(self.AGREE + "server first")
            while True:
                connection.send(connection.recv_some().upper())

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url("/socket"), *self.ASK)
        response = client.read_head()
        self.assertEqual(response.status, 101)
        self.assertEqual(response.value("Upgrade"), "websocket")
        self.assertEqual(response.value("Connection").lower(), "upgrade")
        self.assertTrue(response.has("Sec-WebSocket-Accept"))
        self.assertEqual(client.recv_exactly(12), b"server first")
        for word in (b"one\x00\xff", b"\x81\x02hi"):
            client.send(word)
            self.assertEqual(client.recv_exactly(len(word)), word.upper())
        request = origin.requests[0]
        self.assertEqual((request.value("Upgrade"), request.value("Connection").lower()),
                         ("websocket", "upgrade"))
        self.assertTrue(request.has("Sec-WebSocket-Key"))

    @row("B§4: a WebSocket asked for by ws:// becomes a tunnel as by http://")
    def test_websocket_scheme(self):
        def serve(connection):
            connection.read_request()
            connection.send(self.AGREE)
            connection.send(connection.recv_exactly(4))

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", f"ws://{origin.authority}/socket?x#top", *self.ASK)
        self.assertEqual(client.read_head().status, 101)
        client.send(b"ping")
        self.assertEqual(client.recv_exactly(4), b"ping")
        request = origin.requests[0]
        self.assertEqual((request.target, request.values("Host"), request.value("Upgrade")),
                         ("/socket?x", [origin.authority], "websocket"))

    @row("B§4: octets behind a WebSocket request wait for the 101")
    def test_early_octets(self):
        def serve(connection):
            connection.read_request()
            connection.expects_silence()
            connection.send(self.AGREE)
            connection.send(connection.recv_exactly(5))

        client = self.client()
        client.request("GET", self.origin(serve).url(), *self.ASK, body=b"early")
        self.assertEqual(client.read_head().status, 101)
        self.assertEqual(client.recv_exactly(5), b"early")

    @row("S§7.8: a WebSocket that the origin refuses is an ordinary answer")
    def test_refused(self):
        client = self.client()
        origin = self.origin(answer(b"no", "426 Upgrade Required"))
        for _ in range(2):
            client.request("GET", origin.url(), *self.ASK)
            self.assertEqual(client.read_response().status, 426)

    @row("B§4: a 101 that nobody asked for is a 502")
    def test_unasked(self):
        def serve(connection):
            connection.read_request()
            connection.send(self.AGREE)
            connection.recv_all()

        response = self.proxy.get(self.origin(serve).url())
        self.assertEqual(response.status, 502)

    @row("S§7.8: an upgrade asked for in a request with a body is dropped")
    def test_upgrade_with_body(self):
        origin = self.origin()
        self.proxy.get(origin.url(), *self.ASK, "Transfer-Encoding: chunked",
                       body=b"5\r\nhello\r\n0\r\n\r\n")
        self.assertFalse(origin.requests[0].has("Upgrade"))
        self.assertEqual(origin.requests[0].body, b"hello")

    @row("B§4: an upgrade to anything but WebSocket is dropped from the request")
    def test_other_upgrade(self):
        origin = self.origin()
        self.proxy.get(origin.url(), "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                       "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
        self.assertEqual(sorted(origin.requests[0].names()), ["Host", "Via"])


if __name__ == "__main__":
    unittest.main()
