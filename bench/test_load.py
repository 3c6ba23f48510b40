# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs every workload of the load generator, tiny, against the real daemon: each response must be
right, and the generator must notice one that is not. Times are not judged here."""
import json
import os
import socket
import subprocess
import threading
import unittest

from sami_support.proxy import Proxy


def run(workload, *arguments):
    """Runs one workload; returns its exit code and its output."""
    result = subprocess.run([os.environ["SAMI_BENCH_LOAD"], workload, *map(str, arguments)],
                            stdout=subprocess.PIPE, timeout=150, check=False)
    return result.returncode, json.loads(result.stdout)


class ForgingRelay:
    """Relays to a local port and flips a bit of the response at an offset."""

    def __init__(self, target, offset):
        self._target = target
        self._offset = offset
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client):
        try:
            with client, socket.create_connection(("127.0.0.1", self._target)) as upstream:
                up = threading.Thread(target=self._copy, args=(client, upstream, False))
                up.start()
                self._copy(upstream, client, True)
                up.join()
        except OSError:
            pass

    def _copy(self, source, sink, forge):
        seen = 0
        try:
            while octets := bytearray(source.recv(65536)):
                if forge and seen <= self._offset < seen + len(octets):
                    octets[self._offset - seen] ^= 1
                seen += len(octets)
                sink.sendall(octets)
        except OSError:
            pass
        for end in source, sink:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class ValidityTest(unittest.TestCase):
    def check(self, workload, *arguments, figures):
        with Proxy() as proxy:
            code, found = run(workload, "--proxy-port", proxy.port, "--pid", proxy.pid,
                              *arguments)
        self.assertEqual((0, True), (code, found["valid"]), found)
        for figure in figures:
            self.assertGreater(found[figure], 0, figure)
        return found

    def test_connect(self):
        self.check("connect", "--total", 100, "--in-flight", 10,
                   figures=["rate", "cpu_us_per_connect"])

    def test_connect_from_several_processes(self):
        self.check("connect", "--total", 101, "--in-flight", 10, "--clients", 3, "--origins", 2,
                   figures=["rate"])

    def test_stream_down(self):
        self.check("stream", "--megabytes", 5, "--tunnels", 3,
                   figures=["gigabytes_per_second", "cpu_s_per_gigabyte"])

    def test_stream_up(self):
        self.check("stream", "--megabytes", 5, "--tunnels", 3, "--direction", "up",
                   figures=["gigabytes_per_second", "cpu_s_per_gigabyte"])

    def test_wait(self):
        self.check("wait", "--silent", 30, "--ticking", 5, "--seconds", 2,
                   figures=["ticks", "cpu_us_per_tick", "direct_p50_ms", "proxied_p50_ms"])

    def test_forward(self):
        found = self.check("forward", "--total", 200, "--in-flight", 5,
                           figures=["rate", "cpu_us_per_request"])
        self.assertEqual(0, found["new_connections"])

    def test_sse(self):
        self.check("sse", "--tunnels", 5, "--seconds", 2,
                   figures=["events", "cpu_us_per_event", "direct_p50_ms", "proxied_p50_ms"])

    def test_direct(self):
        for workload, *arguments in (["connect", "--total", 100], ["forward", "--total", 100],
                                     ["stream", "--megabytes", 1]):
            code, found = run(workload, "--route", "direct", *arguments)
            self.assertEqual((0, True), (code, found["valid"]), found)


class FaultTest(unittest.TestCase):
    """A measurement of errors must not pass for a fast run."""

    def check(self, reason, workload, *arguments):
        code, found = run(workload, *arguments)
        self.assertEqual((1, False), (code, found["valid"]), found)
        self.assertIn(reason, found["reasons"])

    def test_a_refused_tunnel(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "false"}) as proxy:
            self.check("CONNECT: HTTP/1.1 403", "connect", "--proxy-port", proxy.port,
                       "--total", 10)

    def test_a_refused_request(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "false"}) as proxy:
            self.check("not a 200", "forward", "--proxy-port", proxy.port, "--total", 10)

    def test_a_proxy_that_is_not_there(self):
        self.check("connect", "connect", "--proxy-port", free_port(), "--total", 10)

    def test_a_wrong_octet(self):
        origin = free_port()
        for reason, offset, workload, *arguments in (
                ["a wrong octet was echoed", 20, "connect", "--total", 10],
                ["a wrong octet came down", 1_500_000, "stream", "--megabytes", 2],
                ["the origin did not say ok", 1, "stream", "--direction", "up", "--megabytes", 1],
                ["a wrong tick came", 1_000, "wait", "--silent", 0, "--ticking", 2,
                 "--seconds", 1],
                ["a wrong octet in a response", 500, "forward", "--total", 10],
                ["a wrong octet in a response", 900, "sse", "--seconds", 1]):
            with self.subTest(workload=workload), ForgingRelay(origin, offset) as relay:
                self.check(reason, workload, "--route", "raw", "--proxy-port", relay.port,
                           "--origin-port", origin, "--patience", 20, *arguments)


if __name__ == "__main__":
    unittest.main()
