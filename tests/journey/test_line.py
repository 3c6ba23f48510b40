# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Tests of the laboratory itself: a line must delay, drop and count as it says."""

import hashlib
import os
import socket
import threading
import time
import unittest

from sami_support import WAIT, RawClient
from sami_support.line import Line, why_no_lines
from sami_support.network import Namespace
from sami_support.packets import streams

NEAR, FAR = "192.0.2.2", "11.22.33.2"


def listen(namespace, serve):
    """Serves one connection in a thread; returns the port."""
    with namespace.inside():
        listener = socket.create_server((FAR, 0))
    listener.settimeout(WAIT)

    def accept():
        with listener:
            sock, _ = listener.accept()
        with sock:
            sock.settimeout(4 * WAIT)
            serve(sock)

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def echo(sock):
    while data := sock.recv(65536):
        sock.sendall(data)


@unittest.skipIf(why_no_lines(), why_no_lines())
class LineTest(unittest.TestCase):
    def setUp(self):
        self.near = self.enterContext(Namespace())
        self.far = self.enterContext(Namespace())

    def line(self, delay_ms=0):
        return self.enterContext(Line(self.near, NEAR, self.far, FAR, delay_ms))

    def connect(self, port):
        with self.near.inside():
            return self.enterContext(RawClient(FAR, port, timeout=4 * WAIT))

    def test_each_way_takes_its_delay(self):
        self.line(delay_ms=60)
        client = self.connect(listen(self.far, echo))
        began = time.monotonic()
        client.send(b"x")
        client.recv_exactly(1)
        # The excess over two delays depends on the machine; less is impossible.
        self.assertGreaterEqual(time.monotonic() - began, 0.12)

    def test_turns_are_counted_whatever_the_clock_says(self):
        line = self.line(delay_ms=5)
        port = listen(self.far, echo)
        start = line.mark()
        client = self.connect(port)
        for size in (1, 9000):  # one packet, then several in one flight
            client.send(bytes(size))
            client.recv_exactly(size)
        turns = line.turns(start)
        # SYN and its answer, then twice a question and its answer.
        self.assertEqual((1, 3), (turns.connections(), turns.round_trips()))

    def test_turns_of_other_connections_do_not_count(self):
        line = self.line(delay_ms=5)
        other = self.connect(listen(self.far, echo))
        port = listen(self.far, echo)
        start = line.mark()
        client = self.connect(port)
        for _ in range(4):
            other.send(b"x")
            other.recv_exactly(1)
        client.send(bytes(100))
        client.recv_exactly(100)
        turns = line.turns(start)
        self.assertEqual((2, 2), (turns.connections(), turns.round_trips()))

    def test_loss_is_mended_by_tcp(self):
        line = self.line(delay_ms=2)
        client = self.connect(listen(self.far, echo))
        line.change(loss=[0.05, 0.05])
        sent, received = hashlib.sha256(), hashlib.sha256()
        for _ in range(8):
            block = os.urandom(32768)
            sent.update(block)
            client.send(block)
            received.update(client.recv_exactly(len(block)))
        self.assertEqual(sent.hexdigest(), received.hexdigest())
        self.assertGreater(sum(line.counts()["lost"]), 0)

    def test_nothing_arrives_in_the_dark(self):
        line = self.line()
        client = self.connect(listen(self.far, echo))
        line.change(dark=True)
        client.send(b"lost?")
        client.expects_silence(0.3)
        line.change(dark=False)
        self.assertEqual(b"lost?", client.recv_exactly(5))

    def test_the_capture_has_what_was_said(self):
        line = self.line()
        client = self.connect(listen(self.far, echo))
        # A word split between two segments.
        for part in (b"sec", b"ret"):
            client.send(part)
            client.recv_exactly(3)
        self.assertEqual([b"secret"] * 2, list(streams(line.packets()).values()))

    def test_a_line_is_fast_enough_for_megabytes(self):
        line = self.line(delay_ms=60)
        size = 20_000_000

        def pour(sock):
            sock.sendall(bytes(size))

        client = self.connect(listen(self.far, pour))
        began = time.monotonic()
        client.recv_exactly(size)
        took = time.monotonic() - began
        print(f"  {size * 8 / took / 1e6:.0f} Mbit/s; {line.counts()}", flush=True)
        self.assertEqual([0, 0], line.counts()["lost"])

    def test_the_line_ends_with_its_test(self):
        with Line(self.near, NEAR, self.far, FAR):
            self.assertIn("line0", self.near.run("ip", "-brief", "link"))
        self.assertNotIn("line0", self.near.run("ip", "-brief", "link"))
        self.assertNotIn("line0", self.far.run("ip", "-brief", "link"))


if __name__ == "__main__":
    unittest.main()
