# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the daemon reports to a service manager, read from a real datagram socket (sd_notify(3))."""

import os
import pathlib
import signal
import socket
import tempfile
import time
import unittest

from helpers_tunnel import HeldOrigin
from sami_support import Proxy, RowCase, WAIT, row


class Manager:
    """The manager's end of $NOTIFY_SOCKET."""

    def __init__(self, address):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.settimeout(WAIT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def message(self):
        """The next datagram as a dictionary."""
        lines = self._socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)


class Readiness(RowCase):
    def setUp(self):
        self.folder = self.enter(tempfile.TemporaryDirectory())
        self.path = os.path.join(self.folder, "notify")

    @row("B§6: a service manager hears of the start, with the address, when it listens")
    def test_start(self):
        abstract = f"sami-test-{os.getpid()}"
        for address, name in ((self.path, self.path), ("\0" + abstract, "@" + abstract)):
            with Manager(address) as manager, Proxy({"NOTIFY_SOCKET": name}) as proxy:
                self.assertEqual(manager.message(),
                                 {"READY": "1", "STATUS": f"listening on 127.0.0.1:{proxy.port}"})

    @row("B§6: a service manager hears nothing of a proxy that could not listen")
    def test_failed_start(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, Manager(self.path) as manager:
            settings = {"NOTIFY_SOCKET": self.path, "PROXY_PORT": taken.getsockname()[1]}
            with Proxy(settings, expect_start=False) as proxy:
                self.assertEqual(proxy.wait_exit(), 1)
            manager._socket.settimeout(0)
            self.assertRaises(BlockingIOError, manager.message)

    def test_reload(self):
        for sentence, text, address in (
            ("B§6: a reload is told from its begin to its end, with the new address",
             "address = 127.0.0.2\n", "127.0.0.2"),
            ("B§6: a reload that is refused ends in readiness with the old address",
             "allowed_ips = nonsense\n", "127.0.0.1"),
        ):
            settings_file = pathlib.Path(self.folder, "proxy.conf")
            settings_file.write_text("address = 127.0.0.1\n", encoding="utf-8")
            environment = {"NOTIFY_SOCKET": self.path, "PROXY_ADDRESS": None, "PROXY_PORT": "0"}
            with self.row(sentence), Manager(self.path) as manager, \
                    Proxy(environment, ["--config", str(settings_file)]) as proxy:
                self.assertEqual(manager.message()["READY"], "1")
                settings_file.write_text(text, encoding="utf-8")
                before = time.monotonic_ns() // 1000
                proxy.signal(signal.SIGHUP)
                reloading = manager.message()
                self.assertEqual(reloading["RELOADING"], "1")
                self.assertGreaterEqual(int(reloading["MONOTONIC_USEC"]), before)
                self.assertLessEqual(int(reloading["MONOTONIC_USEC"]),
                                     time.monotonic_ns() // 1000)
                ready = manager.message()
                self.assertEqual(ready["READY"], "1")
                self.assertIn(f"listening on {address}:", ready["STATUS"])
            os.unlink(self.path)

    @row("B§6: a stop is told at once, with what it waits for, and asks for time again and again")
    def test_stop(self):
        origin = self.enter(HeldOrigin())
        with Manager(self.path) as manager, Proxy({"NOTIFY_SOCKET": self.path}) as proxy:
            client = proxy.client()
            client.connect_tunnel("127.0.0.1", origin.port)
            upstream = origin.take()
            self.assertEqual(manager.message()["READY"], "1")
            proxy.signal()
            for _ in range(2):
                self.assertEqual(manager.message(),
                                 {"STOPPING": "1", "EXTEND_TIMEOUT_USEC": "10000000",
                                  "STATUS": "stopping: 1 connections may finish"})
            client.close()
            upstream.close()
            self.assertEqual(proxy.wait_exit(), 0)

    @row("B§6: a service manager that is gone, or whose name is too long, changes nothing")
    def test_nobody_there(self):
        for name in (self.path, "@" + "x" * 107, "/" + "x" * 200):
            with Proxy({"NOTIFY_SOCKET": name}) as proxy:
                self.assertEqual(proxy.get("/health").status, 200)


if __name__ == "__main__":
    unittest.main()
