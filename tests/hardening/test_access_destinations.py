# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Ways around the destination rules, sent raw. What matters: no inside host is ever connected to.
"""

import unittest

from drill import drill
from sami_support import Origin, Proxy, RowCase, row

# Spellings of 127.0.0.1, of the wildcard, of the metadata address and of the proxy itself, which
# resolvers, URL parsers and people read differently. PORT becomes a listener's port.
HOSTS = """
127.0.0.1 127.1 127.0.1 127.000.000.001 0127.0.0.1 0x7f.0.0.1 0x7f000001 0x7F.1 0177.0.0.01
2130706433 017700000001 0 00 0.0 0.0.0.0 0x0 127.0.0.1. 127.1. localhost LocalHost localhost.
localhost.localdomain ip6-localhost ip6-loopback [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1]
[::ffff:0:127.0.0.1] [::127.0.0.1] [0:0:0:0:0:ffff:7f00:1] [0000::0001] [64:ff9b::127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [2001::80ff:fffe]
[fe80::1%25lo] [fe80::1%lo] [::1%25lo] [::1%lo] [::1%1] [fe80::5efe:127.0.0.1] [fec0::1] [fc00::1]
[ff02::1] 169.254.169.254 [::ffff:169.254.169.254] [64:ff9b::a9fe:a9fe] 0xa9fea9fe 2852039166
0251.0376.0251.0376 169.254.43518 [fd00:ec2::254] 10.1 192.168.257 172.16.1 100.64.1 255.255.255.255
224.0.0.1 %31%32%37.0.0.1 127%2e0%2e0%2e1 %6c%6f%63alhost localhost%2e localhost%00 localhost%00.a.test
""".split() + [
    "①②⑦.⓪.⓪.①", "127。0。0。1", "ｌｏｃａｌｈｏｓｔ", "ℓocalhost", "xn--localhost-", "127.0.0.1\u200b",
    "localhost\u00ad", "LOCALHOST", "[::ﬀff:127.0.0.1]",
]
AUTHORITIES = [
    "a.test@127.0.0.1:PORT", "127.0.0.1:PORT@a.test:80@127.0.0.1:PORT", "a.test:80@[::1]:PORT",
    "127.0.0.1:PORT#@a.test", "127.0.0.1:PORT?@a.test", "127.0.0.1:PORT\\@a.test",
    "127.0.0.1:PORT#", "127.0.0.1:PORT#a.test", "a.test#@127.0.0.1:PORT",
    "a.test\\@127.0.0.1:PORT", "127.0.0.1:PORT:80", "[::1]:PORT:80", "[127.0.0.1]:PORT",
    "[localhost]:PORT", "::1:PORT", "[::1", "::1]:PORT", "[[::1]]:PORT", "127.0.0.1:0PORT",
    "127.0.0.1:+PORT", "127.0.0.1:%PORT", "127.0.0.1: PORT", "127.0.0.1:http", "127.0.0.1:65536",
    "127.0.0.1:-1", "127.0.0.1:", ":PORT", "127.0.0.1,a.test:PORT", "127.0.0.1;a.test:PORT",
    "127.0.0.1|a.test:PORT", "http://127.0.0.1:PORT", "//127.0.0.1:PORT", "127.0.0.1:PORT/",
]
SCHEMES = ["gopher", "file", "ftp", "wsx", "dict", "unix", "javascript", "http+unix", "HTTP:"]


class DestinationsTest(RowCase):
    @classmethod
    def setUpClass(cls):
        cls.inside = cls.enterClassContext(Origin(lambda connection: connection.recv_all()))
        cls.inside6 = cls.enterClassContext(
            Origin(lambda connection: connection.recv_all(), host="::1", port=cls.inside.port))
        cls.proxy = cls.enterClassContext(Proxy(
            {"ALLOW_PRIVATE_TARGETS": None, "PROXY_CONNECT_TIMEOUT_MS": 2000}))

    def status(self, head):
        with self.proxy.client(timeout=20) as client:
            client.send(head.encode("utf-8", "surrogateescape"))
            return client.read_head().status

    def refused(self, request):
        """4xx or 502: the inside listener never answers, and nothing ever connects to it."""
        status = self.status(request)
        self.assertIn(status, (400, 403, 404, 502, 504), request)

    def untouched(self):
        self.assertEqual(0, len(self.inside.connections) + len(self.inside6.connections),
                         "the inside was connected to")

    @drill("90 spellings of loopback, wildcard, metadata and private addresses, in CONNECT and GET",
           seen="403 or 400 for each; nothing inside was connected to")
    @row("B§1: no spelling of an address leads inside")
    def test_hosts(self):
        port = self.inside.port
        for host in HOSTS:
            with self.subTest(host):
                self.refused(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: a\r\n\r\n")
                self.refused(f"GET http://{host}:{port}/ HTTP/1.1\r\nHost: a\r\n\r\n")
        self.untouched()

    @drill("30 authorities that two parsers read differently: userinfo, two ports, backslashes",
           seen="400 or 403 for each; nothing inside was connected to")
    @row("B§4: no ambiguous authority leads inside")
    def test_authorities(self):
        for authority in AUTHORITIES:
            authority = authority.replace("PORT", str(self.inside.port))
            with self.subTest(authority):
                self.refused(f"CONNECT {authority} HTTP/1.1\r\nHost: a\r\n\r\n")
                self.refused(f"GET http://{authority} HTTP/1.1\r\nHost: a\r\n\r\n")
                self.refused(f"GET http://{authority}/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        self.untouched()

    @drill("Host, X-Forwarded-Host, Forwarded and Upgrade that name the inside behind a public target",
           seen="the target alone decides; nothing inside was connected to")
    @row("M§3.2.2: no field but the target chooses the destination")
    def test_fields(self):
        inside = self.inside.authority
        for field in (f"Host: {inside}", f"Host: a\r\nX-Forwarded-Host: {inside}",
                      f"Host: a\r\nForwarded: host={inside}", f"Host: a\r\nX-Original-URL: {inside}",
                      f"Host: a\r\nX-Real-Host: {inside}", f"Host: a\r\nAlt-Svc: h1={inside}"):
            with self.subTest(field):
                self.refused(f"GET http://192.168.255.254:1080/ HTTP/1.1\r\n{field}\r\n\r\n")
                # Origin-form means a page of our own, whatever Host says.
                self.refused(f"GET /admin HTTP/1.1\r\n{field}\r\n\r\n")
        self.untouched()

    @drill("other schemes than http and https, and ws and wss, which mean these",
           seen="400 for each, 403 for ws and wss; nothing inside was connected to")
    @row("B§4: no scheme but http, https, ws and wss is served, and none leads inside")
    def test_schemes(self):
        for scheme in ("ws", "wss", "WS"):
            self.assertEqual(403, self.status(
                f"GET {scheme}://{self.inside.authority}/ HTTP/1.1\r\nHost: a\r\n\r\n"))
        for scheme in SCHEMES:
            with self.subTest(scheme):
                self.assertEqual(400, self.status(
                    f"GET {scheme}://{self.inside.authority}/ HTTP/1.1\r\nHost: a\r\n\r\n"))
        self.untouched()

    @drill("ports of mail, SSH and others below 1024, by number, with zeros, by name, over 65535",
           seen="403 for what the list does not hold, 400 for what is no port")
    @row("B§1: no spelling of a port gets past the list")
    def test_ports(self):
        for port, expected in (("25", 403), ("025", 403), ("00000025", 403), ("22", 403),
                               ("smtp", 400), ("+25", 400), ("-25", 400), ("0x19", 400),
                               ("65561", 400), ("4294967321", 400), ("2 5", 400), ("25%20", 400),
                               ("0", 400), ("\u0662\u0665", 400), ("99999999999999999999", 400)):
            with self.subTest(port):
                for line in (f"CONNECT a.test:{port}", f"GET http://a.test:{port}/"):
                    status = self.status(f"{line} HTTP/1.1\r\nHost: a\r\n\r\n")
                    self.assertIn(status, (400, expected), line)

    @drill("a list of names that is only reported: private, own and metadata addresses, ports of mail "
           "and SSH", seen="refused as without a list; each line says that the name was missing too")
    @row("B§2: a list that is only reported opens no way inside")
    def test_reported_list(self):
        literals = [host for host in HOSTS if host[0] in "[0123456789"][:40]
        with Proxy({"ALLOWED_HOSTS": "@llm", "ALLOWED_HOSTS_MODE": "report",
                    "ALLOW_PRIVATE_TARGETS": None, "PROXY_CONNECT_TIMEOUT_MS": 2000}) as proxy:
            heads = [f"CONNECT {host}:{self.inside.port}" for host in literals]
            heads += [f"GET http://{host}:{self.inside.port}/" for host in literals]
            heads += ["CONNECT a.test:25", "GET http://a.test:22/"]
            for head in heads:
                with self.subTest(head), proxy.client(timeout=20) as client:
                    client.send(f"{head} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                    self.assertIn(client.read_head().status, (400, 403, 502))
            for line in proxy.wait_for_access(len(heads)):
                if line["how"] == "refused":
                    self.assertEqual(line["would_refuse"], "host_not_listed", line)
        self.untouched()

    @drill("an allow-list of names: prefixes, suffixes, wildcards, dots and case around it",
           seen="403 for each that is not on the list")
    @row("B§1: ALLOWED_HOSTS takes whole names")
    def test_allowed_hosts(self):
        with Proxy({"ALLOWED_HOSTS": "api.good.test,*.wild.test", "ALLOW_PRIVATE_TARGETS": None,
                    "PROXY_CONNECT_TIMEOUT_MS": 2000}) as proxy:
            for host, allowed in (("api.good.test", True), ("API.GOOD.TEST", True),
                                  ("api.good.test.", True), ("a.wild.test", True),
                                  ("evil-api.good.test", False), ("api.good.test.evil.test", False),
                                  ("xapi.good.test", False), ("api.good.tes", False),
                                  ("good.test", False), ("evilwild.test", False),
                                  ("api-good.test", False), ("apiXgood.test", False),
                                  ("a.wild.test.evil.test", False), ("evil.test/.wild.test", False),
                                  ("evil.test#.wild.test", False), ("evil.test?.wild.test", False),
                                  ("127.0.0.1", False), ("[::1]", False)):
                with self.subTest(host), proxy.client(timeout=20) as client:
                    client.send(f"GET http://{host}/ HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                    status = client.read_head().status
                    self.assertIn(status, (502, 504) if allowed else (400, 403))


if __name__ == "__main__":
    unittest.main()
