# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""How many round trips a journey takes, counted by the turns on the line."""

import unittest

from helpers_lab import HOST, PROVIDER, LabCase, credentials
from sami_support import row, wait_until

# More than any handshake returns, less than a new connection may send at once (RFC 6928).
ANSWER = bytes(8000)


def answer_once(connection):
    connection.recv_exactly(1)
    connection.send(ANSWER)
    connection.recv_all()


class RoundTripsTest(LabCase):
    """From the client's CONNECT to the first byte of the answer to its first byte."""

    is_real = False

    def setUp(self):
        self.site = self.lab.site
        self.server = self.enter(self.site.daemon())
        self.provider = self.origin(answer_once)

    def journey(self, proxy, *fields, host=HOST):
        start = self.site.line.mark()
        client = self.client(proxy)
        client.connect_tunnel(host, self.provider.port, *fields)
        client.send(b"?")
        client.recv_exactly(len(ANSWER))
        turns = self.site.line.turns(start)
        client.close()
        return turns.round_trips()

    def in_clear(self):
        """CONNECT at the same server, without a desk daemon and without TLS."""
        return self.journey(self.server, f"Proxy-Authorization: Basic {credentials()}")

    def warm_up(self):
        """Waits for two unused connections to the server."""
        wait_until(lambda: self.site.connections() >= 2, what="two warm connections")
        self.lab.wait_until_quiet(self.site.line)

    def test_in_clear(self):
        # The connection, CONNECT, the question.
        self.assertEqual(3, self.in_clear())

    @row("B§14: a first journey through a TLS parent costs one round trip more than CONNECT in clear")
    def test_cold(self):
        clear = self.in_clear()
        cold = self.journey(self.desk(self.site.link()))
        print(f"  round trips to the first octet: in clear {clear}, cold {cold}", flush=True)
        self.assertEqual(clear + 1, cold)

    @row("B§14: a warm connection takes two round trips off a journey through a TLS parent")
    def test_warm(self):
        clear = self.in_clear()
        # Warm connections are a worker's own, and a busy machine's second journey may be another worker's.
        desk = self.desk(self.site.link(), PROXY_THREADS="1")
        cold = self.journey(desk)
        self.warm_up()
        warm = self.journey(desk)
        print(f"  round trips to the first octet: in clear {clear}, cold {cold}, warm {warm}",
              flush=True)
        self.assertEqual(cold - 2, warm)
        self.assertLessEqual(warm, clear + 1)

    @row("B§14: a name costs no round trip at the desk: it is asked for at the server")
    def test_name(self):
        by_name = self.journey(self.desk(self.site.link()))
        by_address = self.journey(self.desk(self.site.link()), host=PROVIDER)
        self.assertEqual(by_address, by_name)


if __name__ == "__main__":
    unittest.main()
