# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Who may use the proxy, and what it may connect to for them."""

import os
import tempfile
import unittest

from helpers_access import PASSWORD, USER, WITH_AUTH, basic, own_addresses
from sami_support import Origin, Proxy, RawClient, RowCase, row, wait_until

CHALLENGE = 'Basic realm="Sami LLM Proxy", charset="UTF-8"'
ELSEWHERE = "192.168.1.100"


class Credentials(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def proxy(self, **settings):
        return self.enter(Proxy({**WITH_AUTH, **settings}))

    @row("B§2: 407 carries exactly one challenge and the connection serves the second try")
    def test_second_try(self):
        client = self.proxy().client()
        client.request("GET", self.origin.url())
        refused = client.read_response()
        self.assertEqual(refused.status, 407)
        self.assertEqual(refused.values("Proxy-Authenticate"), [CHALLENGE])
        self.assertFalse(refused.has("WWW-Authenticate"))
        self.assertEqual(refused.value("Connection"), "keep-alive")
        client.request("GET", self.origin.url(), basic())
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual(len(self.origin.requests), 1)

    @row("S§11.7.1: a CONNECT without credentials gets 407 and may be repeated on the connection")
    def test_connect_second_try(self):
        client = self.proxy().client()
        client.request("CONNECT", self.origin.authority)
        refused = client.read_response()
        self.assertEqual((refused.status, refused.value("Proxy-Authenticate")), (407, CHALLENGE))
        client.connect_tunnel("127.0.0.1", self.origin.port, basic())
        client.request("GET", "/inside")
        self.assertEqual(client.read_response().status, 200)

    @row("S§11.7.1: the 407 leaves a body of the refused request behind and keeps the connection")
    def test_body_discarded(self):
        client = self.proxy().client()
        client.request("POST", self.origin.url(), "Content-Length: 100000", body=b"x" * 100000)
        self.assertEqual(client.read_response().status, 407)
        client.request("POST", self.origin.url(), basic(), "Content-Length: 2", body=b"ok")
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual([request.body for request in self.origin.requests], [b"ok"])

    @row("S§11.7.1: the 407 leaves a chunked body behind and keeps the connection")
    def test_chunked_discarded(self):
        client = self.proxy().client()
        client.request("POST", self.origin.url(), "Transfer-Encoding: chunked",
                       body=b"5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n")
        self.assertEqual(client.read_response().status, 407)
        client.request("GET", self.origin.url(), basic())
        self.assertEqual(client.read_response().status, 200)

    @row("B§6: a refusal before a body too long to discard closes, and arrives whole all the same")
    def test_long_body(self):
        client = self.proxy().client()
        client.request("POST", self.origin.url(), "Content-Length: 1000000", body=b"x" * 1000000)
        refused = client.read_response()
        self.assertEqual((refused.status, refused.value("Connection")), (407, "close"))
        client.expects_eof()

    @row("B§6: a refusal of a request that expects 100-continue closes and invents no 100")
    def test_expect(self):
        client = self.proxy().client()
        client.request("POST", self.origin.url(), "Content-Length: 5", "Expect: 100-continue")
        refused = client.read_response()
        self.assertEqual((refused.status, refused.value("Connection")), (407, "close"))
        client.expects_eof()

    @row("M§9.3.2: a request pipelined behind one that got 407 is answered too")
    def test_pipelined(self):
        client = self.enter(RawClient("127.0.0.1", self.proxy().port))
        client.send(f"GET {self.origin.url()} HTTP/1.1\r\nHost: x\r\n\r\n"
                    f"GET {self.origin.url()} HTTP/1.1\r\nHost: x\r\n{basic()}\r\n\r\n")
        self.assertEqual(client.read_response().status, 407)
        self.assertEqual(client.read_response().status, 200)

    @row("S§3.3: every request of a keep-alive connection is authenticated, not the connection")
    def test_each_request(self):
        client = self.proxy().client()
        client.request("GET", self.origin.url(), basic())
        self.assertEqual(client.read_response().status, 200)
        client.request("GET", self.origin.url())
        self.assertEqual(client.read_response().status, 407)
        client.request("GET", self.origin.url(), basic(password="wrong"))
        self.assertEqual(client.read_response().status, 407)
        client.request("GET", self.origin.url(), basic())
        self.assertEqual(client.read_response().status, 200)
        self.assertEqual(len(self.origin.requests), 2)

    @row("S§11.7.2: Proxy-Authorization never reaches the origin, Authorization does")
    def test_not_forwarded(self):
        proxy = self.proxy()
        response = proxy.get(self.origin.url(), basic(), "Authorization: Bearer sk-1")
        self.assertEqual(response.status, 200)
        request = self.origin.next_request()
        self.assertFalse(request.has("Proxy-Authorization"))
        self.assertEqual(request.values("Authorization"), ["Bearer sk-1"])

    @row("S§11.7.2: Proxy-Authorization is removed even where the proxy asks for none")
    def test_not_forwarded_open(self):
        proxy = self.enter(Proxy())
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
        self.assertFalse(self.origin.next_request().has("Proxy-Authorization"))

    def test_spellings(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1000")
        good = basic().split(" ", 2)[2]
        rows = (
            ("S§11.1: the scheme's name ignores case", f"bASIC {good}", 200),
            ("S§11.4: several blanks behind the scheme are one", f"Basic   {good}", 200),
            ("RFC 7617 §2: another user name is wrong", basic(user="Alice").split(": ", 1)[1], 407),
            ("RFC 7617 §2: half of the password is wrong", basic(password=PASSWORD[:13]).split(": ", 1)[1], 407),
            ("RFC 7617 §2: the password and more is wrong", basic(password=PASSWORD + "x").split(": ", 1)[1], 407),
            ("RFC 7617 §2: no base64 is wrong", "Basic !!!!", 407),
            ("RFC 7617 §2: no colon is wrong", "Basic YWxpY2U=", 407),
            ("S§11.4: another scheme is not accepted", f"Bearer {good}", 407),
            ("S§11.4: a scheme without a token is not accepted", "Basic", 407),
            ("S§11.7.2: an empty field is not accepted", "", 407),
        )
        for sentence, value, status in rows:
            with self.row(sentence):
                response = proxy.get(self.origin.url(), f"Proxy-Authorization: {value}")
                self.assertEqual(response.status, status)

    @row("S§11.7.2: two Proxy-Authorization fields are refused, even with one of them right")
    def test_two_fields(self):
        response = self.proxy().get(self.origin.url(), basic(), basic(password="x"))
        self.assertEqual(response.status, 407)

    @row("RFC 7617 §2: the first colon splits, so a password may hold colons")
    def test_colon(self):
        proxy = self.proxy(PROXY_AUTH_PASSWORD="a:b:c and more of it")
        self.assertEqual(
            proxy.get(self.origin.url(), basic(password="a:b:c and more of it")).status, 200)

    @row("RFC 7617 §2.1: user name and password are compared as UTF-8")
    def test_utf8(self):
        proxy = self.proxy(PROXY_AUTH_USERNAME="jürgen", PROXY_AUTH_PASSWORD="пароль-密碼-🔑")
        pair = basic("jürgen", "пароль-密碼-🔑")
        self.assertEqual(proxy.get(self.origin.url(), pair).status, 200)

    @row("B§2: umlauts are right in UTF-8 (curl, httpx) and in Latin-1 (requests, aiohttp)")
    def test_latin1(self):
        proxy = self.proxy(PROXY_AUTH_USERNAME="jürgen", PROXY_AUTH_PASSWORD="schlüssel für alle")
        for charset, password, status in (("utf-8", "schlüssel für alle", 200), ("latin-1", "schlüssel für alle", 200),
                                          ("latin-1", "schlössel für alle", 407)):
            pair = basic("jürgen", password, charset)
            self.assertEqual(proxy.get(self.origin.url(), pair).status, status, (charset, password))

    def test_hostile_passwords(self):
        for sentence, password in (
            ("B§1: a comma, a semicolon and a percent sign of the INI file's password survive", "a,b;c%41#d=e f"),
            ("B§1: quotes and backslashes of the INI file's password survive", "\"quoted\\n\\x41' twelve"),
            ("B§1: blanks at the end of the INI file's password survive", "twelve letters  "),
        ):
            with self.row(sentence), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "sami.ini")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(f"auth_username = {USER}\nauth_password = {password}\n")
                with Proxy({}, ["--config", path]) as proxy:
                    self.assertEqual(
                        proxy.get(self.origin.url(), basic(password=password)).status, 200)

    def test_password_file(self):
        for sentence, content, password in (
            ("B§1: one newline at the end of a password file is dropped", "from a file, long\n", "from a file, long"),
            ("B§1: a Windows line end of a password file is dropped", "from a file, long\r\n", "from a file, long"),
            ("B§1: blanks of a password file belong to the password", " from a file ", " from a file "),
        ):
            with self.row(sentence), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "secret")
                with open(path, "wb") as file:
                    file.write(content.encode())
                settings = {"PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD_FILE": path}
                with Proxy(settings) as proxy:
                    self.assertEqual(
                        proxy.get(self.origin.url(), basic(password=password)).status, 200)


class Clients(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def test_lists(self):
        for sentence, allowed, source, status in (
            ("B§2: an address of ALLOWED_IPS is served", "127.0.0.1", "127.0.0.1", 200),
            ("B§2: an address not in ALLOWED_IPS gets 403", ELSEWHERE, "127.0.0.1", 403),
            ("B§2: the first address of a CIDR range is served", "127.0.4.0/22", "127.0.4.0", 200),
            ("B§2: the last address of a CIDR range is served", "127.0.4.0/22", "127.0.7.255", 200),
            ("B§2: the address before a CIDR range gets 403", "127.0.4.0/22", "127.0.3.255", 403),
            ("B§2: the address behind a CIDR range gets 403", "127.0.4.0/22", "127.0.8.0", 403),
            ("B§2: any entry of the list lets in", "10.0.0.0/8, ::1 ,127.0.0.0/8", "127.9.9.9", 200),
            ("B§2: a range of IPv6 lets no IPv4 in", "::/0", "127.0.0.1", 403),
        ):
            with self.row(sentence), Proxy({"ALLOWED_IPS": allowed}) as proxy:
                with proxy.client(source=source) as client:
                    client.request("GET", self.origin.url())
                    response = client.read_response()
                self.assertEqual(response.status, status)
                if status == 403:
                    self.assertIn(b"ALLOWED_IPS", response.body)
                    self.assertNotIn(ELSEWHERE.encode(), response.raw + response.body)

    @row("B§1: an IPv4 client of a listener of both families counts as IPv4")
    def test_mapped_client(self):
        settings = {"PROXY_ADDRESS": "::", "ALLOWED_IPS": "127.0.0.1"}
        with Proxy(settings) as proxy:
            self.assertEqual(proxy.get(self.origin.url()).status, 200)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual(line["client"], "127.0.0.1")

    @row("B§2: an IPv6 client is judged by the IPv6 entries")
    def test_ipv6_client(self):
        for allowed, status in (("::1", 200), ("2001:db8::/32,127.0.0.1", 403)):
            with Proxy({"PROXY_ADDRESS": "::1", "ALLOWED_IPS": allowed}) as proxy:
                with RawClient("::1", proxy.port) as client:
                    client.request("GET", self.origin.url())
                    self.assertEqual(client.read_response().status, status)

    @row("B§3: a probe from outside ALLOWED_IPS still gets its 200")
    def test_health_exempt(self):
        with Proxy({"ALLOWED_IPS": ELSEWHERE}) as proxy:
            for page in ("/", "/health", "/status"):
                self.assertEqual(proxy.get(page).status, 200)
            self.assertEqual(proxy.get("/metrics").status, 403)


class Limits(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def occupied(self, proxy, count, **options):
        """Open tunnels: the proxy counts them, whatever its threads do."""
        clients = []
        for _ in range(count):
            client = proxy.client(**options)
            client.connect_tunnel("127.0.0.1", self.origin.port)
            clients.append(client)
        return clients

    @row("B§2: one connection over MAX_CONNECTIONS_PER_IP gets 503 and Retry-After and is closed")
    def test_per_ip(self):
        with Proxy({"MAX_CONNECTIONS_PER_IP": "2"}) as proxy:
            standing = self.occupied(proxy, 2)
            client = proxy.client()
            client.request("GET", self.origin.url())
            response = client.read_response()
            self.assertEqual(response.status, 503)
            self.assertTrue(response.has("Retry-After"))
            self.assertIn(b"MAX_CONNECTIONS_PER_IP", response.body)
            self.assertEqual(response.value("Connection"), "close")
            client.expects_eof()
            self.assertEqual(proxy.get("/health").status, 200)
            with proxy.client(source="127.0.0.2") as other:
                other.request("GET", self.origin.url())
                self.assertEqual(other.read_response().status, 200)
            standing[0].close()
            wait_until(lambda: proxy.get(self.origin.url()).status == 200, what="a free place")

    @row("B§2: one connection over MAX_CONCURRENT_CONNECTIONS gets 503 and Retry-After")
    def test_total(self):
        with Proxy({"MAX_CONCURRENT_CONNECTIONS": "2"}) as proxy:
            standing = self.occupied(proxy, 2)
            response = proxy.get(self.origin.url())
            self.assertEqual(response.status, 503)
            self.assertGreater(int(response.value("Retry-After")), 0)
            self.assertIn("proxy_internal_response", response.value("Proxy-Status"))
            # Open tunnels go on.
            standing[1].request("GET", "/inside")
            self.assertEqual(standing[1].read_response().status, 200)
            standing[0].close()
            wait_until(lambda: proxy.get(self.origin.url()).status == 200, what="a free place")

    @row("B§3: /health is answered while the proxy is full")
    def test_health_when_full(self):
        with Proxy({"MAX_CONCURRENT_CONNECTIONS": "1"}) as proxy:
            self.occupied(proxy, 1)
            # Each from its own address: of one client only four may wait, and on a busy machine those
            # of before are still closing.
            for number in range(40):
                with proxy.client(source=f"127.0.0.{2 + number}") as probe:
                    probe.request("GET", "/health")
                    self.assertEqual(probe.read_response().status, 200)

    @row("B§3: more than 20 connections of this machine over the limit get their 503 unasked")
    def test_crowd(self):
        self.crowd([f"127.0.0.{1 + number // 4}" for number in range(20)], "127.0.0.6")

    @row("B§3: more than 4 connections of one client over the limit get their 503 unasked")
    def test_crowd_of_one(self):
        self.crowd(["127.0.0.2"] * 4, "127.0.0.2")

    @row("B§2: more than 4 connections of one client over its own limit get their 503 unasked")
    def test_crowd_over_its_own_limit(self):
        with Proxy({"MAX_CONNECTIONS_PER_IP": "1"}) as proxy:
            self.occupied(proxy, 1)
            crowd = [proxy.client() for _ in range(4)]
            head = proxy.client().read_response()
            self.assertEqual((head.status, head.has("Retry-After")), (503, True))
            self.assertIn(b"MAX_CONNECTIONS_PER_IP", head.body)
            for client in crowd:
                client.request("GET", "/health", "Host: x")
                self.assertEqual(client.read_response().status, 200)

    def crowd(self, sources, late_source):
        with Proxy({"MAX_CONCURRENT_CONNECTIONS": "1"}) as proxy:
            self.occupied(proxy, 1)
            crowd = [proxy.client(source=source) for source in sources]
            for client in crowd:
                client.send("GET /health HTTP/1.1\r\nHost: x\r\n")
            late = proxy.client(source=late_source)
            head = late.read_response()
            self.assertEqual((head.status, head.has("Retry-After")), (503, True))
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["status"], line["by"], line["how"]), (503, "proxy", "limit"))
            for client in crowd:
                client.send("\r\n")
                self.assertEqual(client.read_response().status, 200)

    @row("B§1: a descriptor limit below MAX_CONCURRENT_CONNECTIONS lowers it with a log line")
    def test_lowered(self):
        with Proxy({"MAX_CONCURRENT_CONNECTIONS": "1000000"}) as proxy:
            line = proxy.wait_for_log(lambda line: "fewer connections" in line.get("message", ""))
            self.assertLess(line["connections"], 1000000)
            started = proxy.wait_for_log(lambda line: line.get("message") == "started")
            self.assertEqual(started["max_connections"], line["connections"])


class Order(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    @row("B§2: the connection limit comes before the address list")
    def test_limit_first(self):
        with Proxy({"MAX_CONNECTIONS_PER_IP": "1", "ALLOWED_IPS": ELSEWHERE}) as proxy:
            first = proxy.client()
            first.request("GET", self.origin.url())
            self.assertEqual(first.read_response().status, 403)
            second = proxy.client()
            second.request("GET", self.origin.url())
            self.assertEqual(second.read_response().status, 503)

    @row("B§2: the address list comes before the credentials")
    def test_address_before_credentials(self):
        with Proxy({**WITH_AUTH, "ALLOWED_IPS": ELSEWHERE}) as proxy:
            for field in ((), (basic(),), (basic(password="x"),)):
                response = proxy.get(self.origin.url(), *field)
                self.assertEqual(response.status, 403)
                self.assertIn(b"ALLOWED_IPS", response.body)

    @row("B§2: the credentials come before the destination")
    def test_credentials_before_destination(self):
        with Proxy({**WITH_AUTH, "ALLOWED_HOSTS": "example.com"}) as proxy:
            self.assertEqual(proxy.get(self.origin.url()).status, 407)
            response = proxy.get(self.origin.url(), basic())
            self.assertEqual(response.status, 403)
            self.assertIn(b"ALLOWED_HOSTS", response.body)

    @row("B§3: a page that does not exist is told only to whoever may speak")
    def test_pages_behind_credentials(self):
        with Proxy(WITH_AUTH) as proxy:
            self.assertEqual(proxy.get("/admin").status, 407)
            self.assertEqual(proxy.get("/admin", basic()).status, 404)


class Destinations(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def both_forms(self, client, host, port):
        """The responses to an absolute-form request and to a CONNECT, on one connection."""
        client.request("GET", f"http://{host}:{port}/")
        forwarded = client.read_response()
        client.request("CONNECT", f"{host}:{port}")
        return forwarded, client.read_response()

    def test_allow_lists(self):
        port = self.origin.port
        for sentence, settings, status, name in (
            ("B§1: a host of ALLOWED_HOSTS is served", {"ALLOWED_HOSTS": "127.0.0.1"}, 200, b""),
            ("B§1: a host of ALLOWED_HOSTS with the right port is served", {"ALLOWED_HOSTS": f"127.0.0.1:{port}"}, 200, b""),
            ("B§1: a host of ALLOWED_HOSTS with another port gets 403", {"ALLOWED_HOSTS": "127.0.0.1:9"}, 403, b"ALLOWED_HOSTS"),
            ("B§1: a host not in ALLOWED_HOSTS gets 403 that names the setting", {"ALLOWED_HOSTS": "*.example.com"}, 403, b"ALLOWED_HOSTS"),
            ("B§1: a port of ALLOWED_PORTS is served", {"ALLOWED_PORTS": f"{port}"}, 200, b""),
            ("B§1: a port not in ALLOWED_PORTS gets 403 that names the setting", {"ALLOWED_PORTS": "80,443"}, 403, b"ALLOWED_PORTS"),
        ):
            with self.row(sentence), Proxy(settings) as proxy:
                response = proxy.get(self.origin.url())
                self.assertEqual(response.status, status)
                self.assertIn(name, response.body)
                with proxy.client() as client:
                    client.request("CONNECT", self.origin.authority)
                    response = client.read_response("CONNECT")
                    self.assertEqual(response.status, status)
                    self.assertIn(name, response.body)

    @row("B§1: ALLOWED_PORTS judges ws:// and wss:// by the ports of http:// and https://")
    def test_websocket_ports(self):
        for allowed, refused in (("80", "wss"), ("443", "ws")):
            with Proxy({"ALLOWED_PORTS": allowed, "ALLOW_PRIVATE_TARGETS": None}) as proxy:
                other = {"ws": "wss", "wss": "ws"}[refused]
                self.assertIn(b"ALLOWED_PORTS", proxy.get(f"{refused}://127.0.0.1/").body)
                self.assertIn(b"ALLOW_PRIVATE_TARGETS", proxy.get(f"{other}://127.0.0.1/").body)

    @row("B§1: the ports of mail and SSH are refused by default")
    def test_default_ports(self):
        with Proxy() as proxy:
            for port in (22, 25, 465, 587, 1023):
                with proxy.client() as client:
                    for response in self.both_forms(client, "127.0.0.1", port):
                        self.assertEqual(response.status, 403)
                        self.assertIn(b"ALLOWED_PORTS", response.body)

    # Spellings that tempt resolvers and URL parsers.
    PRIVATE = (
        "127.0.0.1", "127.0.0.1.", "127.255.255.254", "localhost", "LOCALHOST", "localhost.",
        "[::1]", "0.0.0.0", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]",
        "169.254.169.254", "[::ffff:169.254.169.254]", "10.0.0.1", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255", "192.0.0.1",
        "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "[fe80::1]", "[fc00::1]", "[fdff::1]", "[fec0::1]", "[ff02::1]",
        "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",
        "[2001::1]",
    )

    @row("B§1: every spelling of a private address is refused by default and names the setting")
    def test_private(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": None}) as proxy:
            for host in self.PRIVATE:
                with self.subTest(host), proxy.client() as client:
                    for response in self.both_forms(client, host, self.origin.port):
                        self.assertEqual(response.status, 403, response)
                        self.assertIn(b"ALLOW_PRIVATE_TARGETS", response.body)
                        self.assertIn("destination_ip_prohibited", response.value("Proxy-Status"))
        self.assertEqual(self.origin.connections, [])

    # What getaddrinfo() takes for an address, and others for a name.
    NUMBERS = ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0x7f.1", "127.1.", "a.0xff")

    @row("B§4: a host that ends in a number and is no dotted quad is malformed")
    def test_numbers(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "true"}) as proxy:
            for host in self.NUMBERS:
                for request in (f"CONNECT {host}:{self.origin.port}",
                                f"GET http://{host}:{self.origin.port}/"):
                    with self.subTest(request), proxy.client() as client:
                        client.send(f"{request} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                        self.assertEqual(client.read_head().status, 400)
        self.assertEqual(self.origin.connections, [])

    @row("B§1: the addresses of this machine's own interfaces are refused by default")
    def test_own(self):
        own = own_addresses()
        if not own:
            self.skipTest("this machine has no address but loopback")
        with Proxy({"ALLOW_PRIVATE_TARGETS": None}) as proxy:
            for address in own:
                host = f"[{address}]" if ":" in address else address
                with self.subTest(host), proxy.client() as client:
                    for response in self.both_forms(client, host, self.origin.port):
                        self.assertEqual(response.status, 403, response)
                        self.assertIn(b"ALLOW_PRIVATE_TARGETS", response.body)

    def test_allowed(self):
        for sentence, value in (
            ("B§1: ALLOW_PRIVATE_TARGETS=true lets private targets pass", "true"),
            ("B§1: a range of ALLOW_PRIVATE_TARGETS lets its addresses pass", "127.0.0.0/8"),
            ("B§1: a single address of ALLOW_PRIVATE_TARGETS passes", "10.0.0.1,127.0.0.1"),
        ):
            with self.row(sentence), Proxy({"ALLOW_PRIVATE_TARGETS": value}) as proxy:
                self.assertEqual(proxy.get(self.origin.url()).status, 200)

    @row("B§1: a range of ALLOW_PRIVATE_TARGETS lets nothing else pass")
    def test_other_range(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "10.0.0.0/8"}) as proxy:
            self.assertEqual(proxy.get(self.origin.url()).status, 403)
        self.assertEqual(self.origin.connections, [])

    @row("B§1: a name that resolves to a private address is refused after the resolution")
    def test_name(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": None, "ALLOWED_HOSTS": "localhost"}) as proxy:
            response = proxy.get(self.origin.url(host="localhost"))
            self.assertEqual(response.status, 403)
            self.assertIn(b"ALLOW_PRIVATE_TARGETS", response.body)


class ErrorPages(RowCase):
    @row("B§7: an error page echoes nothing of a hostile request")
    def test_no_echo(self):
        with Proxy({"ALLOWED_HOSTS": "example.com"}) as proxy:
            for target in ("http://evil-marker.test/", "http://evil-marker.test:0/",
                           "http://evil-marker<script>/", "evil-marker", "/evil-marker",
                           "gopher://evil-marker/"):
                with self.subTest(target):
                    response = proxy.get(target, "X-Evil: evil-marker")
                    self.assertGreaterEqual(response.status, 400)
                    self.assertNotIn(b"evil-marker", response.head + response.body)

    def test_proxy_status(self):
        origin = self.enter(Origin())
        for sentence, settings, target, status, error in (
            ("RFC 9209 §2.3.10: 403 for a private address says destination_ip_prohibited", {"ALLOW_PRIVATE_TARGETS": None}, origin.url(), 403, "destination_ip_prohibited"),
            ("RFC 9209 §2.3.18: 403 for a host says http_request_denied", {"ALLOWED_HOSTS": "a.test"}, origin.url(), 403, "http_request_denied"),
            ("RFC 9209 §2.3.18: 407 says http_request_denied", WITH_AUTH, origin.url(), 407, "http_request_denied"),
            ("RFC 9209 §2.3.17: 400 says http_request_error", {}, "gopher://a/", 400, "http_request_error"),
            ("RFC 9209 §2.3.2: 502 for an unknown name says dns_error", {"PROXY_CONNECT_TIMEOUT_MS": "5000"}, "http://no-such-host.invalid/", None, "dns_"),
        ):
            with self.row(sentence), Proxy(settings) as proxy:
                response = proxy.get(target)
                if status:
                    self.assertEqual(response.status, status)
                self.assertTrue(response.value("Proxy-Status").startswith(f"sami; error={error}"))
                self.assertTrue(response.has("Content-Length"))
                self.assertTrue(response.has("Date"))
                self.assertTrue(response.value("Content-Type").startswith("text/plain"))


if __name__ == "__main__":
    unittest.main()
