# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""PROXY_TLS=require: what is still proxied in clear text, and what a clear-text client is told."""

import struct
import unittest

from sami_support import Origin, Proxy, RowCase, answer, row, wait_until
from sami_support.doorclient import DoorClient, settings
from test_tls_door import basic

CREDENTIALS = {"PROXY_AUTH_USERNAME": "sami", "PROXY_AUTH_PASSWORD": "secret"}
WAYS = {"none": (), "right": (basic(),), "wrong": (basic(password="wrong"),)}


class Required(RowCase):
    def setUp(self):
        self.proxy = self.enter(Proxy(settings(PROXY_TLS="require",
                                               AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS=2,
                                               **CREDENTIALS)))

    @row("B§11: in clear text 403 with right, wrong and no credentials alike")
    def test_clear(self):
        for method, target in (("GET", "http://localhost:1/"), ("CONNECT", "localhost:1"),
                               ("GET", "/no-page"),
                               ("POST", "http://localhost:1/")):
            answers = set()
            for name, fields in WAYS.items():
                with self.subTest(method=method, target=target, credentials=name):
                    response = self.proxy.get(target, *fields, method=method)
                    self.assertEqual(response.status, 403)
                    self.assertEqual(response.values("Proxy-Authenticate"), [])
                    self.assertIn("This proxy asks for TLS", response.value("Proxy-Status"))
                    answers.add(response.body)
            self.assertEqual(len(answers), 1)

    @row("B§11: they are neither checked nor counted")
    def test_not_counted(self):
        for i in range(10):
            self.proxy.get("http://localhost:1/", basic(password=f"wrong{i}"))
        origin = self.enter(Origin(answer(b"hello")))
        client = self.enter(DoorClient(self.proxy)).handshake()
        self.assertEqual(client.get(origin.url(), basic())[0], 200)
        self.assertFalse([line for line in self.proxy.log_lines() if "user" in line
                          and line.get("tls") == "-"])

    @row("B§11: a password that came in clear text has a line that says so")
    def test_warned(self):
        self.proxy.get("http://localhost:1/")
        self.proxy.get("http://localhost:1/", basic())
        self.proxy.wait_for_log(
            lambda line: line.get("message") == "a password came in clear text: change it")
        lines = self.proxy.wait_for_access(2)
        self.assertEqual({line["reason"] for line in lines}, {"tls_required"})
        self.assertEqual(1, sum("clear text" in line.get("message", "")
                                for line in self.proxy.log_lines()))
        self.assertNotIn("secret", self.proxy.log_text())

    @row("B§11: so has one that came with a page's request, or with a malformed one")
    def test_warned_elsewhere(self):
        for count, target in enumerate(("/health", "http://127.1:1/"), 1):
            with self.subTest(target):
                self.proxy.get(target, basic())
                wait_until(lambda c=count: c == sum(
                    "clear text" in line.get("message", "") for line in self.proxy.log_lines()),
                    what="the line about the password")

    @row("B§11: so has one that came with a head that was refused, or never ended")
    def test_warned_of_a_refused_head(self):
        field = basic()
        heads = (
            f"GET http://localhost/ HTTP/1.1\r\n{field}\r\nHost : localhost\r\n\r\n",
            f"GET http://localhost/ HTTP/1.1\r\nHost : localhost\r\n{field}\r\n\r\n",
            f"GET http://localhost/ HTTP/9.1\r\nHost: localhost\r\n{field}\r\n\r\n",
            f"GET http://localhost/ HTTP/1.1\r\n{field}\x01\r\n\r\n",
            f"GET http://localhost/ HTTP/1.1\r\n{field}\r\nHost: local",
        )
        for count, head in enumerate(heads, 1):
            with self.subTest(head), self.proxy.client() as client:
                client.send(head.encode())
                client.half_close()
                client.recv_all()
                wait_until(lambda c=count: c == sum(
                    "clear text" in line.get("message", "") for line in self.proxy.log_lines()),
                    what="the line about the password")
        with self.proxy.client() as client:
            client.send(b"GET http://localhost/ HTTP/9.1\r\nHost: localhost\r\n\r\n")
            client.recv_all()
        self.proxy.wait_for_access(len(heads) + 1)
        self.assertEqual(self.proxy.log_text().count("clear text"), len(heads))
        self.assertNotIn("secret", self.proxy.log_text())

    @row("B§11: own pages answer in clear text")
    def test_pages(self):
        for page in ("/", "/health", "/status"):
            self.assertEqual(self.proxy.get(page).status, 200)

    @row("B§11: over TLS all is as without it")
    def test_encrypted(self):
        origin = self.enter(Origin(answer(b"hello")))
        client = self.enter(DoorClient(self.proxy)).handshake()
        self.assertEqual(client.get(origin.url())[0], 407)
        self.assertEqual(client.get(origin.url(), basic())[0], 200)


class Socks5(RowCase):
    def setUp(self):
        self.proxy = self.enter(Proxy(settings(PROXY_TLS="require", **CREDENTIALS)))

    @row("B§11: SOCKS5 in clear text gets method FF, whatever it offers, and no question")
    def test_clear(self):
        for methods in (b"\x00", b"\x02", b"\x00\x02"):
            with self.subTest(methods), self.proxy.client() as client:
                client.send(b"\x05" + bytes([len(methods)]) + methods)
                self.assertEqual(client.recv_all(), (b"\x05\xff", "fin"))
        lines = self.proxy.wait_for_access(3)
        self.assertEqual({(line["front"], line["reason"]) for line in lines},
                         {("socks5", "tls_required")})
        self.assertNotIn("clear text", self.proxy.log_text())

    @row("B§11: a password that SOCKS5 sends unasked has its line")
    def test_warned(self):
        with self.proxy.client() as client:
            client.send(b"\x05\x01\x02\x01\x04sami\x06secret")
            self.assertEqual(client.recv_all()[0], b"\x05\xff")
        self.proxy.wait_for_log(
            lambda line: line.get("message") == "a password came in clear text: change it")

    @row("B§11: SOCKS5 inside TLS is SOCKS5")
    def test_encrypted(self):
        origin = self.enter(Origin(lambda connection: connection.send(b"hello")))
        client = self.enter(DoorClient(self.proxy)).handshake()
        client.send(b"\x05\x01\x02")
        self.assertEqual(client.exactly(2), b"\x05\x02")
        client.send(b"\x01\x04sami\x06secret")
        self.assertEqual(client.exactly(2), b"\x01\x00")
        client.send(b"\x05\x01\x00\x01\x7f\x00\x00\x01" + struct.pack(">H", origin.port))
        self.assertEqual(client.exactly(10)[:2], b"\x05\x00")
        self.assertEqual(client.exactly(5), b"hello")
        client.half_close()
        line = self.proxy.wait_for_access(1)[0]
        self.assertEqual((line["front"], line["tls"]), ("socks5", "1.3"))


class Impossible(RowCase):
    @row("B§11: required without a certificate to show: exit 2, and what to do")
    def test_no_identity(self):
        proxy = self.enter(Proxy({"PROXY_TLS": "require"}, expect_start=False))
        self.assertEqual(proxy.wait_exit(), 2)
        text = proxy.stderr() + proxy.log_text()
        for word in ("PROXY_TLS", "PROXY_TLS_CERT_FILE", "PROXY_STATE_DIR"):
            self.assertIn(word, text)


if __name__ == "__main__":
    unittest.main()
