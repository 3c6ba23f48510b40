# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Bodies in both directions, of any size, at the same time; a truncated one must never look
complete."""

import hashlib
import random
import threading
import unittest

from sami_support import WAIT, ProxyCase, answer, row, wait_until

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def pseudo_random(size, seed=1):
    return random.Random(seed).randbytes(size)


class RequestBodyTest(ProxyCase):
    def upload(self, *fields, body):
        origin = self.origin()
        with self.proxy.client() as client:
            client.request("POST", origin.url(), *fields, body=body)
            self.assertEqual(client.read_response().status, 200)
        return origin.requests[0]

    @row("M§6.2: a body with a Content-Length goes on with it")
    def test_length(self):
        request = self.upload("Content-Length: 5", body=b"hello")
        self.assertEqual((request.body, request.values("Content-Length")), (b"hello", ["5"]))

    @row("S§8.6: a POST of nothing keeps its Content-Length 0")
    def test_empty(self):
        request = self.upload("Content-Length: 0", body=b"")
        self.assertEqual(request.values("Content-Length"), ["0"])
        self.assertFalse(request.has("Transfer-Encoding"))

    @row("M§6.3: a request without a length has no body")
    def test_no_length(self):
        request = self.upload(body=b"")
        self.assertFalse(request.has("Transfer-Encoding") or request.has("Content-Length"))

    @row("M§7.1: a chunked body stays chunked")
    def test_chunked(self):
        request = self.upload("Transfer-Encoding: chunked", body=b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")
        self.assertTrue(request.is_chunked)
        self.assertEqual(request.body, b"hello!")

    @row("M§7.1.1: chunk extensions are dropped, what they extend is not")
    def test_extensions(self):
        request = self.upload("Transfer-Encoding: chunked",
                              body=b'5;a=b;c="d"\r\nhello\r\n0;last\r\n\r\n')
        self.assertEqual(request.body, b"hello")

    @row("M§7: the coding's name is read in any case")
    def test_chunked_case(self):
        self.assertEqual(self.upload("Transfer-Encoding: CHUNKED",
                                     body=b"A\r\n0123456789\r\n0\r\n\r\n").body, b"0123456789")

    @row("M§7.1.2: the trailers of a request go on as trailers")
    def test_trailers(self):
        request = self.upload("Transfer-Encoding: chunked", "Trailer: X-Sum",
                              body=b"5\r\nhello\r\n0\r\nX-Sum: abc\r\nX-Two: 2\r\n\r\n")
        self.assertEqual(request.trailers, [("X-Sum", "abc"), ("X-Two", "2")])
        self.assertFalse(request.has("X-Sum"))

    @row("S§6.5.1: trailers that would change the framing are dropped")
    def test_bad_trailers(self):
        request = self.upload(
            "Transfer-Encoding: chunked",
            body=b"5\r\nhello\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nHost: evil\r\n"
                 b"Connection: close\r\nX-Sum: abc\r\n\r\n")
        self.assertEqual(request.trailers, [("X-Sum", "abc")])

    @row("B§4: a body sent an octet at a time arrives whole")
    def test_bytewise(self):
        origin = self.origin()
        client = self.client()
        message = (f"POST {origin.url()} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "5\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n")
        for octet in message:
            client.send(octet)
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual(origin.requests[0].body, b"hello")
        self.assertEqual(origin.requests[0].trailers, [("X-Sum", "abc")])

    def test_large(self):
        data = pseudo_random(10 * 1024 * 1024)
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (
            data[start:start + 70001] for start in range(0, len(data), 70001))) + b"0\r\n\r\n"
        with self.row("B§4: 10 MB go up with a Content-Length"):
            request = self.upload(f"Content-Length: {len(data)}", body=data)
            self.assertEqual(hashlib.sha256(request.body).digest(), hashlib.sha256(data).digest())
        with self.row("B§4: 10 MB go up chunked"):
            request = self.upload("Transfer-Encoding: chunked", body=chunked)
            self.assertEqual(hashlib.sha256(request.body).digest(), hashlib.sha256(data).digest())

    @row("B§4: an origin that does not read stops the upload, and nothing is lost")
    def test_upload_backpressure(self):
        go = threading.Event()
        self.addCleanup(go.set)

        def serve(connection):
            connection.read_request(body=False)
            go.wait(4 * WAIT)
            connection.read_body(connection.requests[0])
            connection.send(OK)

        origin = self.origin(serve, receive_buffer=65536)
        data = pseudo_random(48 * 1024 * 1024)
        client = self.client()
        client.request("POST", origin.url(), f"Content-Length: {len(data)}")
        origin.next_request()
        sent = sent_until_blocked(client, data)
        self.assertLess(sent, len(data) - (8 << 20), "the proxy took it all into its memory")
        go.set()
        client.send(data[sent:])
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual(hashlib.sha256(origin.requests[0].body).digest(),
                         hashlib.sha256(data).digest())


def sent_until_blocked(client, data):
    """Sends until nothing moves for a while; returns how much was sent."""
    sent = 0
    client.socket.settimeout(0.5)
    try:
        while sent < len(data):
            sent += client.socket.send(data[sent:sent + 262144])
    except TimeoutError:
        pass
    finally:
        client.socket.settimeout(client.timeout)
    return sent


class ResponseBodyTest(ProxyCase):
    def fetch(self, raw, method="GET", **options):
        def serve(connection):
            connection.read_request()
            connection.send(raw)

        origin = self.origin(serve)
        with self.proxy.client() as client:
            client.request(method, origin.url(), **options)
            return client.read_response(method, allow_truncated=True)

    @row("M§6.2: a response with a Content-Length keeps it")
    def test_length(self):
        response = self.fetch(OK)
        self.assertEqual((response.body, response.value("Content-Length")), (b"ok", "2"))

    @row("M§7.1: a chunked response stays chunked")
    def test_chunked(self):
        response = self.fetch("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")
        self.assertTrue(response.is_chunked)
        self.assertEqual((response.body, response.truncated), (b"hello world", None))

    @row("M§7.1.2: the trailers of a response are passed on, never merged into the head")
    def test_trailers(self):
        response = self.fetch("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\nhello\r\n0\r\nX-Sum: abc\r\nConnection: x\r\n\r\n")
        self.assertEqual(response.trailers, [("X-Sum", "abc")])
        self.assertFalse(response.has("X-Sum"))

    @row("M§6.3: a response without a length ends with the connection")
    def test_until_close(self):
        response = self.fetch("HTTP/1.1 200 OK\r\n\r\nuntil the end")
        self.assertEqual((response.body, response.truncated), (b"until the end", None))
        self.assertEqual(response.values("Connection"), ["close"])

    def test_no_body(self):
        rows = {
            "S§9.3.2: an answer to HEAD has no body, whatever its length says":
                ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "1000"),
            "S§9.3.2: an answer to HEAD may say chunked and has no body":
                ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", None),
            "S§15.3.5: a 204 has no body, and no length":
                ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", None),
            "S§15.4.5: a 304 has no body, whatever its length says":
                ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", "1000"),
            "M§6.3: a 304 may say chunked and has no body":
                ("GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        }
        for name, (method, raw, length) in rows.items():
            with self.row(name), self.proxy.client() as client:
                origin = self.origin(answer(b"", raw=raw.encode()))
                client.request(method, origin.url("/1"))
                response = client.read_response(method)
                self.assertEqual(response.value("Content-Length"), length)
                # The connection is in sync: the next request gets its own response.
                client.request(method, origin.url("/2"))
                self.assertEqual(client.read_response(method).status, response.status)
                self.assertEqual([request.target for request in origin.requests], ["/1", "/2"])

    def test_large(self):
        data = pseudo_random(10 * 1024 * 1024, seed=2)
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (
            data[start:start + 99991] for start in range(0, len(data), 99991))) + b"0\r\n\r\n"
        rows = {
            "B§4: 10 MB come down with a Content-Length": b"Content-Length: %d\r\n\r\n" % len(data)
            + data,
            "B§4: 10 MB come down chunked": b"Transfer-Encoding: chunked\r\n\r\n" + chunked,
            "B§4: 10 MB come down until the close": b"\r\n" + data,
        }
        for name, rest in rows.items():
            with self.row(name):
                response = self.fetch(b"HTTP/1.1 200 OK\r\n" + rest)
                self.assertIsNone(response.truncated)
                self.assertEqual(hashlib.sha256(response.body).digest(),
                                 hashlib.sha256(data).digest())

    @row("B§4: a client that does not read stops the origin, and nothing is lost")
    def test_slow_reader(self):
        data = pseudo_random(64 * 1024 * 1024, seed=3)
        sent = [0]
        result = []

        def serve(connection):
            connection.read_request()
            connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n")
            while sent[0] < len(data):
                sent[0] += connection.socket.send(data[sent[0]:sent[0] + 131072])
            result.append("all")

        origin = self.origin(serve)
        client = self.client(receive_buffer=65536)
        client.request("GET", origin.url())
        origin.next_request()
        wait_until(lambda: standing_still(sent), what="back-pressure")
        self.assertEqual(result, [], "the proxy took it all into its memory")
        response = client.read_response()
        self.assertEqual(hashlib.sha256(response.body).digest(), hashlib.sha256(data).digest())


def standing_still(counter):
    before = counter[0]
    threading.Event().wait(0.4)
    return before > 0 and counter[0] == before


class TruncationTest(ProxyCase):
    def cut(self, head, part, how):
        """The origin sends `head` and `part`, and ends once the client has them."""
        arrived = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + part)
            arrived.wait(4 * WAIT)
            if how == "reset":
                connection.reset()

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url())
        response = client.read_head()
        received = client.recv_until(b"end-of-part")
        arrived.set()
        rest, end = client.recv_all()
        return response, received, rest, end

    def test_fin(self):
        with self.row("B§5: a FIN short of Content-Length reaches the client as one"):
            _, received, rest, _ = self.cut("Content-Length: 100\r\n", b"12345 end-of-part", "fin")
            self.assertEqual((received, rest), (b"12345 end-of-part", b""))
        with self.row("B§5: a FIN short of the last chunk reaches the client without one"):
            _, received, rest, _ = self.cut("Transfer-Encoding: chunked\r\n",
                                            b"b\r\nend-of-part\r\n", "fin")
            self.assertEqual((received, rest), (b"b\r\nend-of-part", b"\r\n"))
        with self.row("B§5: a FIN amid a chunk reaches the client without a last chunk"):
            _, _, rest, _ = self.cut("Transfer-Encoding: chunked\r\n",
                                     b"ff\r\nend-of-part", "fin")
            self.assertNotIn(b"0\r\n\r\n", rest)

    def test_reset(self):
        with self.row("B§5: an RST short of Content-Length closes the client short of it"):
            _, received, rest, _ = self.cut("Content-Length: 100\r\n", b"12345 end-of-part",
                                            "reset")
            self.assertEqual((received, rest), (b"12345 end-of-part", b""))
        with self.row("B§5: an RST short of the last chunk closes the client without one"):
            _, _, rest, _ = self.cut("Transfer-Encoding: chunked\r\n", b"b\r\nend-of-part\r\n",
                                     "reset")
            self.assertEqual(rest, b"\r\n")

    @row("B§5: an RST in a body that only the close ends reaches the client as an RST",
         needs_reset=True)
    def test_reset_until_close(self):
        _, received, rest, end = self.cut("", b"12345 end-of-part", "reset")
        self.assertEqual((received, rest, end), (b"12345 end-of-part", b"", "reset"))

    @row("B§5: a chunked answer to HTTP/1.0 that is cut reaches it as an RST")
    def test_cut_for_http10(self):
        arrived = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "b\r\nend-of-part\r\n")
            arrived.wait(4 * WAIT)

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url(), version="1.0")
        self.assertFalse(client.read_head().has("Transfer-Encoding"))
        client.recv_until(b"end-of-part")
        arrived.set()
        client.expects_reset()

    @row("B§5: what came before a FIN is delivered whole to a client that reads late")
    def test_delivered_first(self):
        data = pseudo_random(1 << 20, seed=4)

        def serve(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4200000\r\n\r\n" + data)

        origin = self.origin(serve)
        client = self.client(receive_buffer=16384)
        client.request("GET", origin.url())
        # The origin's script has ended and its socket is closed before anything is read.
        wait_until(lambda: origin.connections and origin.connections[0].closed)
        response = client.read_response(allow_truncated=True)
        self.assertIsNotNone(response.truncated)
        self.assertEqual(response.body, data)

    def test_malformed_chunks(self):
        rows = {
            "M§7.1: a bad chunk size of the origin cuts the client without a last chunk":
                b"5\r\nhello\r\nzz\r\n",
            "M§7.1: a missing CRLF of the origin cuts the client without a last chunk":
                b"5\r\nhelloXX",
        }
        for name, chunks in rows.items():
            def serve(connection, chunks=chunks):
                connection.read_request()
                connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
                connection.peer_ended()

            origin = self.origin(serve)
            with self.row(name), self.proxy.client() as client:
                client.request("GET", origin.url())
                response = client.read_response(allow_truncated=True)
                self.assertEqual(response.body, b"hello")
                self.assertIsNotNone(response.truncated)


class StreamTest(ProxyCase):
    @row("B§5: server-sent events come one by one, each before the next is sent")
    def test_events(self):
        seen = [threading.Event() for _ in range(5)]

        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n")
            for number, event in enumerate(seen):
                data = f"data: {number}\n\n"
                connection.send(f"{len(data):x}\r\n{data}\r\n")
                if not event.wait(WAIT):
                    raise AssertionError(f"event {number} was not seen")
            connection.send("0\r\n\r\n")

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url())
        self.assertEqual(client.read_head().status, 200)
        for number, event in enumerate(seen):
            self.assertEqual(client.read_chunk(), f"data: {number}\n\n".encode())
            event.set()
        self.assertEqual(client.read_chunk(), b"")

    @row("B§5: a head goes out before any of its body has come")
    def test_head_at_once(self):
        seen = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
            seen.wait(4 * WAIT)
            connection.send("ok")

        client = self.client()
        client.request("GET", self.origin(serve).url())
        response = client.read_head()
        seen.set()
        client.read_body(response)
        self.assertEqual(response.body, b"ok")

    @row("B§4: full duplex: answers come while the upload goes on")
    def test_full_duplex(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while chunk := connection.read_chunk():
                connection.send(b"%x\r\n%s\r\n" % (len(chunk), chunk.upper()))
            connection.send("0\r\n\r\n")

        client = self.client()
        client.request("POST", self.origin(serve).url(), "Transfer-Encoding: chunked")
        self.assertEqual(client.read_head().status, 200)
        for word in (b"one", b"two", b"three"):
            client.send(b"%x\r\n%s\r\n" % (len(word), word))
            self.assertEqual(client.read_chunk(), word.upper())
        client.send("0\r\n\r\n")
        self.assertEqual(client.read_chunk(), b"")

    @row("B§4: a final response during an upload goes out at once, then the client is closed")
    def test_early_response(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
            connection.origin.ends.put(connection.recv_all()[1])

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Content-Length: 1000000", body=b"x" * 1000)
        response = client.read_response()
        self.assertEqual((response.status, response.body), (413, b"big"))
        client.expects_eof()
        origin.next_end()

    @row("B§4: an upstream connection with an unfinished upload is never used again")
    def test_early_response_not_pooled(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send(OK)
            connection.recv_all()

        origin = self.origin(serve)
        for _ in range(2):
            client = self.client()
            client.request("POST", origin.url(), "Content-Length: 9", body=b"x")
            self.assertEqual(client.read_response().status, 200)
            client.expects_eof()
        self.assertEqual(len(origin.connections), 2)

    @row("B§6: an answer sent by an origin that then resets amid the upload is delivered")
    def test_answer_then_close(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n"
                            "Connection: close\r\n\r\nbig")
            connection.half_close()
            connection.recv_all()

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Content-Length: 3000000", body=b"x" * 100000)
        self.assertEqual(client.read_response().body, b"big")

    @row("B§5: an answer whose origin resets the unread upload is delivered",
         needs_reset=True)
    def test_answer_then_reset(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
            # Closing with unread data sends an RST.

        origin = self.origin(serve, receive_buffer=4096)
        for _ in range(10):
            with self.proxy.client() as client:
                client.request("POST", origin.url(), "Content-Length: 300000", body=b"x" * 200000)
                response = client.read_response()
                self.assertEqual((response.status, response.body), (413, b"big"))

    @row("B§7: an origin that resets amid the upload without an answer is a 502")
    def test_reset_amid_upload(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.reset()

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Content-Length: 3000", body=b"x" * 1000)
        self.assertEqual(client.read_response().status, 502)
        client.expects_eof()

    @row("B§6: a client that closes amid a stream ends it upstream too")
    def test_client_closes(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                while True:
                    connection.send("400\r\n" + "x" * 0x400 + "\r\n")
            except OSError:
                connection.origin.ends.put("ended")

        origin = self.origin(serve)
        client = self.client()
        client.request("GET", origin.url())
        client.read_head()
        client.read_chunk()
        client.close()
        self.assertEqual(origin.next_end(), "ended")

    @row("B§5: a response sent an octet at a time arrives whole, and at once")
    def test_bytewise(self):
        raw = ("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nX: a\r\n"
               "Transfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n")

        def serve(connection):
            for _ in range(2):
                connection.read_request()
                for octet in raw:
                    connection.send(octet)

        origin = self.origin(serve)
        client = self.client()
        for _ in range(2):
            client.request("GET", origin.url())
            response, interim = client.read_final()
            self.assertEqual((response.body, response.trailers), (b"hello!", [("X-Sum", "1")]))
            self.assertEqual(len(interim), 1)
        self.assertEqual(len(origin.connections), 1)


if __name__ == "__main__":
    unittest.main()
