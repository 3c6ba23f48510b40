# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The way out: its source address and address family, as the server at the other end sees them."""

import os
import signal
import tempfile

from drill import drill
from test_network import CLIENT, PROXY6, PROXY_TO_CLIENT, SERVER, SERVER6, NetworkCase
from sami_support import Proxy, row, wait_until

SOURCE, SOURCE6 = "11.22.33.77", "2a0a:1:2:3::77"
SOURCES = f"{SOURCE},{SOURCE6}"
KINDS = ("native", "qt")


def tell_peer(connection):
    """Answers each request with the address it came from."""
    while True:
        connection.read_request()
        peer = connection.socket.getpeername()[0].removeprefix("::ffff:").encode()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(peer), peer))


class ExitTest(NetworkCase):
    answers = {"both.test": [SERVER, SERVER6], "four.test": [SERVER], "six.test": [SERVER6]}

    def setUp(self):
        super().setUp()
        for address in (SOURCE + "/20", SOURCE6 + "/60"):
            # Deprecated, so that the system itself prefers the other one.
            self.proxy_side.run("ip", "address", "add", address, "dev", "p1", "preferred_lft", "0",
                                *(["nodad"] if ":" in address else []))
        # For both address families.
        self.server = self.origin(tell_peer, host="::")

    def forwarded(self, proxy, host, client=None):
        """The response to a forwarded request."""
        client = client or self.client(proxy)
        client.request("GET", f"http://{host}:{self.server.port}/")
        return client.read_response()

    def tunnelled(self, proxy, host):
        """The response to a request in a tunnel, or the tunnel's refusal."""
        client = self.client(proxy)
        client.request("CONNECT", f"{host}:{self.server.port}")
        answer = client.read_response("CONNECT")
        if answer.status != 200:
            return answer
        client.request("GET", "/", "Host: " + host)
        return client.read_response()

    def both_ways(self, proxy, host):
        return [self.forwarded(proxy, host), self.tunnelled(proxy, host)]

    def assert_peers(self, proxy, host, peer):
        for answer in self.both_ways(proxy, host):
            self.assertEqual((200, peer), (answer.status, answer.body.decode()), host)

    def assert_refused(self, proxy, host, reason, text):
        for answer in self.both_ways(proxy, host):
            self.assertEqual(502, answer.status, host)
            self.assertIn(text, answer.body.decode())
        lines = proxy.wait_for_access(2, lambda line: line.get("reason") == reason)
        self.assertEqual({"dial_failed"}, {line["how"] for line in lines})

    @row("B§6: connections come from PROXY_SOURCE_ADDRESS, forwarded requests and tunnels alike")
    def test_source(self):
        for kind in KINDS:
            with self.subTest(kind):
                proxy = self.proxy(PROXY_SOURCE_ADDRESS=SOURCES, PROXY_SOCKETS=kind)
                self.assert_peers(proxy, "four.test", SOURCE)
                self.assert_peers(proxy, "six.test", SOURCE6)
                self.assert_peers(proxy, SERVER, SOURCE)
                self.assert_peers(proxy, f"[{SERVER6}]", SOURCE6)

    @row("B§6: a family without a source address leaves by the one that the system chooses")
    def test_one_source(self):
        for kind in KINDS:
            with self.subTest(kind):
                proxy = self.proxy(PROXY_SOURCE_ADDRESS=SOURCE, PROXY_SOCKETS=kind)
                self.assert_peers(proxy, "four.test", SOURCE)
                self.assert_peers(proxy, "six.test", PROXY6)

    @row("B§6: PROXY_EXIT_FAMILY=ipv4: a name of both families is reached over IPv4, asked for alone")
    def test_ipv4_alone(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.names.asked.clear()
                proxy = self.proxy(PROXY_EXIT_FAMILY="ipv4", PROXY_SOURCE_ADDRESS=SOURCE,
                                   PROXY_SOCKETS=kind)
                self.assert_peers(proxy, "both.test", SOURCE)
                self.assertEqual({("both.test", 1)},
                                 {asked for asked in self.names.asked if asked[0] == "both.test"})
                self.assert_refused(proxy, "six.test", "exit_family",
                                    "no IPv4 address, and PROXY_EXIT_FAMILY asks for one")
                self.assert_refused(proxy, f"[{SERVER6}]", "exit_family",
                                    "an IPv6 address, and PROXY_EXIT_FAMILY asks for IPv4")

    @row("B§6: PROXY_EXIT_FAMILY=ipv6: the same with IPv6")
    def test_ipv6_alone(self):
        proxy = self.proxy(PROXY_EXIT_FAMILY="ipv6", PROXY_SOURCE_ADDRESS=SOURCE6)
        self.assert_peers(proxy, "both.test", SOURCE6)
        self.assert_refused(proxy, "four.test", "exit_family",
                            "no IPv6 address, and PROXY_EXIT_FAMILY asks for one")
        self.assert_refused(proxy, SERVER, "exit_family",
                            "an IPv4 address, and PROXY_EXIT_FAMILY asks for IPv6")

    @drill("the address of PROXY_SOURCE_ADDRESS disappears while the proxy runs",
           seen="502 that names the setting; reason=source_address; 200 once it is back")
    @row("B§6: a source address that has disappeared is a 502 that names the setting")
    def test_source_gone(self):
        for kind in KINDS:
            with self.subTest(kind):
                proxy = self.proxy(PROXY_SOURCE_ADDRESS=SOURCES, PROXY_SOCKETS=kind)
                self.proxy_side.run("ip", "address", "del", SOURCE + "/20", "dev", "p1")
                self.assert_refused(proxy, "four.test", "source_address",
                                    "no longer has the address in PROXY_SOURCE_ADDRESS")
                self.assert_peers(proxy, "six.test", SOURCE6)
                self.proxy_side.run("ip", "address", "add", SOURCE + "/20", "dev", "p1")
                self.assert_peers(proxy, "four.test", SOURCE)

    @drill("all local ports to one destination are in use",
           seen="503 with Retry-After, with and without PROXY_SOURCE_ADDRESS")
    @row("B§7: a destination to which every local port is in use is a 503, not an unreachable host")
    def test_ports_exhausted(self):
        self.proxy_side.run("sh", "-c",
                            "echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range")
        for kind in KINDS:
            for source in (None, SOURCE):
                with self.subTest(kind, source=source):
                    # Outside of that range, so that listening uses up none of its ports.
                    proxy = self.proxy(PROXY_SOURCE_ADDRESS=source, PROXY_SOCKETS=kind,
                                       PROXY_PORT=18080)
                    tunnels = []
                    for _ in range(3):
                        tunnels.append(self.client(proxy))
                        tunnels[-1].request("CONNECT", f"{SERVER}:{self.server.port}")
                        answer = tunnels[-1].read_response("CONNECT")
                        if answer.status != 200:
                            break
                    self.assertEqual(503, answer.status)
                    self.assertTrue(answer.has("Retry-After"))
                    for tunnel in tunnels:
                        tunnel.reset()
                    proxy.stop()
                    wait_until(lambda: not self.connections(), what="no connection")

    @row("B§6: no pooled connection of another family or source address serves a request")
    def test_pool(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sami.ini")

            def write(*lines):
                with open(path, "w", encoding="utf-8") as file:
                    file.write("\n".join(("port = 0", *lines)) + "\n")

            write("exit_family = ipv4")
            proxy = self.enter(Proxy({"PROXY_PORT": None, "PROXY_ADDRESS": "0.0.0.0",
                                      "ALLOW_PRIVATE_TARGETS": None, "ALLOWED_IPS": CLIENT,
                                      "PROXY_THREADS": 1}, ["--config", path],
                                     prefix=self.proxy_side.prefix))
            proxy.address = PROXY_TO_CLIENT
            client = self.client(proxy)

            def peer():
                return self.forwarded(proxy, "both.test", client).body.decode()

            def reload(message):
                seen = len(proxy.log_lines())
                proxy.signal(signal.SIGHUP)
                wait_until(lambda: any(message in line.get("message", "")
                                       for line in proxy.log_lines()[seen:]), what=message)

            first = peer()
            self.assertIn(".", first)
            self.assertEqual((first, 1), (peer(), len(self.server.connections)))
            write("exit_family = ipv4", f"source_address = {SOURCE}")
            reload("reloaded")
            self.assertEqual(SOURCE, peer())
            write("exit_family = ipv6", f"source_address = {SOURCES}")
            reload("reloaded")
            self.assertEqual(SOURCE6, peer())
            # A bad file leaves everything as it was.
            write("exit_family = ipv4", "source_address = 11.22.33.99")
            reload("not reloaded: " + path)
            self.assertEqual((SOURCE6, 3), (peer(), len(self.server.connections)))
