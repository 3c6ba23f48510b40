# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Messages that two readers could frame differently are refused, and nothing of them is forwarded.
"""

import unittest

from sami_support import ProxyCase, row


class RefusedHeadsTest(ProxyCase):
    def refuse(self, rows, status):
        origin = self.origin()
        expected = status if isinstance(status, tuple) else (status,)
        for name, (line, fields, body) in rows.items():
            with self.row(name), self.proxy.client() as client:
                line = line.replace("URL", origin.url("/x"))
                client.send(f"{line}\r\nHost: {origin.authority}\r\n{fields}\r\n{body}")
                response = client.read_response()
                self.assertIn(response.status, expected)
                self.assertEqual(response.values("Connection"), ["close"])
                self.assertTrue(response.body)
                client.expects_eof()
                self.assertEqual(origin.connections, [], "something was forwarded")

    def test_lengths(self):
        post = "POST URL HTTP/1.1"
        self.refuse({
            "M§6.1: Transfer-Encoding and Content-Length together are refused": (
                post, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            "M§6.3: two unequal Content-Length fields are refused": (
                post, "Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
            "M§6.3: two equal Content-Length fields are refused": (
                post, "Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
            "M§6.3: a list of equal Content-Lengths is refused": (
                post, "Content-Length: 5, 5\r\n", "hello"),
            "S§8.6: a Content-Length with a plus sign is refused": (
                post, "Content-Length: +5\r\n", "hello"),
            "S§8.6: a negative Content-Length is refused": (
                post, "Content-Length: -5\r\n", "hello"),
            "S§8.6: a hexadecimal Content-Length is refused": (
                post, "Content-Length: 0x5\r\n", "hello"),
            "S§8.6: a Content-Length with a blank inside is refused": (
                post, "Content-Length: 1 0\r\n", "hello"),
            "S§8.6: an empty Content-Length is refused": (
                post, "Content-Length:\r\n", "hello"),
            "S§8.6: a Content-Length that overflows is refused": (
                post, "Content-Length: 99999999999999999999999\r\n", "hello"),
            "S§8.6: a Content-Length that wraps to a small number is refused": (
                post, "Content-Length: 18446744073709551621\r\n", "hello"),
        }, 400)

    def test_codings(self):
        post = "POST URL HTTP/1.1"
        self.refuse({
            "M§6.3: chunked that is not the last coding is refused": (
                post, "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
            "M§6.1: chunked twice is refused": (
                post, "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
            "M§6.1: chunked in two fields is refused": (
                post, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\n"),
            "M§6.1: a final coding that is not chunked is refused": (
                post, "Transfer-Encoding: gzip\r\n", "0\r\n\r\n"),
            "M§6.1: a coding in disguise is refused": (
                post, "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
            "M§6.1: a coding with a vertical tab is refused": (
                post, "Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n"),
        }, (400, 501))
        self.refuse({
            "M§6.1: an unknown coding before chunked is a 501": (
                post, "Transfer-Encoding: sami, chunked\r\n", "0\r\n\r\n"),
        }, 501)
        self.refuse({
            "M§6.1: Transfer-Encoding in HTTP/1.0 is refused": (
                "POST URL HTTP/1.0", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        }, 400)

    def test_fields(self):
        get = "GET URL HTTP/1.1"
        self.refuse({
            "M§5.1: a blank before the colon is refused": (get, "X-A : 1\r\n", ""),
            "M§5.1: a tab before the colon is refused": (get, "X-A\t: 1\r\n", ""),
            "M§5.2: obs-fold is refused": (get, "X-A: 1\r\n 2\r\n", ""),
            "M§2.2: a bare CR in a value is refused": (get, "X-A: 1\r2\r\n", ""),
            "M§2.2: a bare CR in a name is refused": (get, "X-A\rB: 1\r\n", ""),
            "S§5.5: NUL in a value is refused": (get, "X-A: 1\x002\r\n", ""),
            "S§5.5: a control in a value is refused": (get, "X-A: 1\x012\r\n", ""),
            "S§5.5: DEL in a value is refused": (get, "X-A: 1\x7f2\r\n", ""),
            "S§5.1: a name with a parenthesis is refused": (get, "X(A): 1\r\n", ""),
            "S§5.1: a name over 127 is refused": (get, "X-\xe9: 1\r\n", ""),
            "S§5.1: an empty name is refused": (get, ": 1\r\n", ""),
            "M§5: a line without a colon is refused": (get, "X-A\r\n", ""),
        }, 400)

    def test_request_lines(self):
        rows = {
            "M§3: HTTP/1.2 is refused": "GET URL HTTP/1.2",
            "M§2.3: a version in small letters is refused": "GET URL http/1.1",
            "M§3: a version with more digits is refused": "GET URL HTTP/1.10",
            "M§3: a line without a version is refused": "GET URL",
            "M§3: two blanks are refused": "GET  URL HTTP/1.1",
            "M§3: a tab for a blank is refused": "GET\tURL HTTP/1.1",
            "M§3: a blank behind the version is refused": "GET URL HTTP/1.1 ",
            "M§3: a method that is no token is refused": "GE(T URL HTTP/1.1",
            "M§2.2: a bare CR in the request line is refused": "GET URL\rx HTTP/1.1",
            "S§4.2: NUL in a target is refused": "GET URL\x00 HTTP/1.1",
            "M§2.2: a blank before the request line is refused": " GET URL HTTP/1.1",
        }
        self.refuse({name: (line, "", "") for name, line in rows.items()}, 400)
        self.refuse({
            "S§15.6.6: another major version is a 505": ("GET URL HTTP/2.0", "", ""),
        }, 505)
        self.refuse({
            "M§2.2: a blank before the first field is refused": ("GET URL HTTP/1.1\r\n X: y", "", ""),
        }, 400)

    @row("M§9.3: a refused request takes the pipelined ones behind it along")
    def test_nothing_behind(self):
        origin = self.origin()
        client = self.client()
        good = f"GET {origin.url()} HTTP/1.1\r\nHost: x\r\n\r\n"
        client.send(f"POST {origin.url()} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                    f"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{good}")
        self.assertEqual(client.read_response().status, 400)
        client.expects_eof()
        self.assertEqual(origin.connections, [])

    @row("M§2.2: empty lines before a request line are skipped")
    def test_leading_empty_lines(self):
        origin = self.origin()
        client = self.client()
        client.send(f"\r\n\r\nGET {origin.url()} HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(client.read_response().status, 200)

    def test_junk(self):
        rows = {
            "B§4: HTTP/2's preface is answered or closed, never a crash":
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
            "B§4: a TLS hello is answered or closed, never a crash":
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
            "B§4: binary junk is answered or closed, never a crash":
                bytes(range(255, -1, -1)) * 8,
            "B§4: a SOCKS greeting is answered or closed, never a crash": b"\x05\x01\x00",
            "B§4: an SSH banner is answered or closed, never a crash": b"SSH-2.0-OpenSSH_9.6\r\n",
        }
        origin = self.origin()
        for name, junk in rows.items():
            with self.row(name), self.proxy.client() as client:
                client.send(junk)
                client.half_close()
                data = client.expects_end()
                if data:
                    self.assertRegex(data, rb"^(HTTP/1\.1 (400|505) |\x05\x00$)")
                self.assertEqual(self.proxy.get(origin.url()).status, 200)


class BodyFaultsTest(ProxyCase):
    def serve_nothing(self, connection):
        connection.read_request(body=False)
        self.seen, self.how = connection.recv_all()
        connection.origin.ends.put(self.how)

    def test_chunk_faults(self):
        rows = {
            "M§7.1: a chunk size that is no number resets the upstream": b"zz\r\nhello\r\n",
            "M§7.1: an empty chunk size resets the upstream": b"\r\nhello\r\n",
            "M§7.1: a chunk size with 0x resets the upstream": b"0x5\r\nhello\r\n",
            "M§7.1: a signed chunk size resets the upstream": b"+5\r\nhello\r\n",
            "M§7.1: a negative chunk size resets the upstream": b"-5\r\nhello\r\n",
            "M§7.1: a chunk size that overflows resets the upstream": b"1ffffffffffffffff\r\nx",
            "M§7.1: a missing CRLF behind a chunk resets the upstream": b"5\r\nhelloXX5\r\n",
            "M§7.1: a bare LF behind a chunk size resets the upstream": b"5\nhello\r\n",
            "M§7.1.1: a bare CR in a chunk extension resets the upstream": b"5;a\rb\r\nhello\r\n",
            "M§7.1.1: an endless chunk extension resets the upstream": b"5;" + b"a" * 70000,
            "M§7.1.2: a trailer that is no field resets the upstream": b"0\r\nbad line\r\n\r\n",
            "M§7.1.2: an endless trailer section resets the upstream":
                b"0\r\n" + b"X-Trailer: something\r\n" * 5000,
        }
        for name, fault in rows.items():
            with self.row(name), self.proxy.client() as client:
                origin = self.origin(self.serve_nothing)
                client.request("POST", origin.url(), "Transfer-Encoding: chunked",
                               body=b"4\r\ngood\r\n")
                origin.next_request()
                client.send(fault)
                response = client.read_response()
                self.assertEqual(response.status, 400)
                self.assertEqual(response.values("Connection"), ["close"])
                self.assertEqual(origin.next_end(), "reset")
                self.assertNotIn(b"\r\n0\r\n", self.seen)
                client.expects_end()

    @row("B§4: a body fault behind a response head cuts the client")
    def test_fault_behind_head(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart")
            connection.origin.ends.put(connection.recv_all()[1])

        origin = self.origin(serve)
        client = self.client()
        client.request("POST", origin.url(), "Transfer-Encoding: chunked", body=b"4\r\ngood\r\n")
        head = client.read_head()
        self.assertEqual(head.status, 200)
        self.assertEqual(client.recv_exactly(4), b"part")
        client.send(b"zz\r\n")
        self.assertEqual(client.expects_end(), b"")
        self.assertEqual(origin.next_end(), "reset")

    @row("B§5: a body fault behind a head that only the close ends resets the client")
    def test_fault_behind_close_delimited(self):
        def serve(connection):
            connection.read_request(body=False)
            connection.send("HTTP/1.1 200 OK\r\n\r\npart")
            connection.recv_all()

        client = self.client()
        client.request("POST", self.origin(serve).url(), "Transfer-Encoding: chunked",
                       body=b"4\r\ngood\r\n")
        client.recv_until(b"part")
        client.send(b"zz\r\n")
        client.expects_reset()

    @row("M§8: a request cut by the client never looks complete to the origin")
    def test_cut_request(self):
        origin = self.origin(self.serve_nothing)
        client = self.client()
        client.request("POST", origin.url(), "Content-Length: 100", body=b"half")
        origin.next_request()
        client.half_close()
        self.assertEqual(origin.next_end(), "reset")

    @row("M§8: a client that resets in its upload resets the upstream")
    def test_reset_request(self):
        origin = self.origin(self.serve_nothing)
        client = self.client()
        client.request("POST", origin.url(), "Transfer-Encoding: chunked", body=b"4\r\ngood\r\n")
        origin.next_request()
        client.reset()
        origin.next_end()
        self.assertNotIn(b"\r\n0\r\n", self.seen)


if __name__ == "__main__":
    unittest.main()
