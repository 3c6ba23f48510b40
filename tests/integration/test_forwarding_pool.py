# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Upstream connections: pooled, bound to a client, retried."""

import threading
import unittest

from helpers_surplus import check_surplus
from sami_support import WAIT, ProxyCase, answer, row, wait_until

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class PoolTest(ProxyCase):
    settings = {"PROXY_THREADS": "1"}

    def get(self, origin, path="/", method="GET", client=None, **options):
        client = client or self.client()
        client.request(method, origin.url(path), **options)
        return client.read_response(method)

    @row("B§6: two requests of one client share an upstream connection")
    def test_reuse(self):
        origin = self.origin()
        client = self.client()
        self.get(origin, client=client)
        self.get(origin, client=client)
        self.assertEqual((len(origin.requests), len(origin.connections)), (2, 1))

    @row("B§6: requests of two clients share an upstream connection")
    def test_reuse_across_clients(self):
        origin = self.origin()
        self.get(origin)
        self.get(origin)
        self.assertEqual((len(origin.requests), len(origin.connections)), (2, 1))

    @row("B§6: an upstream connection is kept behind HEAD, 204, 304 and chunks")
    def test_reuse_kinds(self):
        answers = iter([
            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            OK,
        ])

        def serve(connection):
            for raw in answers:
                connection.read_request()
                connection.send(raw)

        origin = self.origin(serve)
        client = self.client()
        for method in ("HEAD", "GET", "GET", "GET", "GET"):
            self.get(origin, client=client, method=method)
        self.assertEqual(len(origin.connections), 1)

    def test_not_pooled(self):
        rows = {
            "M§9.6: an origin that says close is not pooled":
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
            "M§9.3: an HTTP/1.0 origin is not pooled":
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "B§5: octets behind a response drop that connection": OK + OK,
            "B§5: octets behind a 204 drop that connection":
                "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok",
            "B§5: octets behind a last chunk drop that connection":
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n\r\n",
        }
        for name, raw in rows.items():
            origin = self.origin(answer(raw=raw.encode()))
            with self.row(name), self.proxy.client() as client:
                for _ in range(2):
                    client.request("GET", origin.url())
                    self.assertIn(client.read_response().status, (200, 204))
                self.assertEqual(len(origin.connections), 2)

    @row("B§6: octets that come while a connection is idle drop it")
    def test_surplus_while_idle(self):
        answered = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send(OK)
            if connection.number == 0:
                answered.wait(4 * WAIT)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
                connection.origin.ends.put("sent")
                connection.recv_all()

        origin = self.origin(serve)
        client = self.client()
        self.get(origin, client=client)
        answered.set()
        origin.next_end()
        self.assertEqual(self.get(origin, client=client).body, b"ok")
        self.assertEqual(len(origin.connections), 2)

    def test_surplus(self):
        check_surplus(self, {})

    @row("B§6: a connection that the origin closed while idle is not used")
    def test_closed_while_idle(self):
        closed = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send(OK)
            if connection.number == 0:
                closed.wait(4 * WAIT)

        origin = self.origin(serve)
        client = self.client()
        self.get(origin, client=client)
        closed.set()
        wait_until(lambda: origin.connections[0].closed)
        self.assertEqual(self.get(origin, client=client, method="POST", body=b"").body, b"ok")

    def dying(self, method, *fields, body=b"", how="close", dies_on=(0, )):
        """The pooled connection dies on its second request. Returns (response, requests,
        connections)."""
        def serve(connection):
            for number in range(2):
                connection.read_request()
                if connection.number in dies_on and number == 1:
                    if how == "reset":
                        connection.reset()
                    return
                connection.send(OK)
            connection.recv_all()

        origin = self.origin(serve)
        client = self.client()
        self.get(origin, client=client)
        client.request(method, origin.url("/again"), *fields, body=body)
        response = client.read_response(method)
        return (response.status,
                sum(request.target == "/again" for request in origin.requests),
                len(origin.connections))

    def test_retry(self):
        with self.row("B§6: a GET on a pooled connection that dies is retried once"):
            self.assertEqual(self.dying("GET"), (200, 2, 2))
        with self.row("B§6: a GET on a pooled connection that is reset is retried once"):
            self.assertEqual(self.dying("GET", how="reset"), (200, 2, 2))
        with self.row("S§9.2.2: a DELETE is idempotent and retried"):
            self.assertEqual(self.dying("DELETE"), (200, 2, 2))
        with self.row("B§6: a POST is never sent twice"):
            self.assertEqual(self.dying("POST", "Content-Length: 2", body=b"hi"), (502, 1, 1))
        with self.row("B§6: a POST without a body is never sent twice"):
            self.assertEqual(self.dying("POST"), (502, 1, 1))
        with self.row("B§6: a PUT with a body is never sent twice"):
            self.assertEqual(self.dying("PUT", "Content-Length: 2", body=b"hi"), (502, 1, 1))

    @row("B§6: a GET is retried once, not for ever")
    def test_retried_once(self):
        def serve(connection):
            connection.read_request()
            if connection.number == 0:
                connection.send(OK)
                connection.read_request()

        origin = self.origin(serve)
        client = self.client()
        self.get(origin, client=client)
        self.assertEqual(self.get(origin, "/again", client=client).status, 502)
        self.assertEqual((len(origin.requests), len(origin.connections)), (3, 2))

    @row("B§6: at most 8 idle connections are kept for one origin")
    def test_pool_bound(self):
        go = threading.Barrier(12)

        def serve(connection):
            connection.read_request()
            if connection.number < 12:
                go.wait(WAIT)
            connection.send(OK)
            connection.recv_all()
            connection.origin.ends.put("closed")

        origin = self.origin(serve)
        clients = [self.client() for _ in range(12)]
        for client in clients:
            client.request("GET", origin.url())
        for client in clients:
            self.assertEqual(client.read_response().status, 200)
        for _ in range(4):
            origin.next_end()
        self.assertTrue(origin.ends.empty())

    @row("B§6: a GET on a fresh connection that dies is not retried")
    def test_no_retry_fresh(self):
        origin = self.origin(lambda connection: connection.read_request())
        self.assertEqual(self.get(origin).status, 502)
        self.assertEqual(len(origin.connections), 1)

    @row("B§6: a GET is not retried when a part of the answer had come")
    def test_no_retry_partial(self):
        def serve(connection):
            connection.read_request()
            connection.send(OK)
            connection.read_request()
            connection.send("HTTP/1.1 200")

        origin = self.origin(serve)
        client = self.client()
        self.get(origin, client=client)
        self.assertEqual(self.get(origin, client=client).status, 502)
        self.assertEqual(len(origin.connections), 1)

    def test_ntlm(self):
        challenge = answer(b"no", "401 Unauthorized", "WWW-Authenticate: NTLM")
        negotiate = answer(b"no", "401 Unauthorized", "WWW-Authenticate: Negotiate abc")
        for name, script in {
                "B§6: a connection that saw NTLM serves only that client": challenge,
                "B§6: a connection that saw Negotiate serves only that client": negotiate}.items():
            with self.row(name):
                origin = self.origin(script)
                first, second = self.client(), self.client()
                self.get(origin, "/first", client=first)
                self.get(origin, "/second", client=second)
                self.get(origin, "/first", client=first)
                self.get(origin, "/second", client=second)
                self.assertEqual(
                    [[request.target for request in connection.requests]
                     for connection in origin.connections],
                    [["/first", "/first"], ["/second", "/second"]])

    def test_ntlm_is_for_life(self):
        """The first request authenticates the connection; the client's later ones carry no
        credentials."""
        signed = answer(b"yours", "200 OK")
        listed = answer(b"no", "401 Unauthorized", 'WWW-Authenticate: Basic realm="a, b", NTLM')
        rows = {
            "B§6: a connection that NTLM authenticated stays with its client, whatever follows":
                (signed, ("Authorization: NTLM TlRMTVNTUAAD",)),
            "B§6: a connection that Negotiate authenticated stays with its client":
                (signed, ("Authorization: Negotiate YIIB",)),
            "B§6: a connection is bound by NTLM anywhere in a list of challenges": (listed, ()),
        }
        for name, (script, fields) in rows.items():
            with self.row(name):
                origin = self.origin(script)
                first, stranger = self.client(), self.client()
                first.request("GET", origin.url("/first"), *fields)
                first.read_response()
                for _ in range(2):
                    self.get(origin, "/first", client=first)
                self.get(origin, "/stranger", client=stranger)
                self.get(origin, "/first", client=first)
                self.assertEqual(
                    [[request.target for request in connection.requests]
                     for connection in origin.connections],
                    [["/first"] * 4, ["/stranger"]])

    @row("B§6: an upstream connection authorized by NTLM is closed with its client")
    def test_ntlm_not_pooled(self):
        origin = self.origin()
        with self.proxy.client() as client:
            client.request("GET", origin.url(), "Authorization: NTLM TlRMTVNTUAAB")
            client.read_response()
        origin.next_end()
        self.get(origin)
        self.assertEqual(len(origin.connections), 2)


if __name__ == "__main__":
    unittest.main()
