# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the client gets when the upstream fails, and what happens to its connection."""

import socket
import threading
import unittest

from sami_support import ProxyCase, answer, closed_port, row

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FailureCase(ProxyCase):
    def assert_error(self, response, status, token):
        """An error of the proxy's own making, as the behaviour document describes it."""
        self.assertEqual(response.status, status, response)
        if token:
            self.assertRegex(response.value("Proxy-Status"), rf"^sami; error={token}\b")
        self.assertTrue(response.value("Content-Type").startswith("text/plain"))
        self.assertEqual(len(response.values("Content-Length")), 1)
        self.assertGreater(len(response.body), 10)


class BadResponsesTest(FailureCase):
    def test_bad_heads(self):
        rows = {
            "M§6.3: a response with unequal Content-Lengths is a 502":
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
            "M§6.3: a response with a list of unequal Content-Lengths is a 502":
                "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok",
            "S§8.6: a response with a bad Content-Length is a 502":
                "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
            "S§8.6: a response with a signed Content-Length is a 502":
                "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
            "S§8.6: a response with a Content-Length that overflows is a 502":
                "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551618\r\n\r\nok",
            "M§4: a response that is no HTTP is a 502": "SSH-2.0-OpenSSH_9.6\r\n\r\n",
            "M§4: binary garbage for a response is a 502": "\x00\x01\xff\xfe\r\n\r\n",
            "M§4: a status of two digits is a 502": "HTTP/1.1 20 OK\r\n\r\n",
            "M§4: a status under 100 is a 502": "HTTP/1.1 099 Odd\r\n\r\n",
            "M§2.3: a response in HTTP/2.0 is a 502": "HTTP/2.0 200 OK\r\n\r\n",
            "S§5.5: NUL in a response's field is a 502":
                "HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n",
            "M§2.2: a bare CR in a response's field is a 502":
                "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
            "M§5: a response line without a colon is a 502":
                "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 0\r\n\r\n",
            "B§5: a response head without end is a 502":
                "HTTP/1.1 200 OK\r\n" + "".join(f"X-{n}: {'v' * 1000}\r\n" for n in range(2000)),
        }
        for name, raw in rows.items():
            def serve(connection, raw=raw):
                connection.read_request()
                connection.send(raw)
                connection.recv_all()

            with self.row(name), self.proxy.client() as client:
                client.request("GET", self.origin(serve).url())
                response = client.read_response()
                self.assert_error(response, 502, "http_protocol_error")
                self.assertNotIn(b"OpenSSH", response.body)
                # The client did nothing wrong: its connection goes on.
                client.request("GET", self.origin().url())
                self.assertEqual(client.read_response().status, 200)

    @row("M§6.3: equal Content-Lengths of a response become one")
    def test_equal_lengths(self):
        origin = self.origin(answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                                        b"Content-Length: 2\r\n\r\nok"))
        response = self.proxy.get(origin.url())
        self.assertEqual((response.values("Content-Length"), response.body), (["2"], b"ok"))

    def test_no_answer(self):
        rows = {
            "B§7: an origin that closes without an answer is a 502":
                lambda connection: connection.read_request(),
            "B§7: an origin that resets without an answer is a 502":
                lambda connection: (connection.read_request(), connection.reset()),
            "B§7: an origin that closes amid its head is a 502":
                lambda connection: (connection.read_request(), connection.send("HTTP/1.1 200 O")),
            "B§7: an origin that closes behind a 103 is a 502":
                lambda connection: (connection.read_request(),
                                    connection.send("HTTP/1.1 103 Hints\r\n\r\n")),
        }
        for name, script in rows.items():
            with self.row(name), self.proxy.client() as client:
                client.request("GET", self.origin(script).url())
                self.assert_error(client.read_final()[0], 502, "connection_terminated")
                client.request("GET", self.origin().url())
                self.assertEqual(client.read_response().status, 200)


class DialFailuresTest(FailureCase):
    @row("B§7: a refused connection is a 502 that says so")
    def test_refused(self):
        response = self.proxy.get(f"http://127.0.0.1:{closed_port()}/")
        self.assert_error(response, 502, "connection_refused")
        self.assertNotIn(b"127.0.0.1", response.body)

    @row("B§7: a name that does not resolve is a 502 with dns_error")
    def test_dns(self):
        self.assert_error(self.proxy.get("http://no-such-host.invalid/"), 502, "dns_error")

    @row("B§7: a private address is a 403 that names the setting")
    def test_private(self):
        response = self.proxy.get("http://10.1.2.3/")
        self.assert_error(response, 403, "destination_ip_prohibited")
        self.assertIn(b"ALLOW_PRIVATE_TARGETS", response.body)

    @row("B§7: a port off the list is a 403 that names the setting")
    def test_port(self):
        response = self.proxy.get("http://127.0.0.1:25/")
        self.assert_error(response, 403, "http_request_denied")
        self.assertIn(b"ALLOWED_PORTS", response.body)

    @row("S§9.3.2: an error in answer to HEAD has no body and keeps the connection in step")
    def test_head(self):
        client = self.client()
        client.request("HEAD", "http://127.0.0.1:25/")
        response = client.read_response("HEAD")
        self.assertEqual(response.status, 403)
        self.assertNotEqual(response.value("Content-Length"), "0")
        client.request("GET", self.origin().url())
        self.assertEqual(client.read_response().status, 200)


class KeptConnectionTest(FailureCase):
    """A refusal discards the request's body, up to a limit."""

    def refused_then_served(self, *fields, body):
        origin = self.origin()
        client = self.client()
        client.request("POST", "http://127.0.0.1:25/", *fields, body=body)
        response = client.read_response()
        self.assertEqual(response.status, 403)
        self.assertNotEqual(response.value("Connection"), "close")
        client.request("GET", origin.url("/after"))
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual(origin.requests[0].target, "/after")

    def refused_and_closed(self, *fields, body=b""):
        client = self.client()
        client.request("POST", "http://127.0.0.1:25/", *fields, body=body)
        response = client.read_response()
        self.assertEqual((response.status, response.values("Connection")), (403, ["close"]))
        client.half_close()
        client.expects_eof()

    @row("B§6: an error without a body keeps the connection")
    def test_no_body(self):
        self.refused_then_served(body=b"")

    @row("B§6: a body of 200 KB is discarded to keep the connection")
    def test_length(self):
        self.refused_then_served("Content-Length: 200000", body=b"x" * 200000)

    @row("B§6: a chunked body is discarded to keep the connection")
    def test_chunked(self):
        self.refused_then_served("Transfer-Encoding: chunked",
                                 body=b"5\r\nhello\r\n" * 1000 + b"0\r\nX: y\r\n\r\n")

    @row("B§6: a body over 256 KB closes the connection")
    def test_too_long(self):
        self.refused_and_closed("Content-Length: 262145")

    @row("B§6: an open Expect closes the connection")
    def test_expect(self):
        self.refused_and_closed("Content-Length: 10", "Expect: 100-continue")

    @row("B§6: a chunked body over 256 KB ends the connection, and the reply is not eaten")
    def test_chunked_too_long(self):
        client = self.client()
        client.request("POST", "http://127.0.0.1:25/", "Transfer-Encoding: chunked",
                       body=b"10000\r\n" + b"x" * 65536 + b"\r\n")
        self.assertEqual(client.read_response().status, 403)
        for _ in range(5):
            client.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        client.expects_eof()

    @row("B§6: a reply to a client amid its upload is not eaten by a reset")
    def test_lingers(self):
        for _ in range(20):
            client = self.client()
            client.request("POST", "http://127.0.0.1:25/", "Content-Length: 5000000",
                           body=b"x" * 1000000)
            response = client.read_response()
            self.assertEqual((response.status, response.value("Connection")), (403, "close"))
            client.close()


class RetryTest(FailureCase):
    @row("B§6: a client's FIN goes with its request to the fresh connection too",
         needs_half_close=True)
    def test_behind_fin(self):
        # The upstream takes the FIN for the end and closes; the retry must not wait for ever.
        def serve(connection):
            connection.read_request()
            if connection.number == 0:
                connection.send(OK)
                connection.read_request()
            self.assertEqual(connection.peer_ended(), "fin")
            if connection.number == 1:
                connection.send(OK)

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url())
        self.assertEqual(client.read_response().status, 200)
        client.request("GET", origin.url("/again"))
        client.half_close()
        self.assertEqual(client.read_response().body, b"ok")
        self.assertEqual(len(origin.connections), 2)


class SilenceTest(FailureCase):
    settings = {"PROXY_TIMEOUT_MS": "1000"}

    def silent(self, before=""):
        def serve(connection):
            connection.read_request(body=False)
            connection.send(before)
            connection.origin.ends.put(connection.recv_all()[1])

        return self.origin(serve)

    @row("B§6: silence before the response is a 504")
    def test_silence(self):
        origin = self.silent()
        client = self.client()
        client.request("GET", origin.url())
        self.assert_error(client.read_response(), 504, "http_response_timeout")
        origin.next_end()
        client.request("GET", self.origin().url())
        self.assertEqual(client.read_response().status, 200)

    @row("B§6: silence behind a 103 is a 504 still")
    def test_silence_behind_interim(self):
        client = self.client()
        client.request("GET", self.silent("HTTP/1.1 103 Hints\r\n\r\n").url())
        self.assertEqual(client.read_final()[0].status, 504)

    @row("B§6: silence behind the head closes the client short of the framing")
    def test_silence_in_body(self):
        client = self.client()
        client.request("GET", self.silent("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart").url())
        response = client.read_response(allow_truncated=True)
        self.assertEqual((response.body, response.truncated is not None), (b"part", True))
        self.proxy.wait_for_access(1, lambda line: line["how"] == "timeout:silence"
                                   and line.get("status") == 200)

    @row("B§6: silence in a body that only the close ends is no clean end")
    def test_silence_until_close(self):
        client = self.client()
        client.request("GET", self.silent("HTTP/1.1 200 OK\r\n\r\npart").url())
        response = client.read_response(allow_truncated=True)
        self.assertEqual((response.body, response.truncated), (b"part", "reset"))

    @row("B§6: a stream that moves is not cut, however long it takes")
    def test_moving(self):
        pause = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
            for _ in range(6):
                # Each pause is shorter than the limit, their sum is longer.
                pause.wait(0.4)
                connection.send("x")

        self.assertEqual(self.proxy.get(self.origin(serve).url()).body, b"xxxxxx")

    @row("B§6: an upload that moves keeps a silent origin's request alive")
    def test_moving_upload(self):
        pause = threading.Event()
        origin = self.origin()
        client = self.client()
        client.request("POST", origin.url(), "Content-Length: 5")
        for _ in range(5):
            pause.wait(0.4)
            client.send("x")
        self.assertEqual(client.read_response().status, 200)


class TimersTest(FailureCase):
    settings = {"PROXY_CONNECT_TIMEOUT_MS": "1000", "PROXY_HEADER_TIMEOUT_MS": "1000"}

    @row("B§7: a connection that is not accepted in time is a 504")
    def test_connect_timeout(self):
        # A full backlog: the kernel keeps further SYNs waiting.
        listener = self.enter(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(4):
            filler = self.enter(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(address)
        response = self.proxy.get(f"http://127.0.0.1:{address[1]}/")
        self.assert_error(response, 504, "connection_timeout")

    @row("B§7: a head that is not complete in time is a 408")
    def test_head_timeout(self):
        client = self.client()
        client.send("GET http://127.0.0.1/ HTTP/1.1\r\nHost: ")
        response = client.read_response()
        self.assert_error(response, 408, "")
        self.assertEqual(response.values("Connection"), ["close"])
        client.expects_eof()

    @row("B§1: a head that comes drop by drop gets no more time")
    def test_dripping_head(self):
        pause = threading.Event()
        client = self.client()
        client.send("GET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\n")
        for _ in range(6):
            client.send("X: y\r\n")
            pause.wait(0.25)
        self.assertEqual(client.read_response().status, 408)

    @row("B§1: a connection that says nothing is closed without a word")
    def test_mute(self):
        self.client().expects_eof()

    @row("B§6: the head's timer does not cut the answer that follows")
    def test_timer_is_for_heads(self):
        pause = threading.Event()

        def serve(connection):
            connection.read_request()
            pause.wait(1.5)
            connection.send(OK)

        self.assertEqual(self.proxy.get(self.origin(serve).url()).status, 200)


if __name__ == "__main__":
    unittest.main()
