# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The proxy's own pages, and the command that requests them."""

import datetime
import json
import re
import unittest

from helpers_access import WITH_AUTH, basic, own_addresses
from helpers_command import run_daemon
from sami_support import Origin, Proxy, RawClient, RowCase, answer, closed_port, row


class Pages(RowCase):
    @classmethod
    def setUpClass(cls):
        cls.proxy = cls.enterClassContext(Proxy(WITH_AUTH))

    @row("B§3: GET / says in plain text that the proxy runs, without credentials")
    def test_root(self):
        response = self.proxy.get("/")
        self.assertEqual(response.status, 200)
        self.assertTrue(response.value("Content-Type").startswith("text/plain"))
        self.assertIn(b"running", response.body)

    @row("B§3: /health and /status are JSON with status, timestamp, uptime and version")
    def test_json(self):
        for page in ("/health", "/status"):
            response = self.proxy.get(page)
            self.assertEqual(response.status, 200)
            self.assertEqual(response.value("Content-Type"), "application/json")
            self.assertEqual(response.value("Cache-Control"), "no-store")
            fields = json.loads(response.body)
            self.assertEqual(set(fields), {"status", "timestamp", "uptime", "version"})
            self.assertEqual(fields["status"], "ok")
            self.assertIn(fields["uptime"], range(0, 600))
            started = self.proxy.wait_for_log(lambda line: line.get("message") == "started")
            self.assertEqual(fields["version"], started["version"])
            at = datetime.datetime.fromisoformat(fields["timestamp"].replace("Z", "+00:00"))
            now = datetime.datetime.now(datetime.timezone.utc)
            self.assertLess(abs((now - at).total_seconds()), 60)

    @row("S§9.3.2: HEAD of a page has the fields of GET and no body")
    def test_head(self):
        for page in ("/", "/health", "/status"):
            with self.proxy.client() as client:
                client.request("HEAD", page)
                head = client.read_response("HEAD")
                client.request("GET", "/")  # no byte of a body in between
                self.assertEqual(client.read_response().status, 200)
            self.assertEqual(head.status, 200)
            self.assertGreater(int(head.value("Content-Length")), 10)

    @row("S§15.5.6: another method of a page gets 405 with Allow and no challenge")
    def test_method(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "BREW"):
            for page in ("/", "/health", "/status"):
                response = self.proxy.get(page, method=method)
                self.assertEqual(response.status, 405)
                self.assertEqual(response.value("Allow"), "GET, HEAD, OPTIONS")

    @row("S§9.3.7: OPTIONS of a page, and of the server as a whole, gets 200 with Allow and no body")
    def test_options(self):
        for page in ("/", "/health", "/status", "*"):
            with self.subTest(page), self.proxy.client() as client:
                client.request("OPTIONS", page, "Host: x")
                response = client.read_response()
                self.assertEqual((response.status, response.value("Allow")), (200, "GET, HEAD, OPTIONS"))
                self.assertEqual((response.value("Content-Length"), response.body), ("0", b""))
                client.request("GET", "/")  # no byte of a body in between
                self.assertEqual(client.read_response().status, 200)

    @row("B§3: HAProxy's plain option httpchk, OPTIONS in HTTP/1.0 without Host, finds it well")
    def test_httpchk(self):
        with RawClient("127.0.0.1", self.proxy.port) as client:
            client.send("OPTIONS / HTTP/1.0\r\n\r\n")
            self.assertEqual(client.read_response().status, 200)
            client.expects_eof()

    @row("B§3: any other page is 404, behind the credentials")
    def test_not_found(self):
        for page in ("/healthz", "/health/", "/HEALTH", "//health", "/favicon.ico"):
            with self.subTest(page):
                self.assertEqual(self.proxy.get(page).status, 407)
                self.assertEqual(self.proxy.get(page, basic()).status, 404)

    @row("B§3: a query does not change which page is asked for")
    def test_query(self):
        self.assertEqual(self.proxy.get("/health?verbose=1").status, 200)

    @row("M§9.3: a page keeps the connection, so a monitor may go on asking")
    def test_keep_alive(self):
        with self.proxy.client() as client:
            for _ in range(5):
                client.request("GET", "/health")
                response = client.read_response()
                self.assertEqual((response.status, response.value("Connection")),
                                 (200, "keep-alive"))

    @row("M§9.3.2: pipelined requests for pages are all answered, in order")
    def test_pipelined(self):
        with RawClient("127.0.0.1", self.proxy.port, timeout=1) as client:
            client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(client.read_response().value("Content-Type"), "application/json")
            self.assertEqual(client.read_response().status, 200)

    @row("M§9.3: an HTTP/1.0 probe is answered and the connection closed")
    def test_http10(self):
        with self.proxy.client() as client:
            client.request("GET", "/health", version="1.0")
            self.assertEqual(client.read_response().status, 200)
            client.expects_eof()

    @row("B§3: a status page of another server is not the proxy's own")
    def test_absolute_form(self):
        with Origin(answer(b"theirs")) as origin:
            response = self.proxy.get(origin.url("/health"), basic())
            self.assertEqual((response.status, response.body), (200, b"theirs"))


class HiddenPages(RowCase):
    """PROXY_PAGES. A client that connects to an own address other than loopback is a stranger."""

    ASKED = (("GET", "/"), ("HEAD", "/"), ("GET", "/health"), ("GET", "/status?x=y"), ("POST", "/health"),
             ("OPTIONS", "/"))

    def setUp(self):
        own = [address for address in own_addresses() if ":" not in address]
        if not own:
            self.skipTest("this machine has no IPv4 address but loopback")
        self.stranger = own[0]

    def proxy(self, **settings):
        return self.enter(Proxy({"PROXY_ADDRESS": "0.0.0.0", **settings}))

    def octets(self, proxy, host, method, target, *fields):
        """The whole response except its Date."""
        with RawClient(host, proxy.port) as client:
            client.request(method, target, "Host: x", "Connection: close", *fields)
            return re.sub(rb"\r\nDate: [^\r]*", b"", client.read_response(method).raw)

    def assert_hidden(self, proxy, *fields):
        for method, page in self.ASKED:
            with self.subTest(method, page=page):
                self.assertEqual(self.octets(proxy, self.stranger, method, page, *fields),
                                 self.octets(proxy, self.stranger, method, "/no-such-page", *fields))
        self.assertEqual(self.octets(proxy, self.stranger, "OPTIONS", "*", *fields),
                         self.octets(proxy, self.stranger, "OPTIONS", "/no-such-page", *fields))

    def assert_seen(self, proxy, host):
        with RawClient(host, proxy.port) as client:
            for page in ("/", "/health", "/status"):
                client.request("GET", page, "Host: x")
                self.assertEqual(client.read_response().status, 200)

    @row("B§3: PROXY_PAGES=local: to strangers the pages are octet for octet pages that are not there")
    def test_local(self):
        proxy = self.proxy(PROXY_PAGES="local")
        self.assert_hidden(proxy)
        self.assertIn(b" 404 ", self.octets(proxy, self.stranger, "GET", "/"))
        self.assert_seen(proxy, "127.0.0.1")

    @row("B§3: hidden pages are behind the credentials like a page that is not there")
    def test_credentials(self):
        proxy = self.proxy(PROXY_PAGES="local", **WITH_AUTH)
        self.assert_hidden(proxy)
        self.assertIn(b" 407 ", self.octets(proxy, self.stranger, "GET", "/"))
        self.assert_hidden(proxy, basic())
        self.assertIn(b" 404 ", self.octets(proxy, self.stranger, "GET", "/", basic()))
        self.assert_seen(proxy, "127.0.0.1")

    @row("B§3: PROXY_PAGES=listed: whom ALLOWED_IPS lets in sees the pages, and this machine does")
    def test_listed(self):
        proxy = self.proxy(PROXY_PAGES="listed", ALLOWED_IPS="192.0.2.1")
        self.assert_hidden(proxy)
        self.assertIn(b" 403 ", self.octets(proxy, self.stranger, "GET", "/"))
        self.assert_seen(proxy, "127.0.0.1")
        self.assert_seen(self.proxy(PROXY_PAGES="listed", ALLOWED_IPS=self.stranger), self.stranger)
        self.assert_seen(self.proxy(PROXY_PAGES="listed"), self.stranger)

    @row("B§3: --healthcheck is answered whatever PROXY_PAGES says, at one address of this machine too")
    def test_healthcheck(self):
        for address in ("0.0.0.0", self.stranger):
            settings = {"PROXY_PAGES": "local", "ALLOWED_IPS": "192.0.2.1", "PROXY_ADDRESS": address}
            with Proxy(settings) as proxy:
                done = run_daemon("--healthcheck", **{**settings, "PROXY_PORT": proxy.port})
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    @row("B§3: full, the proxy tells strangers of hidden pages what it tells them of any other")
    def test_full(self):
        proxy = self.proxy(PROXY_PAGES="local", MAX_CONNECTIONS_PER_IP="1")
        with RawClient(self.stranger, proxy.port) as first:
            first.request("GET", "/no-such-page", "Host: x")
            self.assertEqual(first.read_response().status, 404)
            self.assert_hidden(proxy)
            self.assertIn(b" 503 ", self.octets(proxy, self.stranger, "GET", "/health"))


class HealthCheck(RowCase):
    def check(self, **settings):
        return run_daemon("--healthcheck", **settings)

    def test_addresses(self):
        for sentence, address in (
            ("B§3: --healthcheck exits 0 when the proxy of its settings is well", "127.0.0.1"),
            ("B§3: --healthcheck asks loopback for the IPv4 wildcard", "0.0.0.0"),
            ("B§3: --healthcheck asks loopback for the wildcard of both families", "::"),
            ("B§3: --healthcheck asks an IPv6 address", "::1"),
            ("B§3: --healthcheck asks another address than the usual one", "127.0.0.7"),
        ):
            with self.row(sentence), Proxy({"PROXY_ADDRESS": address, **WITH_AUTH}) as proxy:
                done = self.check(PROXY_ADDRESS=address, PROXY_PORT=proxy.port)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    @row("B§3: --healthcheck is answered when ALLOWED_IPS names only others")
    def test_not_listed(self):
        with Proxy({"ALLOWED_IPS": "192.168.1.100"}) as proxy:
            done = self.check(PROXY_ADDRESS="127.0.0.1", PROXY_PORT=proxy.port)
            self.assertEqual(done.returncode, 0, done.stderr)

    @row("B§3: --healthcheck exits 1 with a reason when nobody listens")
    def test_nobody(self):
        done = self.check(PROXY_ADDRESS="127.0.0.1", PROXY_PORT=closed_port())
        self.assertEqual(done.returncode, 1)
        self.assertIn("not healthy", done.stderr)

    @row("B§3: --healthcheck exits 1 when something else answers")
    def test_stranger(self):
        with Origin(answer(b"", "500 Oops")) as origin:
            done = self.check(PROXY_ADDRESS="127.0.0.1", PROXY_PORT=origin.port)
            self.assertEqual(done.returncode, 1)
            self.assertIn("500", done.stderr)

    @row("B§8: --healthcheck repeats a stranger's words escaped")
    def test_hostile_stranger(self):
        hostile = b"HTTP/1.1 500 \x1b[2J\x9b\n\nall is well\r\n\r\n"
        with Origin(answer(raw=hostile)) as origin:
            done = self.check(PROXY_ADDRESS="127.0.0.1", PROXY_PORT=origin.port)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"^[ -~]+\n$")

    @row("B§3: --healthcheck takes no proxy of the environment")
    def test_environment_proxy(self):
        with Proxy() as proxy:
            nowhere = f"http://127.0.0.1:{closed_port()}"
            done = self.check(PROXY_ADDRESS="127.0.0.1", PROXY_PORT=proxy.port,
                              http_proxy=nowhere, all_proxy=nowhere)
            self.assertEqual(done.returncode, 0, done.stderr)

    @row("B§3: --healthcheck with bad settings exits 2 and names them")
    def test_settings(self):
        done = self.check(PROXY_PORT="no")
        self.assertEqual(done.returncode, 2)
        self.assertIn("PROXY_PORT", done.stderr)


if __name__ == "__main__":
    unittest.main()
