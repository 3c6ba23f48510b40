# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Name servers that are silent or lie, each in its own namespace with its own resolv.conf."""

import glob
import os
import signal
import subprocess
import tempfile
import time
import unittest

from drill import drill
from helpers_attack import Vitals, allow_many_descriptors, answered, close_all, connect_many
from sami_support import WAIT, Origin, Proxy, RawClient, RowCase, row, wait_until
from sami_support.network import NameServer, Namespace, connect, why_no_namespaces

# Public by every list, but they never leave the namespaces. Their networks are too wide to count as
# the proxy's own.
OWN, OWN6 = "11.22.33.1", "2a0a:1:2:3::1"
PUBLIC, PUBLIC2, PUBLIC6 = "11.22.33.5", "11.22.33.6", "2a0a:1:2:3::5"


@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class NamesCase(RowCase):
    """Proxy, origins and name server in one namespace. The public addresses are in a second one at
    the other end of a cable, so they are not the proxy's own."""

    def setUp(self):
        self.here = self.enter(Namespace(nameserver="127.0.0.1"))
        self.there = self.enter(Namespace())
        connect(self.here, "h0", [OWN + "/20", OWN6 + "/60"],
                self.there, "t0", [PUBLIC + "/20", PUBLIC2 + "/20", PUBLIC6 + "/60"])
        self.answers = {}
        self.names = self.enter(NameServer(self.here, self.answers))

    def proxy(self, **settings):
        return self.enter(Proxy({"ALLOW_PRIVATE_TARGETS": None, **settings},
                                prefix=self.here.prefix))

    def client(self, proxy):
        with self.here.inside():
            return self.enter(RawClient(proxy.address, proxy.port, timeout=20))

    def origin(self, host, namespace=None, port=0):
        with (namespace or self.there).inside():
            return self.enter(Origin(host=host, port=port))

    def assertSays(self, response, status, phrase, error):
        self.assertEqual((status, phrase), (response.status, response.reason))
        self.assertEqual(f'sami; error={error}; details="{phrase}"',
                         response.value("Proxy-Status"))

    def ask(self, proxy, name, port, method="GET"):
        client = self.client(proxy)
        client.request(method, f"http://{name}:{port}/" if method == "GET" else f"{name}:{port}")
        return client.read_response(method)


class SilentNameServerTest(NamesCase):
    @drill("a name server that never answers, 40 names asked of it at once",
           seen="another name was served within a second meanwhile")
    @row("B§7: names that get no answer keep no other name waiting, and are a 504")
    def test_other_names_resolve(self):
        self.answers.update({f"silent{i}.test": None for i in range(40)}, **{"good.test": [PUBLIC]})
        origin = self.origin(PUBLIC)
        proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS=4000)
        stuck = [self.client(proxy) for _ in range(40)]
        for i, client in enumerate(stuck):
            client.request("CONNECT", f"silent{i}.test:443")
        wait_until(lambda: len({name for name, _ in self.names.asked}) >= 6, what="stuck lookups")
        with self.here.inside():
            # As another client, because one client may not take all the threads.
            other = self.enter(RawClient("127.0.0.1", proxy.port, source="127.0.0.2", timeout=3))
        other.request("GET", f"http://good.test:{origin.port}/")
        self.assertEqual(200, other.read_response().status)
        statuses = {client.read_response("CONNECT").status for client in stuck}
        self.assertLessEqual(statuses, {504, 502, 503})
        self.assertIn(504, statuses)

    @drill("SIGTERM while look-ups are stuck in a silent name server",
           seen="ended with the grace time, 10 s before the look-up gave up")
    @row("B§6: a look-up that is stuck does not delay the exit")
    def test_exit(self):
        self.answers["silent.test"] = None
        proxy = self.proxy(PROXY_SHUTDOWN_GRACE_MS=500)
        client = self.client(proxy)
        client.request("CONNECT", "silent.test:443")
        wait_until(lambda: self.names.asked, what="the lookup")
        began = time.monotonic()
        proxy.signal(signal.SIGTERM)
        self.assertEqual(0, proxy.wait_exit())
        # resolv.conf allows 2 attempts of 5 s for each question.
        self.assertLess(time.monotonic() - began, 5)

    @drill("a name with 30 addresses, each a black hole",
           seen="8 attempts at once at most; 504 after PROXY_CONNECT_TIMEOUT_MS")
    @row("RFC 8305 §5: a name with dozens of black holes takes a bounded number of descriptors")
    def test_many_black_holes(self):
        self.answers["holes.test"] = [f"11.22.33.{number}" for number in range(100, 130)]
        self.here.iptables("-A OUTPUT -p tcp -d 11.22.33.0/24 -j DROP")
        proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS=4000)
        client = self.client(proxy)
        client.request("CONNECT", "holes.test:443")
        most, until = 0, time.monotonic() + 3.5
        while time.monotonic() < until:
            lines = self.here.run("ss", "-tnH", "state", "syn-sent").splitlines()
            most = max(most, len(lines))
            time.sleep(0.05)
        self.assertEqual(504, client.read_response("CONNECT").status)
        print(f"  {most} attempts at once", flush=True)
        # One may be counted twice while it is being abandoned.
        self.assertLessEqual(most, 9)
        self.assertGreaterEqual(most, 5)

    @drill("a name server that says: no such name, or an empty answer",
           seen="502 Name not found, Proxy-Status: error=dns_error")
    @row("B§7: a name without addresses is a 502")
    def test_empty_answers(self):
        self.answers["empty.test"] = []
        proxy = self.proxy()
        for name in ("empty.test", "missing.test"):
            for method in ("GET", "CONNECT"):
                self.assertSays(self.ask(proxy, name, 80, method), 502, "Name not found",
                                "dns_error")
        self.assertEqual({"name_not_found"},
                         {line["reason"] for line in proxy.wait_for_access(4)})

    @drill("a name server that fails (SERVFAIL), or refuses to answer (REFUSED)",
           seen="502 Name server failed, Proxy-Status: error=dns_error")
    @row("B§7: a name server's failure is not told as a name that does not exist")
    def test_failing_server(self):
        self.answers.update({"servfail.test": 2, "refused.test": 5})
        proxy = self.proxy()
        for name in ("servfail.test", "refused.test"):
            self.assertSays(self.ask(proxy, name, 80, "CONNECT"), 502, "Name server failed",
                            "dns_error")
        self.assertEqual({"dns_error"}, {line["reason"] for line in proxy.wait_for_access(2)})

    @row("B§7: the status line says how long the name server was waited for")
    def test_silent(self):
        self.answers["silent.test"] = None
        proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS=1500)
        for method in ("GET", "CONNECT"):
            self.assertSays(self.ask(proxy, "silent.test", 80, method), 504,
                            "No answer from the name server within 1.5 s", "dns_timeout")


class FakeAddressTest(NamesCase):
    """Clash, sing-box and the like on the proxy's machine answer every name with a made-up address.
    """

    @drill("every name has a fake-IP address (198.18.0.0/15, fc00::/18), as with Clash or sing-box",
           seen="403 Fake-IP address, see ALLOW_PRIVATE_TARGETS; the body and one line of the log "
                "name the range")
    @row("B§7: a fake-IP address of a name is told as one, with the range to allow")
    def test_told(self):
        self.answers.update({"four.test": ["198.18.0.7"], "six.test": ["fc00::7"],
                             "both.test": ["198.19.0.7", "fdfe:dcba:9876::7"]})
        proxy = self.proxy()
        for name in ("four.test", "six.test", "both.test"):
            for method in ("GET", "CONNECT"):
                response = self.ask(proxy, name, 443, method)
                self.assertSays(response, 403, "Fake-IP address, see ALLOW_PRIVATE_TARGETS",
                                "destination_ip_prohibited")
                self.assertIn(b"ALLOW_PRIVATE_TARGETS=198.18.0.0/15", response.body)
        self.assertEqual({("fake_ip", "refused")},
                         {(line["reason"], line["how"]) for line in proxy.wait_for_access(6)})
        hints = [line for line in proxy.log_lines()
                 if "ALLOW_PRIVATE_TARGETS=198.18.0.0/15" in line["message"]]
        self.assertEqual(["info"], [line["level"] for line in hints])

    @row("B§7: a fake-IP address that the client wrote itself is a private one")
    def test_literal(self):
        self.assertSays(self.ask(self.proxy(), "198.18.0.7", 443, "CONNECT"), 403,
                        "Private address, see ALLOW_PRIVATE_TARGETS", "destination_ip_prohibited")

    @row("B§1: ALLOW_PRIVATE_TARGETS=198.18.0.0/15 lets fake-IP addresses pass")
    def test_allowed(self):
        fake = "198.18.0.7"
        self.there.run("ip", "address", "add", fake + "/32", "dev", "lo")
        self.here.run("ip", "route", "add", "198.18.0.0/15", "via", PUBLIC)
        self.answers["fake.test"] = [fake]
        origin = self.origin(fake)
        proxy = self.proxy(ALLOW_PRIVATE_TARGETS="198.18.0.0/15")
        self.assertEqual(200, self.ask(proxy, "fake.test", origin.port).status)


class BlackHolesTest(NamesCase):
    @drill("150 CONNECTs of one client to a name of 10 black holes, 1,024 descriptors for the daemon",
           seen="others were answered within 0.1 s throughout; 380 descriptors were open (all 1,024 "
                "before there was a budget, and nobody was accepted)")
    @row("B§6: one client's racing attempts leave descriptors for everybody else")
    def test_descriptors(self):
        allow_many_descriptors()
        self.answers.update({"holes.test": [f"11.22.33.{number}" for number in range(100, 110)],
                             "good.test": [PUBLIC]})
        self.here.iptables("-A OUTPUT -p tcp -d 11.22.33.96/28 -j DROP")
        origin = self.origin(PUBLIC)
        proxy = self.enter(Proxy({"ALLOW_PRIVATE_TARGETS": None, "PROXY_CONNECT_TIMEOUT_MS": 8000},
                                 prefix=[*self.here.prefix, "prlimit", "--nofile=1024"]))
        with self.here.inside():
            dialling = connect_many(proxy.port, 150, source="127.0.0.2",
                                    prelude=b"CONNECT holes.test:443 HTTP/1.1\r\nHost: a\r\n\r\n")
        self.addCleanup(close_all, dialling)
        slowest, until = 0, time.monotonic() + 4
        while time.monotonic() < until:
            for target in ("/health", f"http://good.test:{origin.port}/"):
                began = time.monotonic()
                with self.here.inside(), RawClient("127.0.0.1", proxy.port, source="127.0.0.3",
                                                   timeout=1) as other:
                    other.request("GET", target, "Host: a")
                    self.assertEqual(200, other.read_response().status)
                slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        open_descriptors = Vitals(proxy).descriptors()
        print(f"  {open_descriptors} descriptors, slowest answer {slowest:.2f} s", flush=True)
        self.assertEqual({504: 150}, answered(dialling, 8))


class CrowdedLookupsTest(NamesCase):
    """Lookups that hang: who pays for them, and what the others get."""

    def setUp(self):
        super().setUp()
        self.answers["good.test"] = [PUBLIC]
        self.good = f"http://good.test:{self.origin(PUBLIC).port}/"

    def client_of(self, proxy, source, timeout=5):
        with self.here.inside():
            return self.enter(RawClient("127.0.0.1", proxy.port, source=source, timeout=timeout))

    def ask_silence(self, proxy, source, prefix, count):
        """That many connections, each waiting for its own silent name."""
        clients = [self.client_of(proxy, source, 20) for _ in range(count)]
        for i, client in enumerate(clients):
            self.answers[f"{prefix}-{i}.test"] = None
            client.request("CONNECT", f"{prefix}-{i}.test:443")
        return clients

    def asked(self, prefix):
        return len({name for name, _ in self.names.asked if name.startswith(prefix)})

    def abandon(self, proxy, source, prefix):
        """16 silent names, abandoned once the name server has received as many questions as it ever
        will."""
        clients = self.ask_silence(proxy, source, prefix, 16)
        wait_until(lambda: self.asked(prefix) >= 6, what="stuck lookups")
        time.sleep(0.2)
        for client in clients:
            client.close()

    @drill("four clients ask for 16 silent names each and hang up, a fifth waits for 16 more",
           seen="a sixth client was served within a second")
    @row("B§6: look-ups that nobody waits for any more leave threads to strangers")
    def test_strangers(self):
        proxy = self.proxy()
        for number in range(4):
            self.abandon(proxy, f"127.0.1.{number}", f"s{number}")
        self.ask_silence(proxy, "127.0.1.9", "s9", 16)
        stranger = self.client_of(proxy, "127.0.2.1")
        stranger.request("GET", self.good)
        self.assertEqual(200, stranger.read_response().status)

    @drill("a client asks for 16 silent names and hangs up at once",
           seen="its next name was served within a second")
    @row("B§6: look-ups that nobody waits for any more do not count against their client")
    def test_same_client(self):
        proxy = self.proxy()
        self.abandon(proxy, "127.0.1.1", "s")
        again = self.client_of(proxy, "127.0.1.1")
        again.request("GET", self.good)
        self.assertEqual(200, again.read_response().status)

    @drill("a client waits for 20 silent names at once",
           seen="504 for those that were asked, 503 for those that got no thread or no place")
    @row("B§7: a look-up that finds no place is a 503 with Retry-After, not the name's fault")
    def test_no_place(self):
        proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS=2000)
        statuses = []
        for client in self.ask_silence(proxy, "127.0.1.1", "s", 20):
            response = client.read_response("CONNECT")
            statuses.append(response.status)
            if response.status == 503:
                self.assertIsNotNone(response.value("Retry-After"))
                self.assertIn("error=proxy_internal_error", response.value("Proxy-Status"))
        self.assertEqual(sorted(statuses), [503] * 14 + [504] * 6)

    # UBSan needs a descriptor to check an object's type.
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("no descriptor left for a look-up",
           seen="503; served at once when there were descriptors again")
    @row("B§7: out of descriptors in a look-up is a 503 that nobody remembers")
    def test_no_descriptor(self):
        proxy = self.proxy()
        vitals = Vitals(proxy)
        client = self.client_of(proxy, "127.0.0.1")
        client.request("GET", "/health", "Host: a")
        client.read_response()
        subprocess.run(["prlimit", f"--pid={proxy.pid}",
                        f"--nofile={vitals.settled_descriptors()}:"], check=True)
        client.request("GET", self.good)
        response = client.read_response()
        self.assertEqual(503, response.status, response)
        self.assertIsNotNone(response.value("Retry-After"))
        subprocess.run(["prlimit", f"--pid={proxy.pid}", "--nofile=1000:"], check=True)
        client.request("GET", self.good)
        self.assertEqual(200, client.read_response().status)


class ModulesTest(NamesCase):
    # Part of every glibc but hardly used, so nothing else loads it.
    @unittest.skipUnless(glob.glob("/lib/*/libnss_hesiod.so.2"), "glibc's libnss_hesiod is not here")
    @drill("a module of the name service in nsswitch.conf, which glibc loads at the first need",
           seen="loaded before the first client; no name server was asked for it")
    @row("B§6: what look-ups load once is loaded at the start, not in a shortage")
    def test_modules(self):
        with tempfile.NamedTemporaryFile("w") as switch:
            switch.write("hosts: files hesiod dns\n")
            switch.flush()
            self.here.run("mount", "--bind", switch.name, "/etc/nsswitch.conf")
            proxy = self.proxy()

            def is_loaded():
                with open(f"/proc/{proxy.pid}/maps", encoding="utf-8") as maps:
                    return "libnss_hesiod" in maps.read()

            wait_until(is_loaded, what="the module")
            self.assertEqual([], self.names.asked)


class MovedHostTest(NamesCase):
    """A host that moves to another address while the old one is cached for its name."""

    def setUp(self):
        super().setUp()
        self.answers["moved.test"] = [PUBLIC]
        self.old = self.origin(PUBLIC)
        self.port = self.old.port
        self.moved = self.origin(PUBLIC2, port=self.port)
        self.daemon = self.proxy(PROXY_THREADS=1)
        # The lookup to be cached. CONNECT, so that no connection is kept for the next one.
        self.assertEqual(200, self.ask(self.daemon, "moved.test", self.port, "CONNECT").status)
        time.sleep(1.1)

    def lookups(self):
        return len([kind for name, kind in self.names.asked if name == "moved.test" and kind == 1])

    def new_address_serves(self, within):
        for method in ("CONNECT", "GET"):
            began = time.monotonic()
            self.assertEqual(200, self.ask(self.daemon, "moved.test", self.port, method).status)
            self.assertLess(time.monotonic() - began, within)
        self.assertEqual(2, len(self.moved.connections))
        self.assertEqual(2, self.lookups())

    @drill("a container is made again and has another address, the old one refuses",
           seen="the next request was served at once (60 s of 502 before)")
    @row("B§6: a name whose remembered addresses all refuse is looked up again in the same dial")
    def test_refused(self):
        self.old.stop()
        self.answers["moved.test"] = [PUBLIC2]
        self.new_address_serves(within=2)

    @drill("the same, and the old address swallows every packet",
           seen="the next request was served after 2 s, the others at once (60 s of 504 before)")
    @row("B§6: a name whose remembered addresses are silent is looked up again in the same dial")
    def test_black_hole(self):
        self.here.iptables(f"-A OUTPUT -p tcp -d {PUBLIC} -j DROP")
        self.answers["moved.test"] = [PUBLIC2]
        self.new_address_serves(within=6)

    @drill("the same, and a connection to the old address was kept for the next request",
           seen="the next request was served after 5 s (before: a 504 after 15 minutes)")
    @row("B§6: a kept connection whose host has gone without a word is given up for another one")
    def test_kept_connection(self):
        self.assertEqual(200, self.ask(self.daemon, "moved.test", self.port).status)
        self.here.iptables(f"-A OUTPUT -p tcp -d {PUBLIC} -j DROP")
        self.answers["moved.test"] = [PUBLIC2]
        self.assertEqual(200, self.ask(self.daemon, "moved.test", self.port).status)
        self.assertEqual(1, len(self.moved.connections))

    @drill("the same, and the name points inside now",
           seen="403, and no connection to the inside")
    @row("B§1: what a second look-up says is judged like the first")
    def test_inside(self):
        self.old.stop()
        inner = self.origin("127.0.0.1", self.here, port=self.port)
        self.answers["moved.test"] = ["127.0.0.1", "10.0.0.1"]
        for method in ("CONNECT", "GET"):
            self.assertEqual(403, self.ask(self.daemon, "moved.test", self.port, method).status)
        self.assertEqual(0, len(inner.connections))

    @drill("the machine gets an address in another network (a VPN that comes up)",
           seen="within 10 s each name was looked up again")
    @row("B§6: another network means other answers: what names resolved to is forgotten")
    def test_other_network(self):
        self.here.run("ip", "address", "add", "11.22.99.1/32", "dev", "lo")
        self.answers["moved.test"] = [PUBLIC2]
        until = time.monotonic() + 2 * WAIT
        while not self.moved.connections and time.monotonic() < until:
            self.assertEqual(200, self.ask(self.daemon, "moved.test", self.port, "CONNECT").status)
            time.sleep(0.5)
        self.assertEqual(1, len(self.moved.connections))

    @drill("300 requests for a host that is down",
           seen="a look-up a second at most")
    @row("B§6: a host that is down does not turn the memory of names off")
    def test_down(self):
        self.old.stop()
        began = time.monotonic()
        for _ in range(300):
            self.assertEqual(502, self.ask(self.daemon, "moved.test", self.port, "CONNECT").status)
        self.assertIn(self.lookups(), range(2, 3 + int(time.monotonic() - began)))


class RebindingTest(NamesCase):
    def setUp(self):
        super().setUp()
        self.inner = self.origin("127.0.0.1", self.here)
        self.port = self.inner.port

    def not_dialled(self):
        self.assertEqual(0, len(self.inner.connections), "the inside was dialled")

    @drill("DNS rebinding: public for the first question, 127.0.0.1 for every later one",
           seen="only the public address was dialled; 127.0.0.1 got 403 and no connection")
    @row("B§1: a name that turns private after its check is judged again and never dialled")
    def test_rebinding(self):
        asked = []

        def turning(kind):
            asked.append(kind)
            return [PUBLIC] if len(asked) <= 2 else ["127.0.0.1", "::1"]

        self.answers["rebind.test"] = turning
        outer = self.origin(PUBLIC, port=self.port)
        proxy = self.proxy()
        for _ in range(5):
            self.assertEqual(200, self.ask(proxy, "rebind.test", self.port).status)
        self.assertEqual(1, len([k for k in asked if k == 1]), "one look-up for one name")
        proxy.signal(signal.SIGHUP)  # clears the cache
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        for method in ("GET", "CONNECT"):
            response = self.ask(proxy, "rebind.test", self.port, method)
            self.assertEqual(403, response.status)
        self.assertGreater(len(outer.connections), 0)
        self.not_dialled()

    @drill("one answer with a public address where nobody listens and 127.0.0.1 beside it",
           seen="502 from the public one; the private one was not tried")
    @row("B§1: of a mixed answer only the addresses that pass are dialled")
    def test_mixed_answer(self):
        self.answers["mixed.test"] = [PUBLIC, "127.0.0.1", "::1", "::ffff:127.0.0.1",
                                      "64:ff9b::7f00:1", "10.0.0.1"]
        proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS=2000)
        for method in ("GET", "CONNECT"):
            response = self.ask(proxy, "mixed.test", self.port, method)
            self.assertEqual(502, response.status, response)
        self.not_dialled()

    @drill("names that resolve to private, special, mapped, translated and the proxy's own addresses",
           seen="403 for each, no connection")
    @row("B§1: a name for the inside is refused in every form of address")
    def test_names_for_the_inside(self):
        inside = ["127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
                  "169.254.169.254", "100.64.0.1", OWN, "::1", "::", "::ffff:127.0.0.1",
                  "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1", OWN6, "::127.0.0.1",
                  "64:ff9b::b16:2101", "168.63.129.16", "64:ff9b::a83f:8110", "192.0.2.1",
                  "192.88.99.1", "2001:db8::1", "2001:2::1", "2001:10::1", "3fff::1", "100::1",
                  "5f00::1"]
        proxy = self.proxy()
        for i, address in enumerate(inside):
            self.answers[f"in{i}.test"] = [address]
            with self.subTest(address=address):
                response = self.ask(proxy, f"in{i}.test", self.port, "CONNECT")
                self.assertEqual(403, response.status, response)
        self.not_dialled()


if __name__ == "__main__":
    unittest.main()
