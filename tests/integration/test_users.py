# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Users from a file: who is let in, by each protocol, and what each user may do."""

import http.client
import itertools
import unittest

import helpers_socks as socks
from helpers_access import basic
from helpers_users import SLOW, UsersFile, hashed, line
from sami_support import WAIT, Origin, Proxy, RowCase, answer, closed_port, row, wait_until
from sami_support.doorclient import DoorClient, settings

PASSWORDS = ("secret: with a colon", "Пароль ёж", "Grüße, Jürgen")
# A htpasswd -B hash of "Пароль ü", in the form of httpd's tool and crypt(3).
BCRYPT = "$2y$05$abcdefghijklmnopqrstuubXv0oECEzYcFcUKBBiUCZG0Q26IHkKG"


def is_closed(reason):
    return lambda line: line.get("reason") == reason


class UsersCase(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin(answer(b"hello")))

    def users(self, *lines):
        return self.enter(UsersFile(*lines))

    def proxy(self, users, **others):
        return self.enter(Proxy(users.settings(**others)))

    def get(self, proxy, user, password="secret", **options):
        with proxy.client(**options) as client:
            client.request("GET", self.origin.url(), basic(user, password))
            return client.read_response()

    def socks(self, proxy, user, password="secret"):
        """The status of the sub-negotiation."""
        with proxy.client() as client:
            client.send(socks.LOCKED)
            self.assertEqual(client.recv_exactly(2), socks.CHOSEN_LOCKED)
            client.send(socks.pair(user, password))
            return client.recv_exactly(2)


class SigningIn(UsersCase):
    @row("B§17: a right password lets a user in by every door, in any alphabet")
    def test_every_door(self):
        names = [f"user{number}" for number in range(len(PASSWORDS))]
        users = self.users(*(line(name, password) for name, password in zip(names, PASSWORDS)))
        proxy = self.proxy(users, **settings())
        for name, password in zip(names, PASSWORDS):
            with self.subTest(name):
                field = basic(name, password)
                self.assertEqual(proxy.get(self.origin.url(), field).status, 200)
                with proxy.client() as client:
                    client.connect_tunnel("127.0.0.1", self.origin.port, field)
                    client.request("GET", "/")
                    self.assertEqual(client.read_response().body, b"hello")
                with proxy.client() as client:
                    code = socks.ask(client, socks.to_name("127.0.0.1", self.origin.port),
                                     socks.LOCKED, socks.pair(name, password))
                    self.assertEqual(code, socks.SUCCESS)
                with DoorClient(proxy) as client:
                    self.assertEqual(client.handshake().get(self.origin.url(), field)[0], 200)
                proxy.wait_for_access(4, lambda line: line.get("user") == name)

    @row("B§17: a password of Latin-1's letters is right in that charset too")
    def test_latin1(self):
        proxy = self.proxy(self.users(line("jürgen", PASSWORDS[2])))
        self.assertEqual(
            proxy.get(self.origin.url(), basic("jürgen", PASSWORDS[2], "latin-1")).status, 200)

    @row("B§17: a file of htpasswd -B is one")
    def test_htpasswd(self):
        proxy = self.proxy(self.users(f"ada:{BCRYPT}"))
        self.assertEqual(self.get(proxy, "ada", "Пароль ü").status, 200)
        self.assertEqual(self.get(proxy, "ada", "Пароль u").status, 407)

    @row("B§17: a wrong password and an unknown name read alike")
    def test_wrong(self):
        proxy = self.proxy(self.users(line("ada")))
        answers = [self.get(proxy, "ada", "wrong"), self.get(proxy, "bob")]
        self.assertEqual([(each.status, each.reason, each.body) for each in answers],
                         [(407, "Wrong user name or password", answers[0].body)] * 2)
        self.assertEqual(self.socks(proxy, "ada", "wrong"), socks.REJECTED)
        self.assertEqual(self.socks(proxy, "bob"), socks.REJECTED)
        self.assertEqual(proxy.get(self.origin.url()).reason, "User name and password needed")
        for logged in proxy.wait_for_access(4, is_closed("credentials_wrong")):
            self.assertEqual(logged.get("user", "-"), "-")

    @row("B§17: whoever guesses is blocked, and whoever signed in from there before is not")
    def test_guessing(self):
        users = self.users(line("ada"), line("bob"))
        proxy = self.proxy(users, AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        self.assertEqual(self.get(proxy, "ada").status, 200)
        self.assertEqual([self.get(proxy, "bob", f"guess {i}").status for i in range(3)],
                         [407] * 3)
        self.assertEqual(self.get(proxy, "bob").status, 429)
        self.assertEqual(self.get(proxy, "ada").status, 200)
        self.assertEqual(self.get(proxy, "bob", source="127.0.0.9").status, 200)
        users.reload(proxy, line("ada"), line("bob"), line("eve"))
        self.assertEqual(self.get(proxy, "bob").status, 200)

    @row("B§17: a guess counts though its client has left before the verdict")
    def test_leaving(self):
        proxy = self.proxy(self.users(line("ada", iterations=SLOW)),
                           AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="3")
        guesses = itertools.count()

        def is_blocked():
            with proxy.client() as client:
                client.request("GET", self.origin.url(), basic("ada", f"guess {next(guesses)}"))
                # It is hashed meanwhile, which takes longer than this.
                status = proxy.get(self.origin.url()).status
                client.reset()
            return status == 429

        wait_until(is_blocked, what="the block")

    @row("B§17: the pair of the settings is one more user")
    def test_pair(self):
        proxy = self.proxy(self.users(line("ada")), PROXY_AUTH_USERNAME="own",
                           PROXY_AUTH_PASSWORD="pair")
        self.assertEqual(self.get(proxy, "own", "pair").status, 200)
        self.assertEqual(self.get(proxy, "ada").status, 200)
        self.assertEqual(self.get(proxy, "own").status, 407)

    @row("B§17: a file without users lets nobody in")
    def test_nobody(self):
        proxy = self.proxy(self.users("# nobody yet"))
        self.assertEqual(proxy.get(self.origin.url()).status, 407)
        self.assertEqual(self.get(proxy, "ada").status, 407)
        self.assertEqual(self.socks(proxy, "ada"), socks.REJECTED)

    @row("B§17: what comes behind a request waits with it")
    def test_pipelined(self):
        proxy = self.proxy(self.users(line("ada", iterations=SLOW)))
        field = basic("ada", "secret")
        with proxy.client() as client:
            client.request("POST", self.origin.url("/1"), field, "Content-Length: 4", body=b"body")
            client.request("GET", self.origin.url("/2"), field)
            client.half_close()
            self.assertEqual([client.read_response().status for _ in range(2)], [200, 200])
        requests = [self.origin.next_request() for _ in range(2)]
        self.assertEqual([request.method for request in requests], ["POST", "GET"])
        with proxy.client() as client:
            client.send(socks.LOCKED + socks.pair("ada", "secret")
                        + socks.to_name("127.0.0.1", self.origin.port)
                        + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual(client.recv_exactly(14),
                             socks.CHOSEN_LOCKED + socks.ACCEPTED + socks.reply(socks.SUCCESS))
            self.assertEqual(client.read_response().body, b"hello")


class Rights(UsersCase):
    STATES = (("disabled", "disabled", "This user is disabled", "user_disabled"),
              ("until=2020-01-31", "expired", "This user has expired", "user_expired"))

    @row("B§17: that a user is disabled or has expired is told to whoever knows the password")
    def test_states(self):
        users = self.users(*(line(name, keys=keys) for keys, name, _, _ in self.STATES))
        proxy = self.proxy(users)
        for _, name, phrase, code in self.STATES:
            with self.subTest(name):
                wrong = self.get(proxy, name, "wrong")
                self.assertEqual((wrong.status, wrong.reason),
                                 (407, "Wrong user name or password"))
                right = self.get(proxy, name)
                self.assertEqual((right.status, right.reason), (403, phrase))
                self.assertFalse(right.has("Proxy-Authenticate"))
                self.assertEqual(self.socks(proxy, name), socks.REJECTED)
                for logged in proxy.wait_for_access(2, is_closed(code)):
                    self.assertEqual((logged["user"], logged["how"]), (name, "refused"))

    @row("B§17: a client shows its user why")
    def test_shown(self):
        proxy = self.proxy(self.users(line("ada", keys="disabled")))
        connection = http.client.HTTPConnection(proxy.address, proxy.port, timeout=WAIT)
        name, value = basic("ada", "secret").split(": ", 1)
        connection.set_tunnel("example.com", 443, {name: value})
        with self.assertRaisesRegex(OSError, "403 This user is disabled"):
            connection.request("GET", "/")
        connection.close()

    @row("B§17: the last day still counts, whatever the log calls it")
    def test_last_day(self):
        proxy = self.proxy(self.users(line("ada", keys="until=2999-12-31")))
        self.assertEqual(self.get(proxy, "ada").status, 200)

    @row("B§17: hosts= narrows and never widens")
    def test_hosts(self):
        users = self.users(line("ada", keys=f"hosts={self.origin.authority},@openai"),
                           line("bob", keys="hosts=@openai"), line("eve"))
        proxy = self.proxy(users)
        self.assertEqual(self.get(proxy, "ada").status, 200)
        self.assertEqual(self.get(proxy, "eve").status, 200)
        refused = self.get(proxy, "bob")
        self.assertEqual((refused.status, refused.reason), (403, "This user may not reach that host"))
        with proxy.client() as client:
            code = socks.ask(client, socks.to_name("127.0.0.1", self.origin.port), socks.LOCKED,
                             socks.pair("bob", "secret"))
            self.assertEqual(code, socks.NOT_ALLOWED)
        proxy.wait_for_access(2, is_closed("user_host_not_listed"))
        narrow = self.proxy(users, ALLOWED_HOSTS="example.com")
        self.assertEqual(self.get(narrow, "ada").reason, "Forbidden by ALLOWED_HOSTS")

    @row("B§17: connections= is how much a user has under way at once")
    def test_connections(self):
        proxy = self.proxy(self.users(line("ada", keys="connections=2"), line("bob")))
        field = basic("ada", "secret")
        first, second = proxy.client(), proxy.client()
        first.connect_tunnel("127.0.0.1", self.origin.port, field)
        second.request("GET", self.origin.url(), field)
        self.assertEqual(second.read_response().status, 200)
        third = wait_until(lambda: self.tunnel(proxy, field))  # the second is idle now
        second.request("GET", self.origin.url(), field)
        full = second.read_response()
        self.assertEqual((full.status, full.reason),
                         (503, "This user has too many connections at once"))
        self.assertEqual(full.value("Retry-After"), "5")
        self.assertEqual(self.get(proxy, "bob").status, 200)
        with proxy.client() as client:
            code = socks.ask(client, socks.to_name("127.0.0.1", self.origin.port), socks.LOCKED,
                             socks.pair("ada", "secret"))
            self.assertEqual(code, socks.FAILURE)
        for logged in proxy.wait_for_access(2, is_closed("user_full")):
            self.assertEqual((logged["user"], logged["how"]), ("ada", "limit"))
        third.close()
        wait_until(lambda: self.get(proxy, "ada").status == 200)

    @row("B§17: a request that is answered is no work any more, though its body has not come")
    def test_no_body(self):
        proxy = self.proxy(self.users(line("ada", keys="connections=1"), line("bob")))
        field, nowhere = basic("ada", "secret"), f"http://127.0.0.1:{closed_port()}/"
        first = proxy.client()
        first.request("POST", nowhere, field, "Content-Length: 1000")
        self.assertEqual(first.read_response().status, 502)
        self.assertEqual(self.get(proxy, "ada").status, 200)
        # And its connection is kept.
        first.send(bytes(1000))
        first.request("GET", self.origin.url(), basic("bob", "secret"))
        self.assertEqual(first.read_response().status, 200)

    def tunnel(self, proxy, field):
        """The client of a tunnel; None if the tunnel is refused."""
        client = proxy.client()
        client.request("CONNECT", self.origin.authority, field)
        return client if client.read_response("CONNECT").status == 200 else None


class Files(UsersCase):
    BAD = {"a line without a hash": "ada", "a password that nobody hashed": "ada:secret",
           "an unknown key": line("ada", keys="colour=red"),
           "a name twice": line("ada") + "\n" + line("ada")}

    @row("B§17: a bad line ends the start with 2, and names the line")
    def test_bad_start(self):
        for what, bad in self.BAD.items():
            with self.subTest(what):
                users = self.users("# users", line("eve"), bad)
                with Proxy(users.settings(), expect_start=False) as proxy:
                    self.assertEqual(proxy.wait_exit(), 2)
                    self.assertIn("PROXY_USERS_FILE", proxy.stderr())
                    self.assertRegex(proxy.stderr(), "line [34]")
                    self.assertNotIn(hashed("secret").rsplit("$", 1)[1], proxy.stderr())

    @row("B§17: so does a file that is not there, and a name that the settings have too")
    def test_other_starts(self):
        users = self.users(line("ada"))
        for others in ({"PROXY_USERS_FILE": users.path + ".gone"},
                       {"PROXY_AUTH_USERNAME": "ada", "PROXY_AUTH_PASSWORD": "pair"}):
            with self.subTest(others):
                with Proxy({**users.settings(), **others}, expect_start=False) as proxy:
                    self.assertEqual(proxy.wait_exit(), 2)
                    self.assertIn("PROXY_USERS_FILE", proxy.stderr())

    @row("B§17: later a bad line keeps the whole old list, and one error line names it")
    def test_bad_reload(self):
        users = self.users(line("ada"))
        proxy = self.proxy(users)
        users.reload(proxy, line("bob"), "eve")
        bad = proxy.wait_for_log(lambda line: line.get("level") == "error")
        self.assertIn("line 2", bad["reason"])
        self.assertEqual([self.get(proxy, name).status for name in ("ada", "bob")], [200, 407])
        users.reload(proxy, line("bob"), line("eve"))
        self.assertEqual([self.get(proxy, name).status for name in ("ada", "bob")], [407, 200])
        self.assertEqual(len([1 for line in proxy.log_lines() if line.get("level") == "error"]), 1)


if __name__ == "__main__":
    unittest.main()
