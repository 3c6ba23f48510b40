# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Parents that die, vanish, come back or lie: what happens to the journeys, and who is asked next.
"""

import signal
import threading
import time
import unittest

from helpers_lab import HOST, PASSWORD, PORT, USER, LabCase, is_journey, only_long
from sami_support import WAIT, TestCa, row, wait_until

CONNECT_TIMEOUT = 15.0
# The time that a parent other than the last may take, and what a busy machine may add.
SHARE = CONNECT_TIMEOUT / 3
PATIENCE = WAIT


class FailuresCase(LabCase):
    """Two servers, A and B, listed in this order at the desk."""

    sites = 2

    def setUp(self):
        self.a, self.b = self.lab.sites
        for site in (self.a, self.b):
            site.line.change(dark=False)

    def link(self, site, name):
        return site.link("--name", name)

    def start_servers(self):
        self.server_a, self.server_b = map(self.server, (self.a, self.b))

    def server(self, site, **settings):
        return self.lab.accepts(self.enter(site.daemon(**settings)))

    def start(self):
        """Both servers, and a desk that has their links."""
        self.start_servers()
        return self.desk_of(self.link(self.a, "A"), self.link(self.b, "B"))

    def desk_of(self, *parents, **settings):
        return self.desk(*parents, PROXY_CONNECT_TIMEOUT_MS=int(CONNECT_TIMEOUT * 1000), **settings)

    def wrong_link(self):
        """A's link, with a pin of a key that does not exist."""
        return self.link(self.a, "A").replace(self.a.pin(), 43 * "A")

    def ask(self, desk, origin):
        """One journey: (status, duration in seconds)."""
        began = time.monotonic()
        client = self.client(desk, timeout=CONNECT_TIMEOUT + 4 * WAIT)
        client.request("GET", f"http://{HOST}:{origin.port}/", "Connection: close")
        response = client.read_response()
        client.close()
        return response.status, time.monotonic() - began

    def journeys(self, desk, count=0):
        """The access lines of at least `count` journeys."""
        if count:
            desk.wait_for_access(count, is_journey)
        return list(filter(is_journey, desk.access_lines()))

    def way_of_last(self, desk, count):
        """The route of the last of `count` journeys."""
        return self.journeys(desk, count)[-1]["route"]

    def kill(self, proxy):
        proxy.signal(signal.SIGKILL)
        proxy.wait_exit()

    def goes(self, desk, origin, route, within):
        count = len(self.journeys(desk))
        status, took = self.ask(desk, origin)
        self.assertEqual((200, route), (status, self.way_of_last(desk, count + 1)))
        print(f"  by {route} after {took:.1f} s", flush=True)
        self.assertLess(took, within + PATIENCE)
        return took


class KilledTest(FailuresCase):
    @row("B§14: a parent that is killed while it is asked costs its journey no more than that")
    def test_while_dialling(self):
        origin, desk = self.origin(), self.start()
        self.server_a.signal(signal.SIGSTOP)  # its kernel accepts connections, but nobody answers
        outcome = []
        asking = threading.Thread(target=lambda: outcome.append(self.ask(desk, origin)))
        asking.start()
        wait_until(lambda: self.a.connections(), what="a connection to the first parent")
        self.kill(self.server_a)
        asking.join(CONNECT_TIMEOUT + 4 * WAIT)
        status, took = outcome[0]
        print(f"  by the second parent after {took:.1f} s", flush=True)
        self.assertEqual((200, "B"), (status, self.way_of_last(desk, 1)))
        self.assertLess(took, SHARE + PATIENCE)

    @row("B§14: a parent that is killed ends its streams visibly; the line names it, the next goes on")
    def test_in_mid_stream(self):
        def trickle(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            connection.recv_all()

        origin, desk = self.origin(trickle), self.start()
        forwarded = self.client(desk)
        forwarded.request("GET", f"http://{HOST}:{origin.port}/")
        head = forwarded.read_head()
        self.assertEqual(b"first", forwarded.read_chunk())
        tunnel = self.client(desk)
        tunnel.connect_tunnel(HOST, origin.port)
        tunnel.request("GET", "/", f"Host: {HOST}")
        tunnel.read_head()
        self.kill(self.server_a)
        # There is no last chunk, so nobody takes it for complete.
        self.assertTrue(head.is_chunked)
        self.assertNotIn(b"0\r\n", forwarded.recv_all()[0])
        tunnel.recv_until(b"first\r\n")
        self.assertEqual((b"", "reset"), tunnel.recv_all())
        for line in self.journeys(desk, 2):
            print(f"  {line}", flush=True)
            self.assertEqual("A", line["route"])
            self.assertEqual("upstream", line["by"])
        self.goes(desk, self.origin(), "B", within=1)

    @row("B§14: a parent that comes back is not taken up at once")
    def test_no_flapping(self):
        origin, desk = self.origin(), self.start()
        self.goes(desk, origin, "A", within=1)
        self.kill(self.server_a)
        self.goes(desk, origin, "B", within=SHARE)
        self.server(self.a)
        # After the first rest of 10 s it is probed, but not preferred yet.
        until = time.monotonic() + 15
        while time.monotonic() < until:
            self.goes(desk, origin, "B", within=1)
            time.sleep(1)


class NetworksTest(FailuresCase):
    @row("B§14: a parent in a black hole costs a third of the connect timeout, once")
    def test_black_hole(self):
        origin, desk = self.origin(), self.start()
        self.a.line.change(dark=True)
        self.goes(desk, origin, "B", within=SHARE)
        self.goes(desk, origin, "B", within=1)

    @row("B§14: warm connections into a black hole do not hold up a journey for longer")
    def test_black_hole_after_use(self):
        origin, desk = self.origin(), self.start()
        self.goes(desk, origin, "A", within=1)
        wait_until(lambda: self.a.connections() >= 2, what="warm connections")
        self.a.line.change(dark=True)
        self.goes(desk, origin, "B", within=SHARE)
        self.goes(desk, origin, "B", within=1)

    @row("B§14: a parent of whose packets nine in ten are lost is left in time")
    def test_loss(self):
        origin, desk = self.origin(), self.start()
        self.a.namespace.iptables(
            "-A INPUT -i line0 -m statistic --mode random --probability 0.9 -j DROP")
        self.addCleanup(self.a.namespace.iptables, "-F INPUT")
        for _ in range(3):
            # Now and then it gets through: then that was the response.
            status, took = self.ask(desk, origin)
            print(f"  {status} after {took:.1f} s", flush=True)
            self.assertEqual(200, status)
            self.assertLess(took, CONNECT_TIMEOUT + PATIENCE)

    @row("B§14: all parents in a black hole is a 502 or 504 within the connect timeout, never direct")
    def test_nobody(self):
        origin, desk = self.origin(), self.start()
        for site in (self.a, self.b):
            site.line.change(dark=True)
        status, took = self.ask(desk, origin)
        self.assertIn(status, (502, 504))
        self.assertLess(took, CONNECT_TIMEOUT + PATIENCE)
        self.assertEqual([], origin.requests)
        # The cable is back: the next journey need not wait for a rest to end.
        self.b.line.change(dark=False)
        self.goes(desk, origin, "B", within=CONNECT_TIMEOUT)


class TrustTest(FailuresCase):
    """Parents that show something wrong."""

    def said_to(self, proxy):
        return [line for line in proxy.log_lines()
                if line.get("message") == "closed" and line.get("method") == "CONNECT"]

    @row("B§14: a parent with another pin is told nothing; another TLS parent is asked")
    def test_wrong_pin(self):
        origin = self.origin()
        self.start_servers()
        desk = self.desk_of(self.wrong_link(), self.link(self.b, "B"))
        self.goes(desk, origin, "B", within=SHARE)
        self.assertEqual([], self.said_to(self.server_a))

    @row("B§14: after a wrong pin no parent in clear is asked, and nothing goes direct")
    def test_never_weaker(self):
        origin = self.origin()
        self.start_servers()
        passwords = self.lab.folder / "passwords"
        passwords.touch(0o600)
        passwords.write_text(f"{self.b.address}:{PORT} {PASSWORD}\n", encoding="ascii")
        desk = self.desk_of(self.wrong_link(), f"http://{USER}@{self.b.address}:{PORT}", "direct",
                            PROXY_PARENTS_PASSWORD_FILE=passwords)
        start = self.b.line.mark()
        for _ in range(2):
            self.assertEqual(502, self.ask(desk, origin)[0])
        self.assertEqual([], self.b.line.packets(start))
        self.assertEqual([], origin.requests)

    @row("B§14: a parent that refuses our password is a 502, and nobody asks the client for one")
    def test_wrong_password(self):
        origin = self.origin()
        self.start_servers()
        desk = self.desk_of(self.link(self.a, "A").replace(PASSWORD, "another"))
        status, _ = self.ask(desk, origin)
        self.assertEqual(502, status)
        self.assertEqual("parent_credentials", self.journeys(desk, 1)[0]["reason"])
        asked = len(self.said_to(self.server_a))
        self.assertEqual(502, self.ask(desk, origin)[0])
        self.assertEqual(asked, len(self.said_to(self.server_a)), "it was asked once more")

    @row("B§14: a certificate that has expired is good with a right pin")
    def test_expired(self):
        certificate, key = TestCa.shared().certificate(self.a.address, expired=True)
        files = {"PROXY_TLS_CERT_FILE": certificate, "PROXY_TLS_KEY_FILE": key}
        self.server(self.a, **files)
        place = f"https://{USER}:{PASSWORD}@{self.a.address}:{PORT}"
        desk = self.desk_of(f"{place}?pin={self.a.pin(**files)}")
        self.goes(desk, self.origin(), f"{self.a.address}:{PORT}", within=1)


class AnswersTest(FailuresCase):
    """A clear-text parent that answers CONNECT with something else; B is ours."""

    def setUp(self):
        super().setUp()
        self.server(self.b)
        self.provider = self.origin()

    def desk_of_liar(self, handler):
        liar = self.enter(self.a.origin(handler))
        return self.desk_of(f"http://{self.a.address}:{liar.port}", self.link(self.b, "B"))

    def leads_to_the_next(self, handler):
        self.goes(self.desk_of_liar(handler), self.provider, "B", within=SHARE)

    def says(self, *pieces, endless=None):
        def serve(connection):
            connection.read_request()
            for piece in pieces:
                connection.send(piece)
            try:
                while endless:
                    connection.send(endless)
            except OSError:
                pass
            connection.recv_all()

        return serve

    @row("B§14: an answer to CONNECT that never ends is cut off, and the next parent is asked")
    def test_endless(self):
        self.leads_to_the_next(self.says("HTTP/1.1 200 OK\r\n", endless="X-More: " + 1000 * "a" + "\r\n"))

    @row("B§14: garbage in place of an answer leads to the next parent")
    def test_garbage(self):
        self.leads_to_the_next(self.says(bytes(range(128, 256)) + b"\r\n\r\n"))

    @row("B§14: a parent that ends without an answer leads to the next one")
    def test_end(self):
        self.leads_to_the_next(lambda connection: connection.read_request())

    @row("B§14: a parent that answers with silence leads to the next one")
    def test_silence(self):
        self.leads_to_the_next(self.says())

    @row("B§14: 503 and 429 of a parent lead to the next one")
    def test_overloaded(self):
        for words in ("503 Busy", "429 Later"):
            with self.subTest(words):
                self.leads_to_the_next(self.says(f"HTTP/1.1 {words}\r\nContent-Length: 0\r\n\r\n"))

    @row("B§14: a redirect is no way out: nobody follows it, and the next parent is asked")
    def test_redirect(self):
        self.leads_to_the_next(self.says("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                                         "Location: http://elsewhere.test/\r\n\r\n"))
        self.assertNotIn("elsewhere.test", [name for name, _ in self.lab.names.asked])


@only_long("2 minutes")
class ReturnTest(FailuresCase):
    is_real = False

    @row("B§14: a parent that has been well for a minute is preferred again; nothing running is moved")
    def test_return(self):
        def echo(connection):
            connection.socket.settimeout(300)
            while data := connection.recv_some():
                connection.send(data)

        origin, echoing, desk = self.origin(), self.origin(echo), self.start()
        self.kill(self.server_a)
        tunnel = self.client(desk)
        tunnel.connect_tunnel(HOST, echoing.port)  # through B, from now on
        self.server(self.a)
        began = time.monotonic()

        def is_back():
            count = len(self.journeys(desk))
            self.assertEqual(200, self.ask(desk, origin)[0])
            return self.way_of_last(desk, count + 1) == "A" or time.sleep(2)

        wait_until(is_back, timeout=150, what="the first parent's turn")
        took = time.monotonic() - began
        print(f"  preferred again after {took:.0f} s", flush=True)
        self.assertGreater(took, 55)
        tunnel.send(b"still here?")
        self.assertEqual(b"still here?", tunnel.recv_exactly(11))


if __name__ == "__main__":
    unittest.main()
