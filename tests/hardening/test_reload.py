# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Strangers at the door while it moves."""

import os
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from drill import drill
from sami_support import Origin, Proxy, RawClient, RowCase, row, wait_until
from sami_support.network import Namespace, why_no_namespaces

PORT = 8080
OWN_ADDRESSES = 4000  # reading this many takes the proxy some hundredths of a second


@unittest.skipIf(why_no_namespaces(), why_no_namespaces())
class ReloadTest(RowCase):
    def setUp(self):
        self.here = self.enter(Namespace())
        with self.here.inside():
            self.origin = self.enter(Origin())
        folder = self.enter(tempfile.TemporaryDirectory())
        self.path = os.path.join(folder, "sami.ini")

    def write(self, *lines):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def hammer(self, host, statuses, stop):
        """Sends requests without a password as fast as it can."""
        with self.here.inside():
            while not stop.is_set():
                try:
                    with RawClient(host, PORT) as client:
                        client.request("GET", self.origin.url("/"))
                        statuses.append(client.read_response().status)
                except ConnectionRefusedError:
                    time.sleep(0.0002)

    @drill("127.0.0.1 without a password becomes 0.0.0.0 with one, strangers knock all the time",
           seen="every answer of the new address was 407")
    @row("B§6: an address that is opened with a password asks for it from the first connection on")
    def test_opening_with_a_password(self):
        addresses = "".join(f"address add 127.{1 + number // 250}.9.{number % 250}/8 dev lo\n"
                            for number in range(OWN_ADDRESSES))
        subprocess.run([*self.here.prefix, "ip", "-batch", "-"], input=addresses, text=True,
                       check=True)
        self.write(f"port = {PORT}", "address = 127.0.0.1")
        proxy = self.enter(Proxy({"PROXY_PORT": None, "PROXY_ADDRESS": None},
                                 ["--config", self.path], prefix=self.here.prefix))
        statuses, stop = [], threading.Event()
        strangers = [threading.Thread(target=self.hammer, args=("127.0.0.2", statuses, stop))
                     for _ in range(2)]
        for stranger in strangers:
            stranger.start()
        try:
            self.write(f"port = {PORT}", "address = 0.0.0.0", "auth_username = sami",
                       "auth_password = a long one")
            proxy.signal(signal.SIGHUP)
            wait_until(lambda: len(statuses) >= 20, what="answers of the new address")
        finally:
            stop.set()
            for stranger in strangers:
                stranger.join()
        self.assertEqual({407}, set(statuses))


if __name__ == "__main__":
    unittest.main()
