# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the proxy knows of its own machine: the addresses of its interfaces, and what becomes of them
when the system cannot say."""

import os
import signal
import subprocess
import unittest

from drill import drill
from helpers_attack import Vitals
from helpers_network import Namespace, why_no_namespaces
from sami_support import Origin, Proxy, RawClient, RowCase, row

# Public by every list; it never leaves the namespace.
OWN = "11.22.33.1"


def cannot_read(line):
    return "own addresses" in line.get("message", "") and "reason" in line


@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class SurroundingsCase(RowCase):
    """Proxy and client in one namespace."""

    def setUp(self):
        self.here = self.enter(Namespace())

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


# The undefined-behaviour checker wants a descriptor to look at an object's type.
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
        """With descriptors to dial again: nothing but the rule refuses now."""
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


if __name__ == "__main__":
    unittest.main()
