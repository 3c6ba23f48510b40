# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""ALLOWED_IPS=private in a container: which outside clients look private but are not."""

import signal
import unittest

from drill import drill
from sami_support import Proxy, RawClient, RowCase, row
from sami_support.network import Namespace, connect, why_no_namespaces

HERE = "172.20.0.2"
GATEWAY, NEIGHBOUR = "172.20.0.1", "172.20.0.9"
SHARED = "100.64.0.9"
PUBLIC = "11.22.33.5"  # by every list; it never leaves the namespaces


@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class PrivateTest(RowCase):
    """The proxy in one namespace, which it takes for a container's; the bridge and all others in a
    second."""

    def setUp(self):
        self.here = self.enter(Namespace())
        self.there = self.enter(Namespace())
        connect(self.here, "h0", [HERE + "/16", "fd00:20::2/64"], self.there, "t0",
                [GATEWAY + "/16", NEIGHBOUR + "/16", SHARED + "/32", PUBLIC + "/32", "fd00:20::1/64", "fd00:20::9/64"])
        self.here.run("ip", "route", "add", "default", "via", GATEWAY)
        self.here.run("ip", "-6", "route", "add", "default", "via", "fd00:20::1")

    def proxy(self, **settings):
        return self.enter(Proxy({"PROXY_ADDRESS": "::", "ALLOWED_IPS": "private", "container": "test", **settings},
                                prefix=self.here.prefix))

    def status(self, proxy, source):
        """The status of a missing page: 404 for clients that are let in, 403 for others."""
        outside = source not in (HERE, "127.0.0.1", "::1")
        host = source if not outside else "fd00:20::2" if ":" in source else HERE
        with (self.there if outside else self.here).inside():
            client = self.enter(RawClient(host, proxy.port, source=source))
        client.request("GET", "/no-such-page", "Host: x")
        return client.read_response().status

    @drill("ALLOWED_IPS=private in a container; its gateways, its own address, shared and public addresses ask",
           seen="403 for each; neighbours and loopback are let in")
    @row("B§2: in a container private lets in neighbours, but neither the gateway nor the container's own address")
    def test_container(self):
        proxy = self.proxy()
        for source, expected in ((NEIGHBOUR, 404), ("fd00:20::9", 404), ("127.0.0.1", 404), ("::1", 404),
                                 (GATEWAY, 403), ("fd00:20::1", 403), (HERE, 403), (SHARED, 403), (PUBLIC, 403)):
            with self.subTest(source):
                self.assertEqual(expected, self.status(proxy, source))

    @row("B§2: private holds shared addresses where an interface is in them")
    def test_shared(self):
        self.here.run("ip", "address", "add", "100.64.0.2/32", "dev", "h0")
        self.assertEqual(404, self.status(self.proxy(), SHARED))

    @drill("a container's default route moves to another gateway",
           seen="the new one is refused, the old one is a neighbour again")
    @row("B§2: the gateway is read again with the own addresses")
    def test_moved(self):
        proxy = self.proxy()
        self.here.run("ip", "route", "replace", "default", "via", NEIGHBOUR)
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        self.assertEqual([403, 404], [self.status(proxy, source) for source in (NEIGHBOUR, GATEWAY)])

    @row("B§1: where the internet can look private, the log says so at each start, in OPEN PROXY too")
    def test_uncertain(self):
        for settings, words in (({"ALLOWED_IPS": "private"}, "ALLOWED_IPS=private may not keep the internet out"),
                                ({"ALLOWED_IPS": None}, "may not keep the internet out")):
            proxy = self.proxy(KUBERNETES_SERVICE_HOST="10.0.0.1", **settings)
            lines = [line for line in proxy.log_lines() if line["level"] == "error"]
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(words, lines[0]["message"])


if __name__ == "__main__":
    unittest.main()
