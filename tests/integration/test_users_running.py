# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Changes of the users file at run time: who is turned out, and who waits for a verdict."""

import os
import pathlib
import signal
import tempfile
import time
import unittest

import helpers_socks as socks
from helpers_access import basic
from helpers_clock import clock_at
from helpers_tunnel import HeldOrigin
from helpers_users import SLOW, UsersFile, crowd, line
from sami_support import WAIT, Proxy, RowCase, closed_port, row, wait_until

# The file is checked every ten seconds, and once more a second later.
LOOKED_AT = 15


class RunningCase(RowCase):
    def setUp(self):
        self.origin = self.enter(HeldOrigin())
        self.nowhere = f"127.0.0.1:{closed_port()}"  # a client that is let in gets 502

    def start(self, *lines, prefix=(), **others):
        self.users = self.enter(UsersFile(*lines))
        self.proxy = self.enter(Proxy(self.users.settings(**others), prefix=prefix))

    def tunnel(self, user, password="secret"):
        """Both ends of a tunnel of that user."""
        client = self.proxy.client()
        client.connect_tunnel("127.0.0.1", self.origin.port, basic(user, password))
        return client, self.origin.take()

    def socks_tunnel(self, user):
        client = self.proxy.client()
        code = socks.ask(client, socks.to_name("127.0.0.1", self.origin.port), socks.LOCKED,
                         socks.pair(user, "secret"))
        self.assertEqual(code, socks.SUCCESS)
        return client, self.origin.take()

    def status(self, user, password="secret"):
        """The status of a request that is answered without an origin."""
        with self.proxy.client() as client:
            client.request("CONNECT", self.nowhere, basic(user, password))
            response = client.read_response("CONNECT")
            return response.status, response.reason

    def assert_goes_on(self, pair):
        client, upstream = pair
        client.send(b"ping")
        self.assertEqual(upstream.recv_exactly(4), b"ping")
        upstream.send(b"pong")
        self.assertEqual(client.recv_exactly(4), b"pong")


class Revoked(RunningCase):
    CASES = {"user_removed": (None, (407, "Wrong user name or password")),
             "user_disabled": (line("ada", keys="disabled"), (403, "This user is disabled")),
             "user_expired": (line("ada", keys="until=2020-01-31"), (403, "This user has expired"))}

    @row("B§17: who is removed, disabled or expired is turned out, and nobody else")
    def test_reload(self):
        for reason, (changed, told) in self.CASES.items():
            with self.subTest(reason):
                self.start(line("ada"), line("bob"), PROXY_AUTH_USERNAME="own",
                           PROXY_AUTH_PASSWORD="secret")
                turned_out = [self.tunnel("ada"), self.socks_tunnel("ada")]
                others = [self.tunnel("bob"), self.socks_tunnel("bob"), self.tunnel("own")]
                self.users.reload(self.proxy, *filter(None, (changed, line("bob"))))
                for logged in self.proxy.wait_for_access(2, lambda l: l.get("user") == "ada"):
                    self.assertEqual((logged["how"], logged["reason"], logged["by"]),
                                     ("closed", reason, "proxy"))
                for client, upstream in turned_out:
                    client.expects_reset()
                    upstream.expects_reset()
                for pair in others:
                    self.assert_goes_on(pair)
                self.assertEqual(self.status("ada"), told)

    @unittest.skipUnless(clock_at("now"), "faketime is not installed")
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "sanitizers want to be loaded first")
    @row("B§17: the last day ends at midnight (UTC), and with it that user's streams")
    def test_midnight(self):
        self.start(line("ada", keys="until=2030-01-31"), line("bob", keys="until=2030-02-01"),
                   prefix=clock_at("2030-01-31 23:59:55"))
        client, upstream = self.tunnel("ada")
        neighbour = self.tunnel("bob")
        self.assertEqual(self.status("ada")[0], 502)
        logged = self.proxy.wait_for_log(lambda l: l.get("reason") == "user_expired",
                                         5 + LOOKED_AT)
        self.assertEqual((logged["user"], logged["how"]), ("ada", "closed"))
        client.expects_reset()
        upstream.expects_reset()
        self.assert_goes_on(neighbour)
        self.assertEqual(self.status("ada"), (403, "This user has expired"))

    ANSWERS = {"a length tells": ("Content-Length: 9", "expects_end"),
               "the last chunk tells": ("Transfer-Encoding: chunked", "expects_end"),
               "only RST tells": ("Connection: close", "expects_reset")}

    @row("B§17: a request of theirs ends so that its answer does not look complete")
    def test_requests(self):
        self.start(line("ada"), line("bob"))
        begun = []
        for framing, how in self.ANSWERS.values():
            client = self.proxy.client()
            client.request("GET", f"http://127.0.0.1:{self.origin.port}/", basic("ada", "secret"))
            upstream = self.origin.take()
            upstream.recv_until(b"\r\n\r\n")
            body = b"3\r\none\r\n" if "chunked" in framing else b"one"
            upstream.send(f"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n".encode() + body)
            client.recv_until(body)
            begun.append((client, upstream, how))
        self.users.reload(self.proxy, line("bob"))
        for logged in self.proxy.wait_for_access(3, lambda l: l.get("user") == "ada"):
            self.assertEqual((logged["how"], logged["reason"]), ("closed", "user_removed"))
        for client, upstream, how in begun:
            with self.subTest(how):
                getattr(client, how)()
                upstream.expects_end()

    @row("B§17: the file is looked at by itself, within fifteen seconds")
    def test_by_itself(self):
        self.start(line("ada"), line("bob"))
        client, _ = self.tunnel("ada")
        neighbour = self.tunnel("bob")
        self.users.write(line("bob"), line("eve"))
        begun = time.monotonic()
        self.proxy.wait_for_log(lambda l: l.get("reason") == "user_removed", LOOKED_AT)
        self.assertLess(time.monotonic() - begun, LOOKED_AT)
        client.expects_reset()
        self.assert_goes_on(neighbour)
        self.assertEqual(self.status("eve")[0], 502)
        self.assertEqual(self.status("ada")[0], 407)

    @row("B§17: a new password leaves running streams alone; the next request needs it")
    def test_new_password(self):
        self.start(line("ada"))
        pair = self.tunnel("ada")
        self.users.reload(self.proxy, line("ada", "another", keys="connections=1;hosts=a.example"))
        self.assertEqual(self.status("ada")[0], 407)
        self.assertEqual(self.status("ada", "another"), (403, "This user may not reach that host"))
        self.assert_goes_on(pair)

    @row("B§17: a kept connection is judged at its next request")
    def test_kept(self):
        self.start(line("ada"), line("bob"))
        client = self.proxy.client()
        client.request("GET", f"http://{self.nowhere}/", basic("ada", "secret"))
        self.assertEqual(client.read_response().status, 502)
        self.users.reload(self.proxy, line("bob"))
        client.request("GET", f"http://{self.nowhere}/", basic("ada", "secret"))
        self.assertEqual(client.read_response().status, 407)
        client.request("GET", f"http://{self.nowhere}/", basic("bob", "secret"))
        self.assertEqual(client.read_response().status, 502)

    @row("B§17: a file in which nobody is left ends all streams, one of no octets none")
    def test_nobody_left(self):
        self.start(line("ada"), line("bob"))
        client, _ = self.tunnel("ada")
        self.users.reload(self.proxy)
        self.proxy.wait_for_log(lambda l: "it is empty" in l.get("reason", ""))
        self.assertEqual(self.status("bob")[0], 502)
        self.users.reload(self.proxy, "# nobody")
        client.expects_reset()
        self.proxy.wait_for_access(1, lambda l: l.get("reason") == "user_removed")


class Unnamed(RunningCase):
    """The users file is a line of the settings file, which goes."""

    def setUp(self):
        super().setUp()
        self.users = self.enter(UsersFile(line("ada"), line("bob")))
        self.path = pathlib.Path(self.enter(tempfile.TemporaryDirectory())) / "proxy.ini"
        self.settings(users_file=self.users.path)
        self.proxy = self.enter(Proxy({"PROXY_PORT": None}, ["--config", str(self.path)]))

    def settings(self, **others):
        lines = {"port": 0, "auth_username": "own", "auth_password": "secret", **others}
        self.path.write_text("".join(f"{key} = {value}\n" for key, value in lines.items()),
                             encoding="utf-8")

    def reload(self, **others):
        self.settings(**others)
        self.users.reload(self.proxy, *self.lines)

    @row("B§17: where the setting goes, its users' streams end, and nobody else's")
    def test_streams(self):
        self.lines = [line("ada"), line("bob")]
        turned_out = [self.tunnel("ada"), self.socks_tunnel("bob")]
        own = self.tunnel("own")
        self.reload()
        for logged in self.proxy.wait_for_access(2, lambda l: l.get("user") in ("ada", "bob")):
            self.assertEqual((logged["how"], logged["reason"]), ("closed", "user_removed"))
        for client, upstream in turned_out:
            client.expects_reset()
            upstream.expects_reset()
        self.assert_goes_on(own)
        self.assertEqual(self.status("ada"), (407, "Wrong user name or password"))
        self.assertEqual(self.status("own")[0], 502)

    @row("B§17: what was right with the old list counts no more when the setting is back")
    def test_right_pairs(self):
        self.lines = [line("ada", "another")]
        self.assertEqual(self.status("ada")[0], 502)
        self.reload()
        self.assertEqual(self.status("ada")[0], 407)
        self.reload(users_file=self.users.path)
        self.assertEqual(self.status("ada")[0], 407)
        self.assertEqual(self.status("ada", "another")[0], 502)
        # And the other way: nothing that was right lingers while there is no list.
        self.reload()
        self.assertEqual(self.status("ada", "another")[0], 407)


class Waiting(RunningCase):
    """`slow` has a slow hash, so every unknown name has one too."""

    def fill(self, **others):
        """Fills the queue, so that it has no room for a stranger. ada has signed in before and is
        remembered."""
        self.start(line("slow", iterations=SLOW), PROXY_AUTH_USERNAME="own",
                   PROXY_AUTH_PASSWORD="secret", **others)
        self.crowd = crowd(self.proxy, 30, 8)

    def refused_full(self):
        return self.proxy.wait_for_access(1, lambda l: l.get("reason") == "sign_in_full")

    @row("B§17: a full queue is a 503 with a reason of its own, and nobody's who is known")
    def test_full(self):
        self.fill()
        logged = self.refused_full()[0]
        self.assertEqual((logged["status"], logged["how"]), (503, "limit"))
        # Clients that need no hash are let in, and so are clients from an address with a successful
        # sign-in.
        self.assertEqual(self.status("own")[0], 502)
        known = self.proxy.client()
        known.request("CONNECT", self.nowhere, basic("slow", "secret"))
        self.assertEqual(known.read_response("CONNECT").status, 502)
        waiting = [1 for each in self.crowd if not self.has_answer(each.client)]
        self.assertGreater(len(waiting), 100)

    @staticmethod
    def has_answer(client):
        client.socket.setblocking(False)
        try:
            return bool(client.socket.recv(1))
        except BlockingIOError:
            return False
        finally:
            client.socket.settimeout(WAIT)

    @row("B§17: who leaves gives the place up")
    def test_leaving(self):
        self.fill()
        self.refused_full()
        for each in self.crowd:
            each.client.close()
        self.proxy.wait_for_access(150, lambda l: l.get("by") == "client")
        self.assertEqual(self.status_from("127.0.1.99"), 407)

    def status_from(self, source):
        with self.proxy.client(source=source) as client:
            client.request("CONNECT", self.nowhere, basic("slow", "wrong"))
            return client.read_response("CONNECT").status

    @row("B§17: nobody waits longer than a head may take")
    def test_head_time(self):
        self.fill(PROXY_HEADER_TIMEOUT_MS="2000")
        last = self.crowd[150].client
        response = last.read_response("CONNECT")
        self.assertEqual((response.status, response.reason),
                         (503, "Too many passwords to check, see Retry-After"))
        self.assertEqual(response.value("Retry-After"), "5")

    @row("B§17: a stop answers those who wait at once")
    def test_drain(self):
        self.fill()
        self.refused_full()
        begun = time.monotonic()
        self.proxy.signal(signal.SIGTERM)
        self.assertEqual(self.proxy.wait_exit(), 0)
        self.assertLess(time.monotonic() - begun, 5)
        self.proxy.wait_for_access(100, lambda l: l.get("reason") == "draining")

    @row("B§17: a list that changes meanwhile judges who waits")
    def test_changed_list(self):
        self.start(line("ada", iterations=SLOW), line("bob", iterations=SLOW))
        clients = []
        for name in ("ada", "bob"):
            client = self.proxy.client()
            client.request("CONNECT", self.nowhere, basic(name, "secret"))
            clients.append(client)
        self.users.reload(self.proxy, line("bob", iterations=SLOW), line("eve"))
        statuses = [client.read_response("CONNECT").status for client in clients]
        # ada's verdict may have come before the reload; bob has the same password in both files.
        self.assertIn(statuses[0], (407, 502))
        self.assertEqual(statuses[1], 502)
        wait_until(lambda: self.status("ada")[0] == 407)


if __name__ == "__main__":
    unittest.main()
