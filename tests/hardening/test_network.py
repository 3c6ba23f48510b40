# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Networks that misbehave, in separate namespaces with virtual cables and real firewalls."""

import hashlib
import os
import subprocess
import time
import unittest

from drill import drill, only_long
from helpers_attack import Vitals, close_all, connect_many
from sami_support import Origin, Proxy, RawClient, RowCase, row, wait_until
from sami_support.network import NameServer, Namespace, connect, why_no_namespaces

CLIENT, PROXY_TO_CLIENT = "192.0.2.2", "192.0.2.1"
# Public by every list, but they never leave the namespaces. Their networks are too wide to count as
# the proxy's own.
SERVER, PROXY_TO_SERVER = "11.22.33.2", "11.22.33.1"
SERVER6, PROXY6 = "2a0a:1:2:3::2", "2a0a:1:2:3::1"


def echo(connection):
    connection.socket.settimeout(600)
    while data := connection.recv_some():
        connection.send(data)


@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class NetworkCase(RowCase):
    """client ── proxy ── server, each in its own namespace."""

    answers = {}

    def setUp(self):
        self.client_side = self.enter(Namespace())
        self.proxy_side = self.enter(Namespace(nameserver="127.0.0.1"))
        self.server_side = self.enter(Namespace())
        connect(self.client_side, "c0", [CLIENT + "/24"],
                self.proxy_side, "p0", [PROXY_TO_CLIENT + "/24"])
        connect(self.proxy_side, "p1", [PROXY_TO_SERVER + "/20", PROXY6 + "/60"],
                self.server_side, "s0", [SERVER + "/20", SERVER6 + "/60"])
        self.names = self.enter(NameServer(self.proxy_side, dict(self.answers)))

    def proxy(self, **settings):
        settings = {"PROXY_ADDRESS": "0.0.0.0", "ALLOW_PRIVATE_TARGETS": None,
                    "ALLOWED_IPS": "192.0.2.0/24", **settings}
        proxy = self.enter(Proxy(settings, prefix=self.proxy_side.prefix))
        proxy.address = PROXY_TO_CLIENT
        return proxy

    def client(self, proxy, **options):
        with self.client_side.inside():
            return self.enter(RawClient(proxy.address, proxy.port, **options))

    def origin(self, handler=None, host=SERVER, **options):
        with self.server_side.inside():
            origin = Origin(handler, host=host, **options)
        return self.enter(origin)

    def tunnel(self, proxy, origin, **options):
        client = self.client(proxy, **options)
        client.connect_tunnel(origin.host, origin.port)
        self.says(client, b"before")
        return client

    def says(self, client, word):
        client.send(word)
        self.assertEqual(word, client.recv_exactly(len(word)))

    def connections(self):
        return self.proxy_side.run("ss", "-tnH", "state", "established").splitlines()

    def unplug(self, namespace, card):
        """Cuts the cable: nothing passes in either direction, and nobody is told. Waits until
        everything in flight has arrived, because TCP would retransmit it instead of probing."""
        wait_until(lambda: not any(int(line.split()[1]) for line in self.connections()),
                   what="an acknowledgement")
        namespace.iptables(f"-I INPUT -i {card} -j DROP")
        namespace.iptables(f"-I OUTPUT -o {card} -j DROP")


class BrokenPathTest(NetworkCase):
    answers = {"both.test": [SERVER, SERVER6], "six.test": [SERVER6]}

    @drill("a black hole behind a name's IPv6 address, IPv4 is good",
           seen="200 over IPv4; dialling took 0.25 s more than without")
    @row("B§6: a black-holed IPv6 address next to a good IPv4 one costs a quarter of a second")
    def test_black_holed_ipv6(self):
        origin = self.origin()
        self.server_side.iptables("-A INPUT -p tcp -j DROP", family=6)
        proxy = self.proxy()
        client = self.client(proxy)
        client.request("GET", f"http://both.test:{origin.port}/")
        self.assertEqual(200, client.read_response().status)
        line = proxy.wait_for_access()[0]
        # Proves that IPv6 came first; the bound is far below the cost of one address alone.
        self.assertGreaterEqual(line["dial"], 240)
        self.assertLess(line["dial"], 5000)

    @drill("a black hole behind a name's only address",
           seen="504 after PROXY_CONNECT_TIMEOUT_MS; how=timeout:dial")
    @row("B§7: a destination that swallows every packet is a 504 after the connect timeout")
    def test_black_hole_alone(self):
        self.server_side.iptables("-A INPUT -p tcp -j DROP", family=6)
        proxy = self.proxy(PROXY_CONNECT_TIMEOUT_MS=1000)
        client = self.client(proxy)
        client.request("CONNECT", "six.test:443")
        self.assertEqual(504, client.read_response().status)
        self.assertEqual("timeout:dial", proxy.wait_for_access()[0]["how"])

    @drill("one packet in twenty is lost on each cable, 2 MB echoed through a tunnel",
           seen="every octet arrived, in order")
    @row("B§6: packet loss loses nothing of a tunnel")
    def test_packet_loss(self):
        proxy, origin = self.proxy(), self.origin(echo)
        for card in ("p0", "p1"):
            self.proxy_side.iptables(
                f"-A INPUT -i {card} -m statistic --mode random --probability 0.05 -j DROP")
        client = self.client(proxy, timeout=60)
        client.connect_tunnel(origin.host, origin.port)
        sent, received = hashlib.sha256(), hashlib.sha256()
        for _ in range(32):
            block = os.urandom(65536)
            sent.update(block)
            client.send(block)
            received.update(client.recv_exactly(len(block)))
        self.assertEqual(sent.hexdigest(), received.hexdigest())

    @drill("a client on a line of 1 Mbit/s beside others, reading 20 MB",
           seen="the daemon's memory did not move; the others were served")
    @row("B§6: a slow line holds back its own sender and nobody else")
    def test_slow_line(self):
        self.proxy_side.run("tc", "qdisc", "add", "dev", "p0", "root", "tbf", "rate", "1mbit",
                            "burst", "16kb", "latency", "500ms")

        def flood(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n")
            connection.send(bytes(20_000_000))

        proxy, origin = self.proxy(), self.origin(flood)
        vitals = Vitals(proxy)
        before = vitals.resident()
        slow = self.client(proxy)
        slow.request("GET", origin.url("/"))
        slow.read_head()
        for _ in range(5):
            self.assertEqual(200, self.from_inside(proxy, "/health"))
        slow.recv_exactly(50_000)
        self.assertLess(vitals.resident() - before, 8 << 20)

    def from_inside(self, proxy, path):
        with self.proxy_side.inside(), RawClient("127.0.0.1", proxy.port) as client:
            client.request("GET", path, "Host: proxy")
            return client.read_response().status


class CrowdTest(NetworkCase):
    @drill("a flood from outside takes all places and those for status pages too",
           seen="--healthcheck on the machine itself exited with 0 throughout")
    @row("B§3: a flood does not make the health check of a container fail")
    def test_health_check(self):
        proxy = self.proxy(MAX_CONCURRENT_CONNECTIONS=20)
        for number in range(10, 15):
            self.client_side.run("ip", "address", "add", f"192.0.2.{number}/24", "dev", "c0")
        with self.client_side.inside():
            # One address alone may not take all the places for status pages.
            flood = connect_many(proxy.port, 200, source=lambda i: f"192.0.2.{10 + i % 5}",
                                 host=proxy.address, prelude=b"GET ")
        self.addCleanup(close_all, flood)
        for _ in range(3):
            done = subprocess.run(
                [*self.proxy_side.prefix, os.environ["SAMI_DAEMON"], "--healthcheck"],
                env={"PROXY_PORT": str(proxy.port), "PATH": os.environ["PATH"]},
                capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(0, done.returncode, done.stderr)
        outside = self.client(proxy)
        outside.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertEqual(503, outside.read_response().status)

    @drill("40 connections from 40 addresses of one IPv6 /64, MAX_CONNECTIONS_PER_IP=10",
           seen="10 were served, 30 got 503; another /64 was served")
    @row("B§2: an IPv6 client does not multiply by having a whole /64")
    def test_addresses_of_one_prefix(self):
        for number in range(1, 41):
            self.client_side.run("ip", "address", "add", f"2001:db8:1::{number:x}/64", "dev", "c0",
                                 "nodad")
        self.client_side.run("ip", "address", "add", "2001:db8:2::1/64", "dev", "c0", "nodad")
        for prefix in ("1", "2"):
            self.proxy_side.run("ip", "address", "add", f"2001:db8:{prefix}::ffff/64", "dev", "p0",
                                "nodad")
        proxy = self.proxy(PROXY_ADDRESS="::", MAX_CONNECTIONS_PER_IP=10,
                           ALLOWED_IPS="2001:db8::/32", PROXY_THREADS=1)

        def ask(source, target):
            with self.client_side.inside():
                client = self.enter(RawClient(target, proxy.port, source=source))
            client.request("GET", "/missing", "Host: a")
            return client.read_response().status

        statuses = [ask(f"2001:db8:1::{number:x}", "2001:db8:1::ffff") for number in range(1, 41)]
        self.assertEqual([404] * 10 + [503] * 30, statuses)
        self.assertEqual(404, ask("2001:db8:2::1", "2001:db8:2::ffff"))


class VanishedPeerCase(NetworkCase):
    def vanish(self, settings, expected):
        proxy, origin = self.proxy(**settings), self.origin(echo)
        self.tunnel(proxy, origin, timeout=expected + 30)
        self.unplug(self.client_side, "c0")
        began = time.monotonic()
        line = proxy.wait_for_log(lambda entry: entry.get("message") == "closed",
                                  timeout=expected + 30)
        self.assertEqual(("client", "keepalive"), (line["by"], line["how"]))
        # Nobody is left to receive the answer, so the provider is told.
        self.assertEqual("reset", origin.next_end())
        took = time.monotonic() - began
        print(f"  noticed after {took:.0f} s: {line}", flush=True)
        self.assertLess(took, expected + 15)

    def vanish_upstream(self, settings, expected):
        proxy, origin = self.proxy(**settings), self.origin(echo)
        client = self.tunnel(proxy, origin, timeout=expected + 30)
        self.unplug(self.server_side, "s0")
        began = time.monotonic()
        data, how = client.recv_all()
        took = time.monotonic() - began
        self.assertEqual((b"", "reset"), (data, how))
        line = proxy.wait_for_access()[0]
        print(f"  noticed after {took:.0f} s: {line}", flush=True)
        self.assertEqual(("upstream", "keepalive"), (line["by"], line["how"]))
        self.assertLess(took, expected + 15)


class VanishedClientTest(VanishedPeerCase):
    @drill("a client's cable is cut, nothing in flight, PROXY_TCP_KEEPALIVE_S=1",
           seen="noticed after 32 s (1 + 3×10): by=client how=keepalive; the upstream was reset")
    @row("B§1: a client that vanishes without FIN is noticed by keepalive, and the log says so")
    def test_client(self):
        self.vanish({"PROXY_TCP_KEEPALIVE_S": 1}, 31)

    @only_long("a minute")
    @drill("a client's cable is cut, nothing in flight, default settings",
           seen="noticed after 62 s (30 + 3×10): by=client how=keepalive")
    @row("B§1: with the default settings a vanished client is noticed within a minute")
    def test_client_default(self):
        self.vanish({}, 60)


class VanishedServerTest(VanishedPeerCase):
    @drill("a provider vanishes, nothing in flight, PROXY_TCP_KEEPALIVE_S=1",
           seen="noticed after 32 s: by=upstream how=keepalive; the client was reset")
    @row("B§1: a provider that vanishes without FIN is noticed by keepalive, and the log says so")
    def test_server(self):
        self.vanish_upstream({"PROXY_TCP_KEEPALIVE_S": 1}, 31)

    @only_long("a minute")
    @drill("a provider vanishes, nothing in flight, default settings",
           seen="noticed after 61 s: by=upstream how=keepalive")
    @row("B§1: with the default settings a vanished provider is noticed within a minute")
    def test_server_default(self):
        self.vanish_upstream({}, 60)


class ForgetfulNatTest(NetworkCase):
    """A router between client and proxy that translates addresses and forgets idle flows."""

    def setUp(self):
        super().setUp()
        self.home = self.enter(Namespace())
        connect(self.home, "h0", ["10.9.0.2/24"], self.client_side, "n0", ["10.9.0.1/24"])
        self.home.run("ip", "route", "add", "default", "via", "10.9.0.1")
        router = self.client_side
        router.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        router.iptables("-t nat -A POSTROUTING -o c0 -j MASQUERADE")
        # Drops what belongs to no known flow, as home routers do.
        router.iptables("-A FORWARD -m conntrack --ctstate INVALID -j DROP")
        router.iptables("-A FORWARD -i c0 -m conntrack --ctstate NEW -j DROP")
        router.iptables("-A INPUT -i c0 -m conntrack --ctstate NEW,INVALID -j DROP")
        self.set_conntrack("tcp_loose", 0)

    def set_conntrack(self, name, value):
        self.client_side.run("sh", "-c", f"echo {value} > /proc/sys/net/netfilter/nf_conntrack_{name}")

    def silent_tunnel(self, memory, silence, **settings):
        """Whether a tunnel through such a router still works after `silence` seconds."""
        self.set_conntrack("tcp_timeout_established", memory)
        proxy, origin = self.proxy(**settings), self.origin(echo)
        with self.home.inside():
            client = self.enter(RawClient(proxy.address, proxy.port, timeout=8))
        client.connect_tunnel(origin.host, origin.port)
        self.says(client, b"before")
        time.sleep(silence)
        # The server speaks after a long pause: the direction that a NAT breaks first.
        origin.connections[0].send(b"after")
        try:
            return client.recv_exactly(5) == b"after"
        except AssertionError:
            return False

    # Linux probes again after TCP_KEEPINTVL, our 10 s, however short the first wait is.
    @drill("a NAT that forgets a flow after 13 s, a tunnel silent for 28 s, PROXY_TCP_KEEPALIVE_S=1",
           seen="the tunnel lives")
    @row("B§1: keepalive keeps a silent tunnel in the memory of a NAT")
    def test_kept_alive(self):
        self.assertTrue(self.silent_tunnel(13, 28, PROXY_TCP_KEEPALIVE_S=1))

    @drill("the same with PROXY_TCP_KEEPALIVE_S=0",
           seen="the tunnel is dead: the counter-check that the NAT does forget")
    @row("B§1: without keepalive the same NAT forgets the same tunnel")
    def test_forgotten_without_keepalive(self):
        self.assertFalse(self.silent_tunnel(13, 16, PROXY_TCP_KEEPALIVE_S=0))

    @only_long("three minutes")
    @drill("a NAT that forgets after 60 s, a tunnel silent for 3 minutes, default settings",
           seen="the tunnel lives")
    @row("B§1: with the default settings a tunnel outlives a NAT that forgets after a minute")
    def test_kept_alive_for_minutes(self):
        self.assertTrue(self.silent_tunnel(60, 180))


if __name__ == "__main__":
    unittest.main()
