# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Wrong credentials: how many are allowed, and what does not count as wrong."""

import os
import signal
import tempfile
import unittest

from helpers_access import PASSWORD, USER, WITH_AUTH, basic
from sami_support import Origin, Proxy, RowCase, row, wait_until


class GuessingCase(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def proxy(self, **settings):
        return self.enter(Proxy({**WITH_AUTH, **settings}))

    def guess(self, proxy, count, first=0, **options):
        """Tries that many different wrong passwords."""
        statuses = []
        with proxy.client(**options) as client:
            for number in range(first, first + count):
                client.request("GET", self.origin.url(), basic(password=f"guess {number}"))
                statuses.append(client.read_response().status)
        return statuses


class Guessing(GuessingCase):
    @row("B§2: ten requests without credentials lock nobody out")
    def test_credentialless(self):
        proxy = self.proxy()
        for _ in range(30):
            self.assertEqual(proxy.get(self.origin.url()).status, 407)
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)

    # Credentials sent by mistake: a key for the model, another proxy's scheme, nonsense.
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
        # The same answer as without credentials: not even the right password in it makes a
        # difference.
        self.assertEqual([status for status, _, _ in answers], [407])
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)

    @row("B§2: to a blocked address another scheme is worth as little as no credentials")
    def test_other_schemes_blocked(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        for source, status in (("127.0.0.2", 429), ("127.0.0.3", 407)):
            with proxy.client(source=source) as client:
                if status == 407:  # somebody at that address knows the password
                    client.request("GET", self.origin.url(), basic())
                    self.assertEqual(client.read_response().status, 200)
                self.assertEqual(self.guess(proxy, 4, source=source), [407, 407, 407, 429])
                for value in self.OTHER_SCHEMES:
                    client.request("GET", self.origin.url(), f"Proxy-Authorization: {value}")
                    self.assertEqual(client.read_response().status, status)

    @row("B§2: Basic credentials that cannot be read, and two fields, are guesses")
    def test_unreadable_is_a_guess(self):
        for guesses in ((("Basic",), ("Basic !!!!",)), (("Basic YWxpY2U=",), ("Basic Ym9i",)),
                        (("Bearer x", "Bearer y"), ("Bearer x", "Bearer z"))):
            with self.subTest(guesses):
                proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="2")
                self.assertEqual([self.give(proxy, *fields) for fields in (*guesses, ())],
                                 [407, 407, 429])

    def give(self, proxy, *values):
        lines = [f"Proxy-Authorization: {value}" for value in values]
        return proxy.get(self.origin.url(), *lines).status

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

    @row("B§2: the same wrong credentials again and again are one guess")
    def test_same_again(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        for given in (("Basic YWxpY2U6b2xk",), ("Basic !!!!",)):
            self.assertEqual([self.give(proxy, *given) for _ in range(10)], [407] * 10)
        # Meanwhile a neighbour in the same network is let in, and the third guess blocks.
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
        self.assertEqual(self.guess(proxy, 2), [407, 429])

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
        self.assertEqual(self.guess(proxy, 2, first=2), [407, 429])

    @row("B§2: while blocked, credentials that had succeeded from the address still pass")
    def test_good_client_passes(self):
        proxy = self.proxy(AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
        self.assertEqual(self.guess(proxy, 5), [407, 407, 407, 429, 429])
        for _ in range(3):
            self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
            # A good client's exchange starts without credentials.
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


class Rotation(GuessingCase):
    """The password changes with a reload. The limit is one guess, so any guess that counts blocks.
    """

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "sami.ini")

    def start(self, password="first"):
        self.write(password)
        return self.enter(Proxy({"PROXY_PORT": None}, ["--config", self.path]))

    def write(self, password, *lines):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(("port = 0", "auth_fail_rate_limit_max_attempts = 1",
                                  f"auth_username = {USER}", f"auth_password = {password}",
                                  *lines, "")))

    def reload(self, proxy, message="reloaded"):
        def said():
            return len([line for line in proxy.log_lines() if message in line["message"]])

        before = said()
        proxy.signal(signal.SIGHUP)
        wait_until(lambda: said() > before, what=message)

    def try_with(self, proxy, password):
        return proxy.get(self.origin.url(), basic(password=password)).status

    @row("B§2: clients with the password of before a change lock nobody out")
    def test_old_clients(self):
        proxy = self.start()
        self.assertEqual(self.try_with(proxy, "first"), 200)
        self.write("second")
        self.reload(proxy)
        self.assertEqual([self.try_with(proxy, "first") for _ in range(20)], [407] * 20)
        self.assertEqual(self.try_with(proxy, "second"), 200)
        # Changing other settings does not count as a change of credentials.
        self.write("second", "timeout_ms = 60000")
        self.reload(proxy)
        self.assertEqual([self.try_with(proxy, "first") for _ in range(3)], [407] * 3)
        # The guard still applies to everything else.
        self.assertEqual(self.try_with(proxy, "third"), 407)
        self.assertEqual(self.try_with(proxy, "third"), 429)

    @row("B§2: a change of the credentials lifts the blocks")
    def test_lifted_by_a_change(self):
        proxy = self.start()
        self.assertEqual([self.try_with(proxy, "second") for _ in range(2)], [407, 429])
        self.write("second")
        self.reload(proxy)
        self.assertEqual(self.try_with(proxy, "second"), 200)

    @row("B§2: SIGHUP lifts the blocks, and says how many")
    def test_lifted_by_an_order(self):
        proxy = self.start()
        self.assertEqual([self.try_with(proxy, "wrong") for _ in range(2)], [407, 429])
        self.assertEqual(self.try_with(proxy, "first"), 429)
        self.reload(proxy)
        self.assertEqual(self.try_with(proxy, "first"), 200)
        lines = [line for line in proxy.log_lines() if "are lifted" in line["message"]]
        self.assertEqual([int(line["clients"]) for line in lines], [1])
        self.reload(proxy)
        self.assertEqual(len([line for line in proxy.log_lines() if "lifted" in line["message"]]),
                         1, "nothing was blocked the second time")

    @row("B§2: settings that are refused lift nothing")
    def test_refused_settings(self):
        proxy = self.start()
        self.assertEqual([self.try_with(proxy, "wrong") for _ in range(2)], [407, 429])
        self.write("second", "timeout_ms = soon")
        self.reload(proxy, "not reloaded")
        self.assertEqual(self.try_with(proxy, "first"), 429)


if __name__ == "__main__":
    unittest.main()
