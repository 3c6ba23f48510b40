# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""TLS between clients and the proxy: what passes through it, and how it begins and ends."""

import base64
import queue
import signal
import socket
import ssl
import struct
import time
import unittest

from sami_support import WAIT, Origin, Proxy, ProxyCase, RowCase, TestCa, answer, row
from sami_support.doorclient import DoorClient, Ended, context, settings

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
HELLO = b"\x16\x03\x01"


def basic(user="sami", password="secret"):
    return "Proxy-Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Door(ProxyCase):
    settings = settings()

    def visitor(self, **options):
        return self.enter(DoorClient(self.proxy, **options))

    def line(self, predicate):
        return self.proxy.wait_for_access(1, predicate)[-1]


class Through(Door):
    @row("B§11: TLS and clear text are at one port, in both versions of TLS")
    def test_both(self):
        origin = self.origin(answer(b"hello"))
        self.assertEqual(self.proxy.get(origin.url("/clear")).body, b"hello")
        for version in VERSIONS:
            with self.subTest(version.name):
                client = self.visitor(tls=context(newest=version, oldest=version)).handshake()
                self.assertEqual(client.tls.selected_alpn_protocol(), "http/1.1")
                status, fields, body = client.get(origin.url(f"/{version.name}"))
                self.assertEqual((status, body), (200, b"hello"))
                line = self.line(lambda line: version.name in line.get("target", ""))
                self.assertEqual(line["tls"], client.tls.version().removeprefix("TLSv"))
        self.assertEqual(self.line(lambda line: "/clear" in line.get("target", ""))["tls"], "-")

    @row("B§11: a tunnel inside TLS carries both ways, and each half ends by itself")
    def test_tunnel(self):
        def serve(connection):
            connection.send(b"first" + connection.recv_exactly(5))
            connection.recv_all()
            connection.send(b"last")
        origin = self.origin(serve)
        client = self.visitor().handshake()
        self.assertEqual(client.connect(origin.authority), 200)
        client.send(b"hello")
        self.assertEqual(client.exactly(10), b"firsthello")
        client.half_close()
        self.assertEqual(client.to_end(), (b"last", "close_notify"))
        line = self.line(lambda line: line.get("target") == origin.authority)
        self.assertEqual((line["how"], line["tls"]), ("fin", "1.3"))

    @row("B§11: an origin that ends first ends its half alone")
    def test_origin_ends(self):
        def serve(connection):
            connection.send(b"all")
            connection.half_close()
            heard.put(connection.recv_all())
        heard = queue.Queue()
        origin = self.origin(serve)
        client = self.visitor().handshake()
        client.connect(origin.authority)
        self.assertEqual(client.to_end(), (b"all", "close_notify"))
        client.send(b"more")
        client.half_close()
        self.assertEqual(heard.get(timeout=WAIT), (b"more", "fin"))

    @row("B§11: requests that came together are answered in order")
    def test_pipeline(self):
        origin = self.origin(answer(b"x"))
        client = self.visitor().handshake()
        lines = b"".join(f"GET {origin.url(f'/{i}')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
                         for i in range(3))
        client.send(lines)
        for _ in range(3):
            self.assertEqual(client.response()[0], 200)

    @row("B§11: a request that comes with the end of the handshake is its first")
    def test_at_once(self):
        client = self.visitor()
        while not client.step():
            client.flush()
            client.fill()
        client.tls.write(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        client.flush()
        self.assertEqual(client.response()[0], 200)

    @row("B§11: a handshake that comes octet by octet is one")
    def test_slow(self):
        client = self.visitor()
        client.step()
        for octet in client.take():
            client.socket.sendall(bytes([octet]))
        client.fill()
        while not client.step():
            client.fill()
        for octet in client.take():
            client.socket.sendall(bytes([octet]))
        self.assertEqual(client.get("/health")[0], 200)

    @row("B§11: a session is resumed by its ticket")
    def test_resumed(self):
        for version in VERSIONS:
            with self.subTest(version.name):
                tls = context(newest=version, oldest=version)
                client = self.visitor(tls=tls).handshake()
                client.get("/health")
                again = self.visitor(tls=tls, session=client.tls.session).handshake()
                self.assertTrue(again.tls.session_reused)
                self.assertEqual(again.get("/health")[0], 200)

    @row("B§11: any name that is asked for gets the same certificate")
    def test_any_name(self):
        tls = context()
        tls.check_hostname = False
        for name in ("another.example", None):
            client = self.visitor(tls=tls, name=name).handshake()
            self.assertIn(("DNS", "localhost"), client.tls.getpeercert()["subjectAltName"])

    @row("B§11: TLS inside TLS is no HTTP")
    def test_inside(self):
        client = self.visitor().handshake()
        client.send(HELLO + b"\x00\x05\x01\x00\x00\x01\x00")
        self.assertEqual(client.response()[0], 400)
        line = self.line(lambda line: line.get("status") == 400)
        self.assertEqual(line["tls"], "1.3")


class Refused(Door):
    def failure(self, client):
        with self.assertRaises((ssl.SSLError, Ended)) as caught:
            client.handshake()
            client.get("/health")
        return caught.exception

    @row("B§11: older versions of TLS are refused by the alert for it")
    def test_old(self):
        tls = context()
        tls.set_ciphers("ALL:@SECLEVEL=0")
        tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1_1
        self.assertIn("protocol version", str(self.failure(self.visitor(tls=tls))))
        self.line(lambda line: line.get("reason") == "tls_version")

    @row("B§11: a client that offers other protocols only gets the alert")
    def test_alpn(self):
        failed = self.failure(self.visitor(tls=context(alpn=("h2",))))
        self.assertIn("no application protocol", str(failed))
        self.line(lambda line: line.get("reason") == "tls_alpn")

    @row("B§11: ciphers without forward secrecy are refused")
    def test_ciphers(self):
        tls = context(newest=ssl.TLSVersion.TLSv1_2)
        tls.set_ciphers("AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA")
        self.failure(self.visitor(tls=tls))
        self.line(lambda line: line.get("reason") == "tls_cipher")

    @row("B§11: a client that does not trust the certificate is named")
    def test_untrusted(self):
        for version in VERSIONS:
            with self.subTest(version.name):
                tls = context(TestCa.stranger(), newest=version, oldest=version)
                client = self.visitor(tls=tls)
                with self.assertRaises(ssl.SSLCertVerificationError):
                    client.handshake()
                client.flush()  # sends its alert
                port = client.socket.getsockname()[1]
                line = self.line(lambda line, port=port: line.get("reason") == "tls_untrusted")
                self.assertEqual(line["by"], "client")
        words = self.proxy.wait_for_log(lambda line: line["message"].startswith("a client does not trust"))
        self.assertIn("unknown ca", words["alert"])

    @row("B§11: an alert after the handshake, before any request, is named too")
    def test_late_alert(self):
        for version in VERSIONS:
            with self.subTest(version.name):
                client = self.visitor(tls=context(newest=version, oldest=version)).handshake()
                client.give_up()
                line = self.line(lambda line: line.get("reason") == "tls_alert")
                self.assertEqual((line["by"], line["level"]), ("client", "info"))

    @row("B§11: a health check that connects and closes has no line at info")
    def test_bare(self):
        count = len(self.proxy.access_lines())
        for how in ("fin", "reset"):
            with self.proxy.client() as client:
                client.close() if how == "fin" else client.reset()
        self.visitor().handshake().socket.close()
        self.visitor().handshake().get("/health")
        self.proxy.wait_for_access(count + 1)
        self.assertEqual([line for line in self.proxy.access_lines()[count:] if line.get("method") is None], [])

    @row("B§11: what is no TLS after its first octet is named")
    def test_garbage(self):
        with self.proxy.client() as client:
            client.send(b"\x16 is not all there is to it")
            self.assertEqual(client.recv_all(), (b"", "fin"))
        self.line(lambda line: line.get("reason") == "tls_malformed")

    @row("B§11: HTTP in the middle of a handshake ends it")
    def test_http_amid(self):
        client = self.visitor()
        client.step()
        client.flush()
        client.fill()
        client.socket.sendall(b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with self.assertRaises((Ended, ssl.SSLError)):
            while not client.step():
                client.fill()
            client.some()
        self.line(lambda line: line.get("reason", "").startswith("tls_") and line["up"] == 0)

    @row("B§11: a hello that announces more than 16 KB is not waited for")
    def test_long_hello(self):
        with self.proxy.client() as client:
            client.send(HELLO + struct.pack(">H", 4) + b"\x01\x01\x00\x00")
            self.assertEqual(client.recv_all()[0], b"")

    @row("B§11: a client that closes amid the handshake is named, with FIN and RST")
    def test_cut(self):
        for how in ("fin", "reset"):
            with self.subTest(how):
                client = self.proxy.client()
                client.send(HELLO)
                client.close() if how == "fin" else client.reset()
                self.line(lambda line, how=how: line.get("reason") == "tls_cut"
                          and line["how"] == how)

    @row("B§11: an end without close_notify is a truncation where something was under way")
    def test_truncated(self):
        heard = queue.Queue()
        origin = self.origin(lambda connection: heard.put(connection.recv_all()))
        client = self.visitor().handshake()
        client.connect(origin.authority)
        client.send(b"a part")
        client.socket.shutdown(socket.SHUT_WR)
        line = self.line(lambda line: line.get("target") == origin.authority)
        self.assertEqual((line["by"], line["how"], line.get("reason")),
                         ("client", "error", "tls_truncated"))
        self.assertEqual(line["up"], 6)
        self.assertEqual(heard.get(timeout=WAIT), (b"a part", "reset"))

    @row("B§11: an end without close_notify between requests is an end like any other")
    def test_idle_end(self):
        client = self.visitor().handshake()
        client.get("/health")
        count = len(self.proxy.access_lines())
        client.socket.close()
        other = self.visitor().handshake()
        other.get("/health")
        self.proxy.wait_for_access(count + 1)
        self.assertFalse([line for line in self.proxy.access_lines()[count:]
                          if line.get("reason") == "tls_truncated"])


class Limits(RowCase):
    def proxy(self, **others):
        return self.enter(Proxy(settings(**others)))

    @row("B§11: the header timeout counts from accept over the handshake to the head's end")
    def test_one_timeout(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS=1500)
        proxy.get("/health")  # proves that it accepts connections
        began = time.monotonic()
        client = self.enter(DoorClient(proxy))
        client.step()
        hello = client.take()
        time.sleep(0.7)
        client.socket.sendall(hello)
        client.handshake()
        time.sleep(0.4)
        client.send(b"GET /health HTTP/1.1\r\n")
        status, _, _ = client.response()
        self.assertEqual(status, 408)
        self.assertLess(time.monotonic() - began, 2.4)

    @row("B§11: a client that never finishes its handshake is closed, and named")
    def test_never(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS=300)
        for size in (1, 50, 100_000):
            client = self.enter(DoorClient(proxy))
            client.step()
            client.socket.sendall(client.take()[:size])
            with self.assertRaises(Ended):
                while True:
                    client.fill()
        lines = proxy.wait_for_access(3, lambda line: line.get("reason") == "tls_timeout")
        self.assertTrue(all(line["how"] == "timeout:head" for line in lines))

    @row("B§6: who is heard only is told so inside TLS")
    def test_heard_only(self):
        proxy = self.proxy(MAX_CONCURRENT_CONNECTIONS=1)
        first = self.enter(DoorClient(proxy)).handshake()
        first.get("/health")
        second = self.enter(DoorClient(proxy)).handshake()
        self.assertEqual(second.get("http://localhost:1/")[0], 503)

    @row("B§7: a drain lets a handshake go on, and its first request gets 503")
    def test_drain(self):
        proxy = self.enter(Proxy(settings(PROXY_SHUTDOWN_GRACE_MS=8000), check_exit=False))
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        busy = self.enter(DoorClient(proxy)).handshake()
        busy.connect(origin.authority)
        client = self.enter(DoorClient(proxy))
        client.step()
        hello = client.take()
        client.socket.sendall(hello[:20])
        proxy.signal(signal.SIGTERM)
        proxy.wait_for_log(lambda line: line.get("message", "").startswith("stopping"))
        client.socket.sendall(hello[20:])
        client.handshake()
        self.assertEqual(client.get("http://localhost:1/")[0], 503)
        busy.half_close()

    @row("B§7: a reload amid a handshake cuts nobody")
    def test_reload(self):
        proxy = self.proxy()
        client = self.enter(DoorClient(proxy))
        client.step()
        client.flush()
        client.fill()
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        client.handshake()
        self.assertEqual(client.get("/health")[0], 200)

    @row("B§3: wrong passwords count by address over TLS as in clear text")
    def test_guard(self):
        proxy = self.proxy(PROXY_AUTH_USERNAME="sami", PROXY_AUTH_PASSWORD="secret",
                           AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS=3)
        for i in range(4):
            client = self.enter(DoorClient(proxy)).handshake()
            status = client.get("http://localhost:1/", basic(password=f"wrong{i}"))[0]
        self.assertEqual(status, 429)
        self.assertEqual(proxy.get("http://localhost:1/", basic()).status, 429)

    @row("B§11: with PROXY_TLS=off TLS is a foreign protocol, whatever certificate there is")
    def test_off(self):
        proxy = self.proxy(PROXY_TLS="off")
        client = self.enter(DoorClient(proxy))
        with self.assertRaises((ssl.SSLError, Ended)):
            client.handshake()
        self.assertEqual(proxy.get("/health").status, 200)


if __name__ == "__main__":
    unittest.main()
