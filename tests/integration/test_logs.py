# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The log: one line for each piece of work, who ended it and how, and no secrets."""

import json
import re
import signal
import threading
import unittest

from helpers_access import PASSWORD, USER, WITH_AUTH, basic
from helpers_tunnel import HeldOrigin
from sami_support import Origin, Proxy, RowCase, WAIT, answer, closed_port, row, wait_until

OPEN_PROXY = "OPEN PROXY"


def probe(proxy):
    """Connects and closes."""
    proxy.client().close()


class AccessLines(RowCase):
    @row("B§8: every finished request has one line, with the fields of the post-mortem")
    def test_request(self):
        with Origin(answer(b"hello")) as origin, Proxy(WITH_AUTH) as proxy:
            for _ in range(3):
                proxy.get(origin.url("/path"), basic())
            lines = proxy.wait_for_access(3)
            for line in lines:
                self.assertEqual(line["client"], "127.0.0.1")
                self.assertEqual(line["user"], USER)
                self.assertEqual((line["method"], line["target"]), ("GET", origin.url("/path")))
                self.assertEqual((line["status"], line["by"], line["how"]),
                                 (200, "upstream", "complete"))
                self.assertGreater(line["up"], 20)
                self.assertGreater(line["down"], 20)
                for name in ("first_byte", "silence", "duration"):
                    self.assertIsInstance(line[name], int, name)
                self.assertEqual((line["level"], line["unit"]), ("info", "server.accesslog"))
            self.assertIsInstance(lines[0]["dial"], int)
            self.assertEqual(len({line["id"] for line in lines}), 3)
            proxy.stop()
            self.assertEqual(len(proxy.access_lines()), 3)

    @row("B§8: the requests of one connection share its id and have a line each")
    def test_keep_alive(self):
        with Origin() as origin, Proxy() as proxy:
            with proxy.client() as client:
                for number in range(3):
                    client.request("GET", origin.url(f"/{number}"))
                    client.read_response()
            lines = proxy.wait_for_access(3)
            self.assertEqual([line["target"][-1] for line in lines], ["0", "1", "2"])
            self.assertEqual(len({line["id"] for line in lines}), 1)

    @row("B§8: a text line is the sentence of the handbook, field for field")
    def test_text(self):
        with HeldOrigin() as origin, Proxy({**WITH_AUTH, "LOG_FORMAT": "text", "PROXY_PORT":
                                            (port := closed_port())}, expect_start=False) as proxy:
            proxy.wait_for_log(lambda line: " INFO  started " in line.get("text", ""))
            proxy.port = port
            client = proxy.client()
            client.connect_tunnel("127.0.0.1", origin.port, basic())
            end = origin.take()
            client.send(b"12345")
            end.recv_exactly(5)
            end.send(b"123")
            client.recv_exactly(3)
            end.close()
            client.expects_eof()
            client.close()
            text = proxy.wait_for_log(lambda line: " closed " in line.get("text", ""))["text"]
            self.assertRegex(
                text,
                r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO  closed id=\d+ client=127\.0\.0\.1 "
                rf"user={USER} CONNECT 127\.0\.0\.1:{origin.port} status=200 up=5 down=3 "
                r"dial=\S+ first_byte=\S+ silence=\S+ duration=\S+ by=upstream how=fin "
                r"front=http tls=-$")

    @row("B§8: each line of a JSON log is one object")
    def test_json(self):
        with Origin() as origin, Proxy({"LOG_LEVEL": "debug"}) as proxy:
            proxy.get(origin.url())
            proxy.wait_for_access(1)
            for text in proxy.log_text().splitlines():
                line = json.loads(text)
                self.assertLessEqual({"time", "level", "message", "unit"}, set(line))

    def test_refusals(self):
        with Origin() as origin, HeldOrigin() as held:
            for sentence, settings, fields, status, how, reason in (
                ("B§8: a refused address has its line", {"ALLOWED_IPS": "192.0.2.1"}, (), 403, "refused", "client_not_listed"),
                ("B§8: missing credentials have their line", WITH_AUTH, (), 407, "refused", "credentials_missing"),
                ("B§8: wrong credentials have their line", WITH_AUTH, (basic(password="x"),), 407, "refused", "credentials_wrong"),
                ("B§8: a refused host has its line", {"ALLOWED_HOSTS": "a.test"}, (), 403, "refused", "host_not_listed"),
                ("B§8: a refused port has its line", {"ALLOWED_PORTS": "443"}, (), 403, "refused", "port_not_listed"),
                ("B§8: a refused private target has its line", {"ALLOW_PRIVATE_TARGETS": None}, (), 403, "refused", None),
            ):
                with self.row(sentence), Proxy(settings) as proxy:
                    self.assertEqual(proxy.get(origin.url(), *fields).status, status)
                    line = proxy.wait_for_access(1)[0]
                    self.assertEqual((line["status"], line["by"], line["how"], line["level"]),
                                     (status, "proxy", how, "info"))
                    self.assertEqual(line["target"], origin.url())
                    if reason:
                        self.assertEqual(line["reason"], reason)
            with self.row("B§8: a connection over the limit has its line, how=limit"), \
                    Proxy({"MAX_CONNECTIONS_PER_IP": "1"}) as proxy:
                proxy.client().connect_tunnel("127.0.0.1", held.port)
                self.assertEqual(proxy.get(origin.url()).status, 503)
                line = proxy.wait_for_access(1)[0]
                self.assertEqual((line["status"], line["by"], line["how"]),
                                 (503, "proxy", "limit"))

    def test_failures(self):
        for sentence, raw, status in (
            ("B§8: garbage has its line", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
            ("B§8: HTTP/2's preface has its line", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("B§8: a head that is too large has its line", b"GET / HTTP/1.1\r\nX: " + b"a" * 70000, 431),
            ("B§8: a target that is too long has its line", b"GET http://a/" + b"a" * 20000, 414),
        ):
            with self.row(sentence), Proxy() as proxy:
                with proxy.client() as client:
                    client.send(raw)
                    self.assertIn(client.read_response().status, (status, 400))
                line = proxy.wait_for_access(1)[0]
                self.assertEqual(line["by"], "proxy")
                self.assertEqual(line["how"], "bad_request")
                self.assertTrue(line["reason"])
                self.assertNotIn("error", [each["level"] for each in proxy.log_lines()])

    @row("B§8: a failed dial has its line and is no error of the operator's")
    def test_dial(self):
        with Proxy() as proxy:
            self.assertEqual(proxy.get(f"http://127.0.0.1:{closed_port()}/").status, 502)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["status"], line["level"], line["reason"]),
                             (502, "info", "connection_refused"))
            self.assertIn(line["how"], ("refused", "dial_failed"))

    @row("B§8: a connection that sends half a request and leaves has its line")
    def test_half_a_request(self):
        with Proxy() as proxy:
            with proxy.client() as client:
                client.send(b"GET http://example.com/ HT")
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["by"], line["how"]), ("client", "fin"))
            self.assertEqual(line["reason"], "request_incomplete")

    @row("B§8: a connection that is reset before it is looked at has its line")
    def test_reset_at_once(self):
        with Proxy({"LOG_LEVEL": "debug"}) as proxy:
            proxy.signal(signal.SIGSTOP)
            try:
                proxy.client().reset()
            finally:
                proxy.signal(signal.SIGCONT)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["by"], line["how"], line["level"]), ("client", "reset", "debug"))

    @row("B§8: a head that is not complete in time has its line and its 408")
    def test_head_timeout(self):
        with Proxy({"PROXY_HEADER_TIMEOUT_MS": "200"}) as proxy:
            client = proxy.client()
            client.send(b"GET http://example.com/ HT")
            self.assertEqual(client.read_response().status, 408)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["status"], line["by"], line["how"]),
                             (408, "proxy", "timeout:head"))

    @row("B§8: a bare probe is no news at info and one line at debug")
    def test_probe(self):
        with Proxy() as proxy:
            probe(proxy)
            proxy.get("/health")
            proxy.wait_for_access(1)
            proxy.stop()
            self.assertEqual([line["target"] for line in proxy.access_lines()], ["/health"])
        with Proxy({"LOG_LEVEL": "debug"}) as proxy:
            probe(proxy)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["level"], line["by"], line["how"]), ("debug", "client", "fin"))

    @row("B§8: debug tells the life of a connection, info does not")
    def test_debug(self):
        with Origin() as origin:
            for level, expected in (("debug", True), ("info", False)):
                with Proxy({"LOG_LEVEL": level}) as proxy:
                    proxy.get(origin.url())
                    proxy.wait_for_access(1)
                    messages = {line["message"] for line in proxy.log_lines()}
                    self.assertEqual({"accepted", "state"} <= messages, expected)

    @row("B§8: at error level nothing is said of ordinary work")
    def test_error_level(self):
        port = closed_port()
        with Origin() as origin, Proxy({"LOG_LEVEL": "error", "PROXY_PORT": port},
                                       expect_start=False) as proxy:
            proxy.port = port

            def served():
                try:
                    return proxy.get(origin.url()).status == 200
                except ConnectionRefusedError:
                    return False

            wait_until(served)
            self.assertEqual(proxy.stop(), 0)
            self.assertEqual(proxy.log_text(), "")


class Ends(RowCase):
    """Who cut my stream?"""

    def line(self, proxy):
        return proxy.wait_for_access(1)[0]

    def test_exchanges(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"
        for sentence, script, by, how, status in (
            ("B§8: a response cut by the upstream's FIN: by=upstream how=fin", lambda c: (c.read_request(), c.send(head)), "upstream", "fin", 200),
            ("B§8: a response cut by the upstream's reset: by=upstream how=reset", lambda c: (c.read_request(), c.send(head), c.origin.sent.wait(WAIT), c.reset()), "upstream", "reset", 200),
            ("B§8: an upstream that closes without a word: by=upstream how=fin and 502", lambda c: c.read_request(), "upstream", "fin", 502),
            ("B§8: an upstream that answers nonsense: by=upstream how=bad_response and 502", lambda c: (c.read_request(), c.send(b"SSH-2.0-x\r\n\r\n")), "upstream", "bad_response", 502),
        ):
            with self.row(sentence), Origin(script) as origin, Proxy() as proxy:
                origin.sent = threading.Event()
                with proxy.client() as client:
                    client.request("GET", origin.url())
                    response = client.read_head()
                    self.assertEqual(response.status, status)
                    if status == 200:
                        client.recv_exactly(5)
                    origin.sent.set()
                line = self.line(proxy)
                self.assertEqual((line["by"], line["how"], line["status"]), (by, how, status))

    def test_client_leaves(self):
        for sentence, leave, how in (
            ("B§8: a client that closes its upload half-way: by=client how=fin", "close", "fin"),
            ("B§8: a client that resets half-way: by=client how=reset", "reset", "reset"),
        ):
            with self.row(sentence), HeldOrigin() as origin, Proxy() as proxy:
                client = proxy.client()
                client.request("POST", origin.url(), "Content-Length: 100", body=b"half")
                end = origin.take()
                end.recv_until(b"half")
                getattr(client, leave)()
                line = self.line(proxy)
                self.assertEqual((line["by"], line["how"]), ("client", how))

    @row("B§8: silence before the response: 504, by=proxy how=timeout:silence")
    def test_silence(self):
        with HeldOrigin() as origin, Proxy({"PROXY_TIMEOUT_MS": "1000"}) as proxy:
            self.assertEqual(proxy.get(origin.url()).status, 504)
            line = self.line(proxy)
            self.assertEqual((line["by"], line["how"], line["status"]),
                             ("proxy", "timeout:silence", 504))
            self.assertGreaterEqual(line["silence"], 990)

    @row("B§8: the longest silence and the first octet of a tunnel are measured")
    def test_measures(self):
        with HeldOrigin() as origin, Proxy() as proxy:
            client = proxy.client()
            client.connect_tunnel("127.0.0.1", origin.port)
            end = origin.take()
            client.expects_silence(0.3)
            end.send(b"x")
            client.recv_exactly(1)
            client.reset()
            end.expects_end()
            line = self.line(proxy)
            self.assertGreaterEqual(line["silence"], 290)
            self.assertGreaterEqual(line["first_byte"], 290)
            self.assertLess(line["first_byte"], 5000)
            self.assertLess(line["dial"], 5000)
            self.assertGreaterEqual(line["duration"], line["silence"])


class Secrets(RowCase):
    @row("B§8: no credentials, Authorization, API key, cookie, query or body in any log at debug")
    def test_nothing_secret(self):
        with Origin() as origin, Proxy({**WITH_AUTH, "LOG_LEVEL": "debug"}) as proxy:
            secret = "SECRET"
            fields = (basic(), f"Authorization: Bearer {secret}", f"x-api-key: {secret}",
                      f"Cookie: a={secret}")
            body = secret.encode()
            for target in (origin.url(f"/p?key={secret}"), f"/missing?key={secret}",
                           f"http://user:{secret}@{origin.authority}/u",
                           f"http://{origin.authority}?{secret}", f"/health?{secret}",
                           f"http://127.0.0.1:{closed_port()}/x?{secret}"):
                proxy.get(target, *fields, f"Content-Length: {len(body)}", method="POST", body=body)
            proxy.get(origin.url(), basic(password=f"wrong {secret}"))
            proxy.get(f"gopher://a/?{secret}", basic())
            with proxy.client() as client:
                client.send(f"GET {origin.url()}?{secret} HTTP/1.1\r\nBad Field{secret}: 1\r\n\r\n")
                client.read_response()
            proxy.wait_for_access(9)
            proxy.stop()
            log = proxy.log_text() + proxy.stderr()
            self.assertNotIn(secret, log)
            self.assertNotIn(PASSWORD, log)
            self.assertNotIn(basic().split()[-1], log)

    @row("B§8: what a client sends puts no control character and no line of its own into a log")
    def test_controls(self):
        for log_format in ("text", "json"):
            with Proxy({"LOG_FORMAT": log_format, "LOG_LEVEL": "debug",
                        "PROXY_PORT": (port := closed_port())}, expect_start=False) as proxy:
                proxy.wait_for_log(lambda line: "started" in str(line))
                proxy.port = port
                for raw in (b"GET http://a/\x1b[31m\x07 HTTP/1.1\r\nHost: a\r\n\r\n",
                            b"G\x1bT / HTTP/1.1\r\nHost: a\r\n\r\n",
                            b"GET /\xff\xfe\x9b HTTP/1.1\r\nHost: a\r\n"
                            b"Connection: close\r\n\r\n",
                            b"GET http://a\r2026-01-01 INFO forged/ HTTP/1.1\r\n\r\n",
                            b"CONNECT a\x00b:443 HTTP/1.1\r\nHost: a\r\n\r\n"):
                    with proxy.client() as client:
                        client.send(raw)
                        client.expects_end()
                proxy.stop()
                self.assertNotRegex(proxy.log_text(), "[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\ufffd]")
                self.assertNotIn("\n2026-01-01 INFO forged", proxy.log_text())

    # escaped() does not escape C1 controls where the text is valid UTF-8.
    @row("B§8: the control characters that UTF-8 writes in two octets are escaped too")
    def test_c1_controls(self):
        with Proxy() as proxy:
            with proxy.client() as client:
                client.send(b"GET /\xc2\x9b31m HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertIn(client.read_response().status, (400, 404))
            line = proxy.wait_for_access(1)[0]
            self.assertNotRegex(line.get("target", ""), "[\x80-\x9f]")

    @row("B§8: a quotation mark in a target cannot end a field of the text log")
    def test_quotes(self):
        port = closed_port()
        with Proxy({"LOG_FORMAT": "text", "PROXY_PORT": port}, expect_start=False) as proxy:
            proxy.wait_for_log(lambda line: "started" in str(line))
            proxy.port = port
            self.assertEqual(proxy.get("/a=b&status=200").status, 404)
            text = proxy.wait_for_log(lambda line: " closed " in line.get("text", ""))["text"]
            self.assertEqual(re.findall(r" status=(\d+)", text), ["404"])


class StartLines(RowCase):
    @row("B§8: the line at start has version, address, port, auth, lists, timeouts and limits")
    def test_fields(self):
        settings = {**WITH_AUTH, "ALLOWED_IPS": "127.0.0.0/8,::1", "PROXY_TIMEOUT_MS": "60000",
                    "PROXY_CONNECT_TIMEOUT_MS": "5000", "PROXY_HEADER_TIMEOUT_MS": "7000",
                    "PROXY_THREADS": "3", "MAX_CONCURRENT_CONNECTIONS": "100"}
        with Proxy(settings) as proxy:
            line = proxy.wait_for_log(lambda line: line.get("message") == "started")
            expected = {"address": "127.0.0.1", "port": proxy.port, "auth": "on",
                        "allowed_ips": 2, "timeout": 60000, "connect_timeout": 5000,
                        "header_timeout": 7000, "threads": 3, "max_connections": 100,
                        "level": "info"}
            self.assertEqual({name: line[name] for name in expected}, expected)
            self.assertRegex(line["version"], r"^\d+\.\d+\.\d+$")

    def test_open_listener(self):
        for sentence, settings, count in (
            ("B§1: an open listener without credentials or list says so, exactly once", {"PROXY_ADDRESS": "0.0.0.0"}, 1),
            ("B§1: an open listener of both families says so", {"PROXY_ADDRESS": "::"}, 1),
            ("B§1: a list that holds everyone is no list", {"PROXY_ADDRESS": "0.0.0.0", "ALLOWED_IPS": "0.0.0.0/0"}, 1),
            ("B§1: a list whose parts hold everyone is no list", {"PROXY_ADDRESS": "0.0.0.0", "ALLOWED_IPS": "0.0.0.0/1,128.0.0.0/1"}, 1),
            ("B§1: private networks are a list", {"PROXY_ADDRESS": "0.0.0.0", "ALLOWED_IPS": "private"}, 0),
            ("B§1: a listener with credentials is not warned about", {"PROXY_ADDRESS": "0.0.0.0", **WITH_AUTH}, 0),
            ("B§1: a listener with an address list is not warned about", {"PROXY_ADDRESS": "0.0.0.0", "ALLOWED_IPS": "127.0.0.1"}, 0),
            ("B§1: a loopback listener is not warned about", {}, 0),
        ):
            with self.row(sentence), Proxy(settings) as proxy:
                self.assertEqual(proxy.get("/health").status, 200)
                proxy.wait_for_access(1)
                warnings = [line for line in proxy.log_lines()
                            if OPEN_PROXY in line.get("message", "")]
                self.assertEqual(len(warnings), count)
                for line in warnings:
                    self.assertEqual(line["level"], "error")
                    self.assertIn("PROXY_AUTH_USERNAME", line["message"])
                    self.assertIn("ALLOWED_IPS=private", line["message"])

    @row("B§1: a password under 12 characters gets a hint that does not show it")
    def test_short_password(self):
        for password, hinted in (("elevenchars", True), ("twelve chars", False)):
            with Proxy({"PROXY_AUTH_USERNAME": "a", "PROXY_AUTH_PASSWORD": password}) as proxy:
                proxy.get("/health")
                proxy.wait_for_access(1)
                text = proxy.log_text()
                self.assertEqual("fewer than 12" in text, hinted)
                self.assertNotIn(password, text)

    @row("B§2: a block for guessing is told once, with the address")
    def test_block(self):
        settings = {**WITH_AUTH, "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS": "2"}
        with Origin() as origin, Proxy(settings) as proxy:
            for number in range(4):
                proxy.get(origin.url(), basic(password=f"x{number}"))
            proxy.wait_for_access(4)
            lines = [line for line in proxy.log_lines() if "guessing" in line["message"]]
            self.assertEqual([line["client"] for line in lines], ["127.0.0.1"])


if __name__ == "__main__":
    unittest.main()
