# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Every listener, page and method × credentials × client address: who gets in, and who does not.

The status is not enough: a refused request must not have reached the origin.
"""

import base64
import unittest

from drill import drill
from helpers_attack import (PATIENCE, Vitals, allow_many_descriptors, answered, close_all,
                            connect_many)
from sami_support import Origin, Proxy, RawClient, RowCase, row

USER, PASSWORD = "alice", "Sesam, öffne dich: jetzt"
ALLOWED, DENIED = "127.0.0.1", "127.0.0.2"
SETTINGS = {
    "PROXY_AUTH_USERNAME": USER,
    "PROXY_AUTH_PASSWORD": PASSWORD,
    "ALLOWED_IPS": f"{ALLOWED},::1",
    "PROXY_ADDRESS": "::",
    "PROXY_THREADS": "1",
    # Another test counts guesses.
    "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS": "1000000",
}


def token(pair):
    return base64.b64encode(pair if isinstance(pair, bytes) else pair.encode()).decode()


def basic(pair):
    return f"Proxy-Authorization: Basic {token(pair)}"


RIGHT = basic(f"{USER}:{PASSWORD}")
OVERSIZED = basic("a:" + "b" * 60_000)

WRONG = {
    "another password": [basic(f"{USER}:wrong")],
    "another user": [basic(f"bob:{PASSWORD}")],
    "a password that is a prefix": [basic(f"{USER}:{PASSWORD[:-1]}")],
    "a password that goes on": [basic(f"{USER}:{PASSWORD}x")],
    "a user that is a prefix": [basic(f"{USER[:-1]}:{PASSWORD}")],
    "the password in another case": [basic(f"{USER}:{PASSWORD.upper()}")],
    "the user in another case": [basic(f"{USER.upper()}:{PASSWORD}")],
    "one more colon": [basic(f"{USER}::{PASSWORD}")],
    "a colon behind": [basic(f"{USER}:{PASSWORD}:")],
    "no colon": [basic(USER + PASSWORD)],
    "an empty pair": [basic(":")],
    "an empty user": [basic(f":{PASSWORD}")],
    "an empty password": [basic(f"{USER}:")],
    "nothing": [basic("")],
    "a blank behind": [basic(f"{USER}:{PASSWORD} ")],
    "a line end behind": [basic(f"{USER}:{PASSWORD}\n")],
    "a NUL behind": [basic(f"{USER}:{PASSWORD}\0")],
    "a NUL behind the user": [basic(f"{USER}\0:{PASSWORD}")],
    "UTF-8 twice": [basic(f"{USER}:{PASSWORD}".encode().decode("latin-1"))],
    "the umlaut taken apart": [basic(f"{USER}:{PASSWORD.replace('ö', 'o' + chr(0x308))}")],
    "no UTF-8 at all": [basic(b"\xff\xfe:\xff\xfe")],
    "no base64": ["Proxy-Authorization: Basic *****"],
    "base64 with junk behind": [RIGHT + "*"],
    "base64 in two words": [RIGHT[:-8] + " " + RIGHT[-8:]],
    "the right pair in the clear": [f"Proxy-Authorization: Basic {USER}:pass"],
    "the right pair twice": [RIGHT, RIGHT],
    "the right pair and a wrong one": [RIGHT, basic("a:b")],
    "a wrong pair and the right one": [basic("a:b"), RIGHT],
    "two in one field": [f"{RIGHT}, {RIGHT.split(': ')[1]}"],
}
MISSING = {
    "none": [],
    "the right pair for the origin": [RIGHT.replace("Proxy-", "")],
    "another scheme": [RIGHT.replace("Basic", "Bearer")],
    "no scheme": [RIGHT.replace("Basic ", "")],
    "Digest": ['Proxy-Authorization: Digest username="alice", response="0"'],
    "an empty field": ["Proxy-Authorization:"],
}
ACCEPTED = {"right": [RIGHT], "the scheme in small letters": [RIGHT.replace("Basic", "basic")],
            "Latin-1, as requests sends it": [basic(f"{USER}:{PASSWORD}".encode("latin-1"))]}


class MatrixTest(RowCase):
    @classmethod
    def setUpClass(cls):
        # One origin that nobody may reach, and one for those who are let in.
        cls.forbidden = cls.enterClassContext(Origin())
        cls.origin = cls.enterClassContext(Origin())
        cls.proxy = cls.enterClassContext(Proxy(SETTINGS))
        cls.open = [("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/health", 200),
                    ("HEAD", "/health", 200), ("GET", "/status?x=y", 200),
                    ("OPTIONS", "/", 200), ("OPTIONS", "*", 200),
                    ("POST", "/health", 405), ("DELETE", "/", 405), ("TRACE", "/status", 405)]

    def guarded(self, authority):
        """Everything that needs credentials: each method and page."""
        return [
            ("GET", f"http://{authority}/"), ("HEAD", f"http://{authority}/"),
            ("POST", f"http://{authority}/"), ("DELETE", f"http://{authority}/"),
            ("OPTIONS", f"http://{authority}"), ("TRACE", f"http://{authority}/"),
            ("BREW", f"http://{authority}/"), ("GET", f"http://{USER}:pw@{authority}/"),
            ("CONNECT", authority), ("GET", "/missing"), ("GET", "/health/../x"),
            ("GET", "//health"), ("GET", "/HEALTH"), ("GET", "/status/"), ("GET", "/%68ealth"),
            ("OPTIONS", "/missing"), ("GET", f"http://localhost:{self.proxy.port}/health"),
        ]

    def ask(self, method, target, fields, source=ALLOWED):
        """The status, over a connection of its own, as an attacker would do."""
        host = "::1" if source == "::1" else "127.0.0.1"
        with RawClient(host, self.proxy.port, source=source) as client:
            client.request(method, target, *fields, "Host: h")
            return client.read_response(method).status

    def refused_everywhere(self, credentials, expected, source=ALLOWED):
        for what, fields in credentials.items():
            for method, target in self.guarded(self.forbidden.authority):
                with self.subTest(what, method=method, target=target, source=source):
                    self.assertEqual(expected, self.ask(method, target, fields, source))
        self.assertEqual(0, len(self.forbidden.connections), "the origin was reached")

    @drill("no credentials, those of another scheme or field; each method and page, IPv4 and IPv6",
           seen="407 for each; the origin was never reached")
    @row("B§2: without credentials nothing but the status pages answers")
    def test_missing(self):
        self.refused_everywhere(MISSING, 407)
        self.refused_everywhere({"none": []}, 407, "::1")

    @drill("credentials that are wrong or almost right, in 29 ways; each method and page",
           seen="407 for each; the origin was never reached")
    @row("B§2: credentials that are almost right are wrong")
    def test_wrong(self):
        self.refused_everywhere(WRONG, 407)
        self.refused_everywhere({"a prefix": WRONG["a password that is a prefix"]}, 407, "::1")

    @drill("credentials of 60,000 octets; each method and page",
           seen="431 for each; the origin was never reached")
    @row("B§2: oversized credentials are refused with the head that holds them")
    def test_oversized(self):
        self.refused_everywhere({"oversized": [OVERSIZED + "c" * 6000]}, 431)
        self.refused_everywhere({"just below": [basic("a:" + "b" * 40_000)]}, 407)

    @drill("the right credentials from an address that is not in ALLOWED_IPS",
           seen="403 for each method and page; the origin was never reached")
    @row("B§2: right credentials do not help from an address that is not allowed")
    def test_denied_address(self):
        self.refused_everywhere({**ACCEPTED, "none": [], "wrong": [basic("a:b")]}, 403, DENIED)

    @row("B§2: the right credentials from an allowed address get everywhere")
    def test_accepted(self):
        for fields in ACCEPTED.values():
            for source in (ALLOWED, "::1"):
                for method, target in self.guarded(self.origin.authority):
                    with self.subTest(method=method, target=target, source=source):
                        status = self.ask(method, target, fields, source)
                        self.assertNotIn(status, (401, 407, 429, 431))
                        self.assertNotEqual((source, status), (DENIED, 200))
        self.assertEqual(200, self.ask("GET", self.origin.url("/"), [RIGHT]))

    @drill("the status pages with wrong credentials and from an address that is not allowed",
           seen="the same answers as for everyone: 200 or 405, nothing else to see")
    @row("B§3: the status pages answer everyone alike and show nothing of the settings")
    def test_pages(self):
        for source in (ALLOWED, DENIED, "::1"):
            for fields in ([], [RIGHT], [basic("a:b")]):
                for method, target, expected in self.open:
                    with self.subTest(method=method, target=target, source=source):
                        self.assertEqual(expected, self.ask(method, target, fields, source))
        with self.proxy.client() as client:
            for page in ("/", "/health", "/status"):
                client.request("GET", page, "Host: h")
                response = client.read_response()
                for secret in (USER, "Sesam", ALLOWED, str(self.origin.port)):
                    self.assertNotIn(secret.encode(), response.head + response.body)

    @drill("right credentials first, none for the next requests of the same connection",
           seen="407 for each that brought none")
    @row("S§3.3: one authenticated request lets no other one of its connection in")
    def test_next_request(self):
        with self.proxy.client() as client:
            for fields, expected in (([RIGHT], 200), ([], 407), ([RIGHT], 200),
                                     ([basic("a:b")], 407)):
                client.request("GET", self.origin.url("/"), *fields)
                self.assertEqual(expected, client.read_response().status)

    @drill("a request smuggled behind one without credentials: in its body, behind its chunks",
           seen="407 for the first, nothing of the second reached the origin")
    @row("B§2: nothing behind a refused request is let in with it")
    def test_smuggled(self):
        inner = (f"GET {self.forbidden.url('/smuggled')} HTTP/1.1\r\nHost: h\r\n\r\n").encode()
        for framing, body in ((f"Content-Length: {len(inner)}", inner),
                              ("Transfer-Encoding: chunked",
                               b"%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner)),
                              ("Content-Length: 0", inner)):
            with self.subTest(framing), self.proxy.client() as client:
                client.request("POST", self.forbidden.url("/"), framing, "Connection: close",
                               body=body)
                answers = client.recv_all()[0]
                self.assertTrue(answers.startswith(b"HTTP/1.1 407"))
                self.assertNotIn(b" 200 ", answers)
        self.assertEqual(0, len(self.forbidden.connections))


class BruteForceTest(RowCase):
    GUARDED = {"PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD, "PROXY_THREADS": "1"}

    def guess(self, proxy, pair, source="127.0.0.1"):
        with RawClient("127.0.0.1", proxy.port, source=source) as client:
            client.request("GET", "/guess", basic(pair), "Host: h")
            return client.read_response().status

    @drill("a dictionary of 500 passwords from one address, the right one in the end",
           seen="407 ten times, then 429 for each; the right one was not told from the others")
    @row("B§2: a guesser learns nothing after its tenth guess, not even that it is right")
    def test_one_address(self):
        with Proxy(self.GUARDED) as proxy:
            with proxy.client() as client:
                statuses = []
                for i in range(500):
                    client.request("GET", "/guess", basic(f"{USER}:guess{i}"), "Host: h")
                    statuses.append(client.read_response().status)
            self.assertEqual([407] * 10 + [429] * 490, statuses)
            self.assertEqual(429, self.guess(proxy, f"{USER}:{PASSWORD}"))
            # 404 means let in: there is no such page.
            self.assertEqual(404, self.guess(proxy, f"{USER}:{PASSWORD}", "127.0.0.8"))

    @drill("20,000 addresses with a wrong password each",
           seen="+2 MB for the first 10,000, +0.1 MB for the second; the good client was let in")
    @row("B§2: guesses from twenty thousand addresses fill a bounded table and lock nobody out")
    def test_many_addresses(self):
        allow_many_descriptors()
        with Proxy(self.GUARDED) as proxy:
            vitals = Vitals(proxy)
            self.assertEqual(404, self.guess(proxy, f"{USER}:{PASSWORD}", "127.0.0.8"))
            ask = f"GET /guess HTTP/1.1\r\nHost: h\r\n{basic('a:b')}\r\nConnection: close\r\n\r\n"
            grown = []
            for block in range(2):
                before = vitals.resident()
                for first in range(block * 10_000, (block + 1) * 10_000, 250):
                    guesses = connect_many(
                        proxy.port, 250, prelude=ask.encode(),
                        source=lambda i, net=first // 250: f"127.1.{net}.{i + 1}")
                    self.assertEqual({407: 250}, answered(guesses, PATIENCE))
                    close_all(guesses)
                grown.append(vitals.resident() - before)
            print(f"  the first 10,000: {grown[0] >> 10} KB, the second: {grown[1] >> 10} KB")
            self.assertLess(grown[1], 2 << 20)
            self.assertEqual(404, self.guess(proxy, f"{USER}:{PASSWORD}", "127.0.0.8"))


if __name__ == "__main__":
    unittest.main()
