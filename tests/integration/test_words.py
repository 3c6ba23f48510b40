# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The words of a refusal, read where clients read them: most show only the status line."""

import signal
import unittest

from helpers_access import WITH_AUTH, basic
from helpers_tunnel import BlackHole, HeldOrigin
from sami_support import Origin, Proxy, RowCase, closed_port, row



class WordsCase(RowCase):
    def assertSays(self, response, status, phrase, error):
        """Status line and Proxy-Status have the same words, neither hostile nor long."""
        self.assertEqual((response.status, response.reason), (status, phrase))
        self.assertLessEqual(len(phrase), 60)
        wanted = f'sami; error={error}; details="{phrase}"' if error else None
        self.assertEqual(response.value("Proxy-Status"), wanted)

    def both(self, proxy, host, port, *fields):
        """The responses to a GET and a CONNECT for the same destination."""
        return (proxy.get(f"http://{host}:{port}/", *fields),
                proxy.get(f"{host}:{port}", *fields, method="CONNECT"))


class Refusals(WordsCase):
    def test_rules(self):
        port = closed_port()
        for sentence, settings, fields, status, phrase, error in (
            ("B§7: the status line names ALLOWED_IPS", {"ALLOWED_IPS": "192.0.2.1"}, (), 403, "Forbidden by ALLOWED_IPS", "http_request_denied"),
            ("B§7: the status line names ALLOWED_HOSTS", {"ALLOWED_HOSTS": "a.test"}, (), 403, "Forbidden by ALLOWED_HOSTS", "http_request_denied"),
            ("B§7: the status line names ALLOWED_PORTS", {"ALLOWED_PORTS": "1"}, (), 403, "Forbidden by ALLOWED_PORTS", "http_request_denied"),
            ("B§7: the status line says that credentials are missing", WITH_AUTH, (), 407, "User name and password needed", "http_request_denied"),
            ("B§7: the status line says that credentials are wrong", WITH_AUTH, (basic(password="x"),), 407, "Wrong user name or password", "http_request_denied"),
            ("B§7: the status line says that the host is this machine", {"ALLOW_PRIVATE_TARGETS": None}, (), 403, "The proxy's own address, see ALLOW_PRIVATE_TARGETS", "destination_ip_prohibited"),
            ("B§7: the status line says that the host refused", {}, (), 502, "The host refused the connection", "connection_refused"),
        ):
            with self.row(sentence), Proxy(settings) as proxy:
                for response in self.both(proxy, "127.0.0.1", port, *fields):
                    self.assertSays(response, status, phrase, error)

    @row("B§7: the status line says that an address is private, and names the setting")
    def test_private(self):
        with Proxy() as proxy:
            # 198.18.0.1 is a typical fake-IP address, but here the client wrote it.
            for host in ("10.0.0.1", "198.18.0.1", "[fc00::1]"):
                for response in self.both(proxy, host, 443):
                    self.assertSays(response, 403, "Private address, see ALLOW_PRIVATE_TARGETS",
                                    "destination_ip_prohibited")

    @row("B§7: the status line tells who is blocked for guessing where to look")
    def test_blocked(self):
        with Proxy({**WITH_AUTH, "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS": "1"}) as proxy:
            proxy.get("http://a/", basic(password="x"))
            for response in self.both(proxy, "a.test", 443):
                self.assertSays(response, 429, "Too many wrong passwords, see Retry-After",
                                "http_request_denied")

    @row("B§7: the status line tells of a loop")
    def test_loop(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "true"}) as proxy:
            for response in self.both(proxy, "127.0.0.1", proxy.port):
                self.assertSays(response, 508, "The request leads back to this proxy",
                                "proxy_loop_detected")

    @row("B§7: the status line says whose limit on connections is reached")
    def test_full(self):
        for settings, phrase in (
            ({"MAX_CONNECTIONS_PER_IP": "1"}, "Too many connections, see MAX_CONNECTIONS_PER_IP"),
            ({"MAX_CONCURRENT_CONNECTIONS": "1"}, "Too many connections to this proxy"),
        ):
            with HeldOrigin() as origin, Proxy(settings) as proxy:
                proxy.client().connect_tunnel("127.0.0.1", origin.port)
                for response in self.both(proxy, "127.0.0.1", origin.port):
                    self.assertSays(response, 503, phrase, "proxy_internal_response")
                    self.assertTrue(response.has("Retry-After"))

    @row("B§8: a connection that is turned away unheard has the limit in its line")
    def test_turned_away(self):
        with HeldOrigin() as origin, Proxy({"MAX_CONNECTIONS_PER_IP": "1"}) as proxy:
            proxy.client().connect_tunnel("127.0.0.1", origin.port)
            heard = [proxy.client() for _ in range(4)]
            self.assertSays(proxy.client().read_response(), 503,
                            "Too many connections, see MAX_CONNECTIONS_PER_IP",
                            "proxy_internal_response")
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["how"], line.get("reason")), ("limit", "client_full"))
            del heard

    @row("B§7: the status line says that the proxy is being stopped")
    def test_draining(self):
        with HeldOrigin() as origin, Proxy() as proxy:
            proxy.client().connect_tunnel("127.0.0.1", origin.port)
            proxy.signal(signal.SIGTERM)
            proxy.wait_for_log(lambda line: "stopping" in line.get("message", ""))
            for response in self.both(proxy, "127.0.0.1", origin.port):
                self.assertSays(response, 503, "This proxy is shutting down",
                                "proxy_internal_response")


class Failures(WordsCase):
    @row("B§7: the status line says how long nobody answered: the setting's own figure")
    def test_connect_timeout(self):
        with BlackHole() as hole, Proxy({"PROXY_CONNECT_TIMEOUT_MS": "1500"}) as proxy:
            for response in self.both(proxy, "127.0.0.1", hole.port):
                self.assertSays(response, 504, "No answer within 1.5 s", "connection_timeout")

    @row("B§7: the status line says how long the host was silent, and names the setting")
    def test_silence(self):
        with HeldOrigin() as origin, Proxy({"PROXY_TIMEOUT_MS": "1000"}) as proxy:
            self.assertSays(proxy.get(origin.url()), 504,
                            "No response within 1 s, see PROXY_TIMEOUT_MS", "http_response_timeout")

    @row("B§7: the status line says how long an unfinished head was waited for")
    def test_head_timeout(self):
        with Proxy({"PROXY_HEADER_TIMEOUT_MS": "250"}) as proxy:
            client = proxy.client()
            client.send(b"CONNECT a.test:443 HTTP/1.1\r\nHost: a")
            self.assertSays(client.read_response(), 408, "Request head not complete within 0.25 s",
                            "http_request_error")
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["method"], line["target"]), ("CONNECT", "a.test:443"))

    def test_responses(self):
        for sentence, script, phrase, error in (
            ("B§7: the status line says that a response is malformed", lambda c: (c.read_request(), c.send(b"SSH-2.0-x\r\n\r\n")), "Malformed response from the host", "http_protocol_error"),
            ("B§7: the status line says that there was no response", lambda c: c.read_request(), "The host closed without a response", "connection_terminated"),
            ("B§7: the status line says that a response broke off", lambda c: (c.read_request(), c.send(b"HTTP/1.1 200 O")), "The host closed amid its response", "connection_terminated"),
            ("B§7: the status line says that an upgrade was not asked for", lambda c: (c.read_request(), c.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")), "The host changed the protocol unasked", "http_upgrade_failed"),
        ):
            with self.row(sentence), Origin(script) as origin, Proxy() as proxy:
                self.assertSays(proxy.get(origin.url()), 502, phrase, error)

    @row("B§7: a page that is not there, and a method that it does not know, say so")
    def test_pages(self):
        with Proxy() as proxy:
            self.assertSays(proxy.get("/x"), 404, "No such page here, this is a proxy", None)
            self.assertSays(proxy.get("/health", method="POST"), 405,
                            "This page answers GET, HEAD and OPTIONS only", None)
            self.assertEqual(proxy.get("/health").reason, "OK")


class RefusedHeads(WordsCase):
    """An unreadable head gets the reason, and its log line has what was read of it."""

    def refused(self, proxy, raw):
        with proxy.client() as client:
            client.send(raw)
            return client.read_response()

    def test_heads(self):
        long_target = "http://host.test/" + "a" * 20000
        rows = (
            ("B§8: a malformed field does not hide method and target", b"GET http://host.test/a?b HTTP/1.1\r\nA : b\r\n\r\n", 400, "White space stands between a field name and its colon", "GET", "http://host.test/a"),
            ("B§8: a folded field does not hide the target of a CONNECT", b"CONNECT host.test:443 HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400, "A header field is folded over several lines", "CONNECT", "host.test:443"),
            ("B§8: too many fields do not hide the target", b"GET http://host.test/ HTTP/1.1\r\n" + b"A: b\r\n" * 500 + b"\r\n", 431, "There are too many header fields", "GET", "http://host.test/"),
            ("B§8: a head that is too large does not hide the target", b"CONNECT host.test:443 HTTP/1.1\r\nA: " + b"b" * 70000, 431, "The header section is too large", "CONNECT", "host.test:443"),
            ("B§8: of a target that is too long the host is told", f"GET {long_target} HTTP/1.1\r\n\r\n".encode(), 414, "Request target too long, see MAX_URL_LENGTH", "GET", "http://host.test/..."),
            ("B§8: another version does not hide the target", b"GET http://host.test/ HTTP/2.0\r\n\r\n", 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here", "GET", "http://host.test/"),
            ("B§8: a missing Host does not hide the target", b"GET http://host.test/ HTTP/1.1\r\n\r\n", 400, "Host field missing, doubled or malformed", "GET", "http://host.test/"),
            ("B§8: two framings do not hide the target", b"POST http://host.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "Both Content-Length and Transfer-Encoding are given", "POST", "http://host.test/"),
            ("B§8: another transfer coding does not hide the target", b"POST http://host.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "A transfer coding other than chunked is not supported", "POST", "http://host.test/"),
            ("B§8: a target that is none is told without its query", b"GET gopher://host.test/a?b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Only http:// and https:// targets are forwarded", "GET", "gopher://host.test/a"),
            ("B§8: a CONNECT without a port is told", b"CONNECT host.test HTTP/1.1\r\nHost: a\r\n\r\n", 400, "CONNECT needs host:port", "CONNECT", "host.test"),
            ("B§8: a password in a target that cannot be read is told by nobody", b"GET http://user:pass/word@host.test/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "The port in the request target is not between 1 and 65535", "GET", "http://***@host.test/"),
            ("B§8: nor is one that a fault cuts", b"GET http://user:pass\x01word@host.test/ HTTP/1.1\r\n\r\n", 400, "The request target is empty or holds a control character", "GET", "http://..."),
            ("B§8: what has no method has none in its line", b"\x01\x02\x03\r\n\r\n", 400, "The method is not a token", None, None),
        )
        proxy = self.enter(Proxy())
        for number, (sentence, raw, status, phrase, method, target) in enumerate(rows, 1):
            with self.row(sentence):
                response = self.refused(proxy, raw)
                self.assertSays(response, status, phrase, "http_request_error")
                if status == 400 and response.body.startswith(b"This is not"):
                    self.assertIn(phrase[1:].encode(), response.body)
                line = proxy.wait_for_access(number)[-1]
                self.assertEqual((line.get("method"), line.get("target")), (method, target))
                self.assertEqual((line["how"], line["level"]), ("bad_request", "info"))
                self.assertNotIn("word", proxy.log_text())

    @row("B§8: a line of a malformed head takes no more of the log than was sent, and three lines")
    def test_log_is_not_filled(self):
        with Proxy() as proxy:
            for target in (b"/" + b"\xff" * 2000, b"http://a.test/" + b"\x80" * 500):
                raw = b"GET " + target + b" HTTP/1.1\r\nA : b\r\n\r\n"
                self.assertEqual(self.refused(proxy, raw).status, 400)
            for line in proxy.wait_for_access(2):
                self.assertTrue(line["target"].endswith("..."), line)
                self.assertLess(len(line["target"]), 600)

    @row("B§8: half a request that is left behind has its method and target")
    def test_left_behind(self):
        with Proxy() as proxy:
            with proxy.client() as client:
                client.send(b"CONNECT host.test:443 HTTP/1.1\r\nHost: ")
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["method"], line["target"], line["reason"]),
                             ("CONNECT", "host.test:443", "request_incomplete"))

    @row("B§7: a malformed body of a request says what is wrong with it")
    def test_body(self):
        with HeldOrigin() as origin, Proxy() as proxy, proxy.client() as client:
            client.request("POST", origin.url(), "Transfer-Encoding: chunked", body=b"zz\r\n")
            self.assertSays(client.read_response(), 400, "A chunk size is malformed",
                            "http_request_error")


class ForeignProtocols(WordsCase):
    PROTOCOLS = (
        ("B§7: TLS to the proxy's port is told to use http:// for the proxy", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), "tls_client_hello", "No TLS here, use http:// as the proxy's scheme", b"http://"),
        ("B§7: version 1 of the PROXY protocol is told by its name", b"PROXY TCP4 192.0.2.1 192.0.2.2 5000 8080\r\nGET / HTTP/1.1\r\n\r\n", "proxy_protocol_v1", "No PROXY protocol v1 here, switch it off in front", b"balancer"),
        ("B§7: so is it where the client is unknown", b"PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n\r\n", "proxy_protocol_v1", "No PROXY protocol v1 here, switch it off in front", b"balancer"),
        ("B§7: version 2 of the PROXY protocol is told by its name", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12), "proxy_protocol_v2", "No PROXY protocol v2 here, switch it off in front", b"balancer"),
        ("B§7: SOCKS4 is told to use http:// for the proxy", b"\x04\x01\x01\xbb\xc0\x00\x02\x01user\0", "socks4", "No SOCKS4 here, use http:// as the proxy's scheme", b"http://"),
        ("B§7: SOCKS5 is told to use http:// for the proxy", b"\x05\x02\x00\x02", "socks5", "No SOCKS5 here, use http:// as the proxy's scheme", b"http://"),
        ("B§7: HTTP/2's preface is told to use HTTP/1.1", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http2_preface", "No HTTP/2 to the proxy, use HTTP/1.1", b"HTTP/1.1"),
    )

    def test_named(self):
        proxy = self.enter(Proxy({"PROXY_SOCKS5": "false"}))
        for number, (sentence, raw, reason, phrase, advice) in enumerate(self.PROTOCOLS, 1):
            with self.row(sentence):
                for pieces in ([raw], [raw[i:i + 1] for i in range(len(raw))][:40]):
                    with proxy.client() as client:
                        try:
                            for piece in pieces:
                                client.send(piece)
                        except ConnectionError:
                            pass  # already answered
                        response = client.read_response()
                        self.assertSays(response, 400, phrase, "http_request_error")
                        self.assertIn(advice, response.body)
                for line in proxy.wait_for_access(2 * number)[-2:]:
                    self.assertEqual((line["how"], line["reason"], line["level"]),
                                     ("bad_request", reason, "info"))
                    self.assertNotIn("method", line)

    @row("B§7: TLS that follows a refused CONNECT is not taken for a wrong scheme")
    def test_later(self):
        with Proxy(WITH_AUTH) as proxy, proxy.client() as client:
            client.request("CONNECT", "a.test:443")
            self.assertEqual(client.read_response().status, 407)
            client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            self.assertSays(client.read_response(), 400, "The method is not a token",
                            "http_request_error")

    @row("B§7: a method that looks like another protocol is still HTTP")
    def test_lookalikes(self):
        with Origin() as origin, Proxy() as proxy:
            self.assertEqual(proxy.get(origin.url(), method="PROXY").status, 200)


if __name__ == "__main__":
    unittest.main()
