# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The command status where something else than a proxy answers: it must not read "all is well"."""

import json
import os
import socket
import tempfile
import threading
import time
import unittest

from helpers_command import run_daemon
from sami_support import RowCase, row

GOOD = {"state": "running", "version": "1", "uptime_s": 61, "running": {"count": 0}}


def answer(body, status="200 OK", length=None):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    length = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n".encode() + body


class StatusCommand(RowCase):
    def setUp(self):
        self.path = os.path.join(self.enter(tempfile.TemporaryDirectory()), "a.sock")

    def ask(self, octets, *arguments, then=lambda peer: None):
        listener = self.enter(socket.socket(socket.AF_UNIX))
        listener.bind(self.path)
        listener.listen()

        def serve():
            peer, _ = listener.accept()
            with peer:
                peer.recv(4096)
                try:
                    peer.sendall(octets)
                    then(peer)
                except OSError:
                    pass

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        done = run_daemon("status", *arguments, PROXY_ADMIN=f"unix:{self.path}")
        server.join(10)
        os.unlink(self.path)
        return done

    @row("B§18: what is not the whole status of a proxy is exit 1, and a sentence")
    def test_refused(self):
        for what, octets in (
                ("nothing", b""),
                ("no HTTP", b"hello"),
                ("half a head", b"HTTP/1.1 200 OK\r\nContent-Le"),
                ("no length", b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(GOOD).encode()),
                ("a cut body", answer(GOOD, length=4000)),
                ("more than the length says", answer(GOOD, length=5)),
                ("no JSON", answer(b"hello")),
                ("an array", answer([])),
                ("an empty object", answer({})),
                ("no state", answer({"running": {"count": 0}})),
                ("no running work", answer({"state": "running"})),
                ("running work without a count", answer({"state": "running", "running": {}})),
                ("a count that is none", answer({"state": "running", "running": {"count": "0"}})),
                ("a deep one", answer(b"[" * 900_000)),
                ("too long a one", answer(b"x" * (2 << 20))),
                ("another status", answer(GOOD, status="403 Forbidden"))):
            for arguments in ((), ("--json",)):
                with self.subTest(what, arguments=arguments):
                    done = self.ask(octets, *arguments)
                    self.assertEqual((done.returncode, done.stdout), (1, ""))
                    self.assertIn(self.path, done.stderr)

    @row("B§18: where nobody answers the command says what to look at")
    def test_nobody(self):
        done = run_daemon("status", PROXY_ADMIN=f"unix:{self.path}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is the proxy running, and with this PROXY_ADMIN?", done.stderr)
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(self.path)
        self.assertIn("is the proxy running", run_daemon("status", PROXY_ADMIN=f"unix:{self.path}").stderr)

    @row("B§18: a refusal is told in the proxy's words")
    def test_detail(self):
        done = self.ask(answer({"detail": "All places are taken."}, status="503 Service Unavailable"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("503: All places are taken.", done.stderr)

    @row("B§18: no text of the answer steers the terminal, or makes a line of its own")
    def test_printable(self):
        bad = "a\x1b[31m\n\u202e\u009b"
        done = self.ask(answer({
            "state": bad, "version": bad, "listening": bad, "exposure": {"text": bad}, "uptime_s": 1,
            "running": {"count": 0}, "certificate": {"days_left": 1, "pin": bad}, "set_from_afar": [bad],
            "parents": [{"name": bad, "kind": bad, "condition": bad, "fault": bad}]}))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 7, done.stdout)
        for char in "\x1b\u202e\u009b":
            self.assertNotIn(char, done.stdout)

    @row("B§18: numbers beyond all reason are no other numbers")
    def test_numbers(self):
        most, least = 2**63 - 1, -2**63
        done = self.ask(answer({"state": "running", "uptime_s": most,
                                "running": {"count": 1, "oldest_ms": most, "silent_ms": least}}))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("running for 876600h00m", done.stdout)
        self.assertIn("the oldest for 876600h00m, all of it silent for 0ms", done.stdout)

    @row("B§18: five seconds are all that it waits, whatever drips in")
    def test_dripping(self):
        def drip(peer):
            for _ in range(12):
                peer.sendall(b" ")
                time.sleep(1)

        began = time.monotonic()
        done = self.ask(answer(GOOD, length=4000), then=drip)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no whole answer within 5 s", done.stderr)
        self.assertLess(time.monotonic() - began, 12)


if __name__ == "__main__":
    unittest.main()
