# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""https:// targets in absolute-form: fetched over TLS, verified, or refused with the reason."""

import socket
import unittest

from helpers_surplus import check_surplus
from sami_support import ProxyCase, TestCa, answer, row


class TlsTest(ProxyCase):
    @classmethod
    def setUpClass(cls):
        cls.ca = TestCa.shared()
        cls.settings = {"PROXY_UPSTREAM_CA_FILE": cls.ca.ca_file, "PROXY_THREADS": "1"}
        super().setUpClass()

    def serve(self, handler=None, ca=None, **options):
        return self.origin(handler, tls=(ca or self.ca).server_context(**options))

    def assert_refused(self, origin, token, host="localhost", origin_sees_nothing=True):
        response = self.proxy.get(origin.url("/", scheme="https", host=host))
        self.assertEqual(response.status, 502)
        self.assertIn(f"error={token}", response.value("Proxy-Status"))
        if origin_sees_nothing:
            self.assertEqual(origin.requests, [])
        return response

    @row("S§4.2.2: an https target is fetched over TLS, verified against the given CA")
    def test_verified(self):
        seen = []

        def serve(connection):
            seen.append((connection.socket.version(), connection.socket.selected_alpn_protocol()))
            request = connection.read_request()
            connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{request.target}")

        origin = self.serve(serve)
        response = self.proxy.get(origin.url("/a?b", host="localhost"))
        self.assertEqual((response.status, response.body), (200, b"/a?b"))
        self.assertEqual(origin.requests[0].value("Host"), f"localhost:{origin.port}")
        self.assertIn(seen[0][0], ("TLSv1.2", "TLSv1.3"))
        self.assertEqual(seen[0][1], "http/1.1")

    @row("B§4: a WebSocket asked for by wss:// becomes a tunnel over verified TLS")
    def test_websocket(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                            "Upgrade: websocket\r\n\r\n")
            connection.send(connection.recv_exactly(4))

        origin = self.serve(serve)
        with self.proxy.client() as client:
            client.request("GET", origin.url("/", scheme="wss", host="localhost"),
                           "Connection: Upgrade", "Upgrade: websocket")
            self.assertEqual(client.read_head().status, 101)
            client.send(b"ping")
            self.assertEqual(client.recv_exactly(4), b"ping")
        stranger = self.serve(ca=TestCa.stranger())
        self.assertEqual(
            self.proxy.get(stranger.url("/", scheme="wss", host="localhost")).status, 502)

    @row("B§4: SNI is the request's host, though an address is dialled")
    def test_sni(self):
        names = []
        context = self.ca.server_context()
        context.sni_callback = lambda sock, name, ctx: names.append(name)
        origin = self.origin(tls=context)
        self.assertEqual(self.proxy.get(origin.url(host="localhost")).status, 200)
        self.assertEqual(names, ["localhost"])

    @row("S§4.3.5: a certificate for an address serves that address")
    def test_address(self):
        origin = self.serve(name="127.0.0.1")
        self.assertEqual(self.proxy.get(origin.url(host="127.0.0.1")).status, 200)

    @row("S§4.3.4: a certificate for another name is a 502 that says so")
    def test_wrong_name(self):
        response = self.assert_refused(self.serve(name="other.example"), "tls_certificate_error")
        self.assertIn(b"certificate", response.body)

    @row("S§4.3.5: a certificate for a name does not serve an address")
    def test_name_for_address(self):
        self.assert_refused(self.serve(), "tls_certificate_error", host="127.0.0.1")

    @row("RFC 9525 §6: a certificate that has the name only as its common name is a 502")
    def test_common_name(self):
        self.assert_refused(self.serve(mere_common_name=True), "tls_certificate_error")

    @row("B§4: an expired certificate is a 502 that says so")
    def test_expired(self):
        self.assert_refused(self.serve(expired=True), "tls_certificate_error")

    @row("B§4: a certificate of an unknown authority is a 502 that says so")
    def test_unknown_authority(self):
        self.assert_refused(self.serve(ca=TestCa.stranger()), "tls_certificate_error")

    @row("B§4: an https target that speaks no TLS is a 502 that says so")
    def test_no_tls(self):
        def serve(connection):
            connection.recv_some()
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            connection.recv_all()

        self.assert_refused(self.origin(serve), "tls_protocol_error")

    @row("B§4: an http target is not spoken to in TLS")
    def test_http_to_tls(self):
        origin = self.serve()
        response = self.proxy.get(origin.url(scheme="http", host="localhost"))
        self.assertEqual(response.status, 502)
        self.assertEqual(origin.requests, [])

    @row("B§6: TLS connections are pooled, and not for plain requests")
    def test_pool(self):
        origin = self.serve()
        for _ in range(3):
            self.assertEqual(self.proxy.get(origin.url(host="localhost")).status, 200)
        self.assertEqual(len(origin.connections), 1)
        self.proxy.get(origin.url(scheme="http", host="localhost"))
        self.assertEqual(len(origin.connections), 2)

    def test_surplus(self):
        check_surplus(self, dict(tls=self.ca.server_context()))

    @row("B§5: a TLS body of 5 MB arrives whole")
    def test_large(self):
        body = bytes(range(256)) * 20480
        origin = self.serve(answer(body))
        self.assertEqual(self.proxy.get(origin.url(host="localhost")).body, body)

    @row("B§5: 5 MB go up over TLS")
    def test_large_upload(self):
        body = bytes(range(256)) * 20480
        origin = self.serve()
        response = self.proxy.get(origin.url(host="localhost"), f"Content-Length: {len(body)}",
                                  method="POST", body=body)
        self.assertEqual(response.status, 200)
        self.assertEqual(origin.requests[0].body, body)

    @row("B§5: a TLS connection that ends amid a body leaves the client short of it")
    def test_truncated(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart")

        client = self.client()
        client.request("GET", self.serve(serve).url(host="localhost"))
        response = client.read_response(allow_truncated=True)
        self.assertEqual((response.body, response.truncated is not None), (b"part", True))

    @row("M§9.8: a close without close_notify is no clean end of a body")
    def test_no_close_notify(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\n\r\npart")
            # Only the TCP connection ends: anybody on the path could have sent that FIN.
            connection.close()

        client = self.client()
        client.request("GET", self.serve(serve).url(host="localhost"))
        response = client.read_response(allow_truncated=True)
        self.assertEqual((response.body, response.truncated), (b"part", "reset"))

    @row("B§5: a client that hangs up amid an https answer does not get its end",
         needs_half_close=True)
    def test_client_hangs_up(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\n\r\npart")
            connection.peer_ended()

        client = self.client()
        client.request("GET", self.serve(serve).url(host="localhost"))
        client.recv_until(b"part")
        client.half_close()
        client.expects_reset()

    @row("S§7.8: a WebSocket over an https target becomes a tunnel")
    def test_websocket(self):
        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                            "Upgrade: websocket\r\n\r\n")
            connection.send(connection.recv_exactly(4).upper())
            connection.recv_all()

        client = self.client()
        client.request("GET", self.serve(serve).url(host="localhost"), "Connection: Upgrade",
                       "Upgrade: websocket")
        self.assertEqual(client.read_head().status, 101)
        client.send("ping")
        self.assertEqual(client.recv_exactly(4), b"PING")

    @row("B§4: http to port 443 is fetched over TLS too")
    def test_port_443(self):
        # An address on which nothing else listens.
        try:
            origin = self.origin(tls=self.ca.server_context("127.77.43.1"), host="127.77.43.1",
                                 port=443)
        except PermissionError:
            self.skipTest("port 443 may not be bound here")
        with self.subTest("fetched over TLS"):
            self.assertEqual(self.proxy.get("http://127.77.43.1:443/x").status, 200)
        self.assertEqual(origin.requests[0].target, "/x")

    @row("B§7: an https target that refuses the connection is a 502")
    def test_refused(self):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        response = self.proxy.get(f"https://localhost:{port}/")
        self.assertEqual(response.status, 502)
        self.assertIn("connection_refused", response.value("Proxy-Status"))


if __name__ == "__main__":
    unittest.main()
