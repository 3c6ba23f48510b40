# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""An idle connection costs no CPU time."""

import os
import pathlib
import time
import unittest

from sami_support import ProxyCase, row


def challenge_once(connection):
    """Answers one request with NTLM's 401, then closes."""
    connection.read_request()
    connection.send("HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n")


def compute(seconds):
    """Uses that much CPU time. A proxy that spins gets as much meanwhile, however loaded the
    machine is."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


class IdleTest(ProxyCase):
    def processor_time(self):
        """The proxy's CPU time so far, in seconds."""
        stat = pathlib.Path(f"/proc/{self.proxy.pid}/stat").read_text(encoding="utf-8")
        ticks = sum(map(int, stat.rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    @row("B§6: a connection that NTLM pinned costs no time when the upstream has closed it")
    def test_pinned_and_closed(self):
        origin = self.origin(challenge_once)
        client = self.client()
        for connections in (1, 2):
            client.request("GET", origin.url())
            self.assertEqual(client.read_response().status, 401)
            self.assertEqual(len(origin.connections), connections)
            before = self.processor_time()
            compute(0.5)
            self.assertLess(self.processor_time() - before, 0.1)


if __name__ == "__main__":
    unittest.main()
