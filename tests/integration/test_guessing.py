# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Wrong credentials, how many of them, and what is none."""

import unittest

from helpers_access import PASSWORD, WITH_AUTH, basic
from sami_support import Origin, Proxy, RowCase, row, wait_until


class Guessing(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def proxy(self, **settings):
        return self.enter(Proxy({**WITH_AUTH, **settings}))

    def guess(self, proxy, count, **options):
        statuses = []
        with proxy.client(**options) as client:
            for number in range(count):
                client.request("GET", self.origin.url(), basic(password=f"guess {number}"))
                statuses.append(client.read_response().status)
        return statuses

    @row("B§2: ten requests without credentials lock nobody out")
    def test_credentialless(self):
        proxy = self.proxy()
        for _ in range(30):
            self.assertEqual(proxy.get(self.origin.url()).status, 407)
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)

    # What comes by mistake: a key for the model, another proxy's habit, nonsense.
    OTHER_SCHEMES = ("Bearer sk-1", f"Bearer {PASSWORD}", "Digest username=\"alice\"",
                     "Negotiate YIIB", "NTLM TlRMTVNT", "BasicX", "\xff\xfe", ",", "")

    @row("B§2: credentials of another scheme are no guess: 407 each time, and nobody is locked out")
    def test_other_schemes(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        good = basic().rsplit(" ", 1)[1]
        answers = set()
        for field in ((), *((f"Proxy-Authorization: {value}",)
                            for value in (*self.OTHER_SCHEMES, f"Bearer {good}"))):
            response = proxy.get(self.origin.url(), *field)
            fields = [pair for pair in response.fields if pair[0] != "Date"]
            answers.add((response.status, tuple(fields), response.body))
        # One and the same as without any: not even the right password in it makes a difference.
        self.assertEqual([status for status, _, _ in answers], [407])
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)

    @row("B§2: to a blocked address another scheme is worth as little as no credentials")
    def test_other_schemes_blocked(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        for source, status in (("127.0.0.2", 429), ("127.0.0.3", 407)):
            with proxy.client(source=source) as client:
                if status == 407:  # somebody there knows the password
                    client.request("GET", self.origin.url(), basic())
                    self.assertEqual(client.read_response().status, 200)
                self.assertEqual(self.guess(proxy, 4, source=source), [407, 407, 407, 429])
                for value in self.OTHER_SCHEMES:
                    client.request("GET", self.origin.url(), f"Proxy-Authorization: {value}")
                    self.assertEqual(client.read_response().status, status)

    @row("B§2: Basic credentials that cannot be read, and two fields, are guesses")
    def test_unreadable_is_a_guess(self):
        for fields in (("Basic",), ("Basic !!!!",), ("Basic YWxpY2U=",), ("Bearer x", "Bearer y")):
            with self.subTest(fields):
                proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="2")
                lines = [f"Proxy-Authorization: {value}" for value in fields]
                self.assertEqual([proxy.get(self.origin.url(), *lines).status for _ in range(3)],
                                 [407, 407, 429])

    @row("B§2: ten wrong passwords block the address: 429 and Retry-After of twice the window")
    def test_blocked(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_WINDOW_MS="60000")
        self.assertEqual(self.guess(proxy, 10), [407] * 10)
        for field in ((), (basic(),), (basic(password="guess"),)):
            response = proxy.get(self.origin.url(), *field)
            self.assertEqual(response.status, 429)
            self.assertFalse(response.has("Proxy-Authenticate"))
            self.assertIn(int(response.value("Retry-After")), range(110, 121))
        self.assertEqual(self.origin.requests, [])

    @row("B§2: a block lasts an hour at most")
    def test_longest_block(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_WINDOW_MS="86400000",
                           AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1")
        self.guess(proxy, 1)
        self.assertIn(int(proxy.get(self.origin.url()).value("Retry-After")), range(3590, 3601))

    @row("B§2: AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS is the number of guesses before the block")
    def test_attempts(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        self.assertEqual(self.guess(proxy, 5), [407, 407, 407, 429, 429])

    @row("B§2: a success does not clear the count, so a guesser cannot wash himself clean")
    def test_not_cleared(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        self.guess(proxy, 2)
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
        self.assertEqual(self.guess(proxy, 2), [407, 429])

    @row("B§2: while blocked, credentials that had succeeded from the address still pass")
    def test_good_client_passes(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
        self.assertEqual(self.guess(proxy, 5), [407, 407, 407, 429, 429])
        for _ in range(3):
            self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
            # The good client's dance begins with no credentials.
            self.assertEqual(proxy.get(self.origin.url()).status, 407)
        self.assertEqual(self.guess(proxy, 1), [429])

    @row("B§2: another address is not blocked along")
    def test_other_address(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="2")
        self.assertEqual(self.guess(proxy, 3, source="127.0.0.2"), [407, 407, 429])
        self.assertEqual(self.guess(proxy, 1, source="127.0.0.3"), [407])

    @row("B§2: a block ends by itself and says when")
    def test_block_ends(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1",
                           AUTH_FAIL_RATE_LIMIT_WINDOW_MS="1000")
        self.guess(proxy, 1)
        self.assertIn(proxy.get(self.origin.url(), basic()).value("Retry-After"), ("1", "2"))
        wait_until(lambda: proxy.get(self.origin.url(), basic()).status == 200,
                   what="the end of the block")

    @row("B§2: the status pages answer a blocked address")
    def test_health_of_blocked(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1")
        self.guess(proxy, 1)
        self.assertEqual(proxy.get("/health").status, 200)
        self.assertEqual(proxy.get("/elsewhere").status, 429)


if __name__ == "__main__":
    unittest.main()
