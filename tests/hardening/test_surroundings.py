# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the proxy knows about its own machine and networks: the addresses of its interfaces, their
neighbours, and what happens to both when the system cannot tell."""

import os
import signal
import subprocess
import unittest

from drill import drill
from helpers_attack import Vitals
from sami_support import Origin, Proxy, RawClient, RowCase, row
from sami_support.network import Namespace, connect, why_no_namespaces

# Addresses that are public by every list; they never leave the namespaces.
OWN, NEIGHBOUR = "11.22.33.1", "11.22.33.5"
OWN6, NEIGHBOUR6 = "2a0a:1:2:3::1", "2a0a:1:2:3::5"


def cannot_read(line):
    return "own addresses" in line.get("message", "") and "reason" in line


@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class SurroundingsCase(RowCase):
    """Proxy and client in one namespace, its neighbours in a second one at the other end of a
    cable."""

    def setUp(self):
        self.here = self.enter(Namespace())
        self.there = self.enter(Namespace())

    def plug(self, here, there):
        connect(self.here, "h0", here, self.there, "t0", there)

    def proxy(self, **settings):
        return self.enter(Proxy({"ALLOW_PRIVATE_TARGETS": None, "PROXY_CONNECT_TIMEOUT_MS": 3000,
                                 **settings}, prefix=self.here.prefix))

    def client(self, proxy):
        with self.here.inside():
            return self.enter(RawClient(proxy.address, proxy.port, timeout=20))

    def origin(self, namespace, host):
        with namespace.inside():
            return self.enter(Origin(host=host))

    def ask(self, client, host, port):
        shown = f"[{host}]" if ":" in host else host
        client.request("GET", f"http://{shown}:{port}/")
        return client.read_response().status


# UBSan needs a descriptor to check an object's type.
@unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
class OwnAddressesTest(SurroundingsCase):
    def setUp(self):
        super().setUp()
        self.here.run("ip", "address", "add", OWN + "/32", "dev", "lo")
        self.inner = self.origin(self.here, OWN)
        self.running = self.proxy()
        self.kept = self.client(self.running)
        self.assertEqual(403, self.ask(self.kept, OWN, self.inner.port))
        self.limit(Vitals(self.running).settled_descriptors())

    def limit(self, descriptors):
        subprocess.run(["prlimit", f"--pid={self.running.pid}", f"--nofile={descriptors}:"],
                       check=True)

    def stays_refused(self):
        """With descriptors to dial again, only the rule refuses now."""
        self.limit(1000)
        self.assertEqual(403, self.ask(self.kept, OWN, self.inner.port))
        self.assertEqual(0, len(self.inner.connections), "the machine itself was dialled")

    @drill("no descriptor left when the own addresses are read again, every 10 s",
           seen="one error line; the machine's own public address stayed refused")
    @row("B§2: own addresses that cannot be read again stay known")
    def test_read_again(self):
        line = self.running.wait_for_log(cannot_read, timeout=30)
        self.assertEqual("error", line["level"])
        self.stays_refused()
        self.running.signal(signal.SIGHUP)
        self.running.wait_for_log(lambda line: "can be read again" in line.get("message", ""))
        self.assertEqual(1, sum(map(cannot_read, self.running.log_lines())))

    @drill("SIGHUP with no descriptor left",
           seen="the machine's own public address stayed refused")
    @row("B§2: new settings do not forget the own addresses")
    def test_reload(self):
        self.running.signal(signal.SIGHUP)
        self.running.wait_for_log(lambda line: "reloaded" in line.get("message", ""))
        self.stays_refused()


class LocalRoutesTest(SurroundingsCase):
    @drill("addresses that routes deliver to the machine itself: a local route, a /16 on lo",
           seen="403 for each, and no connection")
    @row("B§2: an address that is this machine's by a route alone is its own")
    def test_refused(self):
        self.here.run("ip", "address", "add", "35.1.0.1/16", "dev", "lo")
        self.here.run("ip", "route", "add", "local", "34.1.2.3/32", "dev", "lo", "proto", "66")
        self.here.run("ip", "route", "add", "local", "2a0a:77::/48", "dev", "lo")
        # A transparent proxy's table, for marked packets, makes no address ours.
        self.here.run("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo", "table", "100")
        proxy = self.proxy()
        for address in ("35.1.0.1", "35.1.77.77", "34.1.2.3", "::ffff:34.1.2.3", "2a0a:77::5"):
            with self.subTest(address):
                inner = self.origin(self.here, "0.0.0.0")
                self.assertEqual(403, self.ask(self.client(proxy), address, inner.port))
                self.assertEqual(0, len(inner.connections))
        self.assertEqual(502, self.ask(self.client(proxy), "34.9.9.9", 9999))


class NeighboursTest(SurroundingsCase):
    FORMS = (NEIGHBOUR, NEIGHBOUR6, f"::ffff:{NEIGHBOUR}", f"64:ff9b::{NEIGHBOUR}",
             "2002:b16:2105::1")

    @drill("neighbours with public addresses, in a /24 and a /64 of the proxy's own",
           seen="403 for each, in mapped, NAT64 and 6to4 form too; no connection")
    @row("B§2: who has a public address in the proxy's own network is inside")
    def test_refused(self):
        self.plug([OWN + "/24", OWN6 + "/64"], [NEIGHBOUR + "/24", NEIGHBOUR6 + "/64"])
        origins = [self.origin(self.there, host) for host in (NEIGHBOUR, NEIGHBOUR6)]
        client = self.client(self.proxy())
        for host in self.FORMS:
            for origin in origins:
                with self.subTest(host=host):
                    self.assertEqual(403, self.ask(client, host, origin.port))
        self.assertEqual(0, sum(len(origin.connections) for origin in origins))

    @row("B§2: ALLOW_PRIVATE_TARGETS opens the neighbours that it names")
    def test_allowed(self):
        self.plug([OWN + "/24", OWN6 + "/64"], [NEIGHBOUR + "/24", NEIGHBOUR6 + "/64"])
        client = self.client(self.proxy(ALLOW_PRIVATE_TARGETS=f"{NEIGHBOUR},2a0a:1:2:3::/64"))
        for host in (NEIGHBOUR, NEIGHBOUR6):
            self.assertEqual(200, self.ask(client, host, self.origin(self.there, host).port))

    @drill("a VPS: an address without a network, a gateway on the link, a /20 of the provider's",
           seen="other customers' addresses are reached; one line at the start names the /20")
    @row("B§2: a provider's wide network is no network of one's own, and the log says so")
    def test_wide(self):
        self.plug([OWN + "/32", "21.22.32.1/20"], ["21.22.33.5/20"])
        self.here.run("ip", "route", "add", NEIGHBOUR, "dev", "h0")
        self.there.run("ip", "address", "add", NEIGHBOUR + "/32", "dev", "lo")
        self.there.run("ip", "route", "add", OWN, "dev", "t0")
        proxy = self.proxy()
        client = self.client(proxy)
        for host in (NEIGHBOUR, "21.22.33.5"):
            self.assertEqual(200, self.ask(client, host, self.origin(self.there, host).port))
        said = [line for line in proxy.log_lines() if line.get("network")]
        self.assertEqual([("21.22.32.0/20", "h0")],
                         [(line["network"], line["device"]) for line in said])

    @row("B§2: a network that the machine joins while the proxy runs is one of its own")
    def test_joined_later(self):
        proxy = self.proxy()
        self.plug([OWN + "/24"], [NEIGHBOUR + "/24"])
        origin = self.origin(self.there, NEIGHBOUR)
        client = self.client(proxy)
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        self.assertEqual(403, self.ask(client, NEIGHBOUR, origin.port))


if __name__ == "__main__":
    unittest.main()
