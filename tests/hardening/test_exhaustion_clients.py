# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Greedy clients: slow ones, many of them, endless ones. A good client is served meanwhile, and
afterwards everything is as before."""

import contextlib
import select
import shutil
import socket
import subprocess
import threading
import time
import unittest

from drill import drill
from helpers_attack import (PATIENCE, GoodClient, Vitals, allow_many_descriptors, answered, close_all,
                            connect_many)
from sami_support import Origin, Proxy, RowCase, closed_port, row, wait_until

MEGABYTE = 1 << 20


class AttackCase(RowCase):
    def setUp(self):
        allow_many_descriptors()
        self.origin = self.enter(Origin())

    def proxy(self, **settings):
        proxy = self.enter(Proxy(settings))
        self.vitals = Vitals(proxy)
        # One request of each kind first: what is allocated once is no leak.
        proxy.get(self.origin.url("/"))
        self.descriptors = self.vitals.descriptors()
        self.memory = self.vitals.resident()
        return proxy

    def good(self, proxy, **options):
        return self.enter(GoodClient(proxy, self.origin.url("/"), **options))

    def back_to_normal(self, proxy, spare_memory=24 * MEGABYTE):
        """Descriptors as before, memory nearly so, requests served. (An allocator keeps some
        memory, and returns it only when the daemon checks, every 10 s.)"""
        # Pooled connections to the origin may stay.
        wait_until(lambda: self.vitals.descriptors() <= self.descriptors + 16,
                   timeout=PATIENCE, what="the descriptors of before")
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)
        grown = self.vitals.resident() - self.memory
        wait_until(lambda: self.vitals.resident() - self.memory < spare_memory,
                   timeout=PATIENCE, what="the memory of before")
        print(f"  memory: {grown / MEGABYTE:+.1f} MB, "
              f"then {(self.vitals.resident() - self.memory) / MEGABYTE:+.1f} MB", flush=True)


class SlowClientsTest(AttackCase):
    @drill("slowloris: 1,000 clients that send one octet of a head now and then",
           seen="each cut with 408 when PROXY_HEADER_TIMEOUT_MS was over; a good client was served")
    @row("B§6: heads sent drop by drop hold nobody up and end with 408")
    def test_slowloris(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS=3000)
        good = self.good(proxy)
        slow = connect_many(proxy.port, 1000, prelude=b"GET http://example.org/ HTTP/1.1\r\nX: ")
        for _ in range(4):
            for sock in slow:
                try:
                    sock.send(b"a")
                except OSError:
                    pass
            good.wait_for_more()
        counts = answered(slow, PATIENCE)
        self.assertEqual({408: 1000}, counts)
        good.wait_for_more()
        close_all(slow)
        self.back_to_normal(proxy)

    @drill("slowloris with empty lines: a CRLF every second, which are to be skipped",
           seen="cut when PROXY_HEADER_TIMEOUT_MS was over, however many lines")
    @row("M§2.2: empty lines before a request buy no time")
    def test_empty_lines(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS=2000)
        client = proxy.client()
        began = time.monotonic()
        with self.assertRaises((OSError, AssertionError)):
            for _ in range(8):
                client.send(b"\r\n")
                client.expects_silence(0.8)
        self.assertLess(time.monotonic() - began, 6)

    @drill("slow read: 500 clients that ask for 2 MB each and read nothing",
           seen="5 MB of the daemon's memory (the kernel's buffers hold the rest); a good client was served")
    @row("B§6: clients that do not read cost a bounded buffer each and hold nobody up")
    def test_slow_read(self):
        body = bytes(2 * MEGABYTE)

        def big(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            connection.send(body)

        large = self.enter(Origin(big))
        proxy = self.proxy()
        good = self.good(proxy)
        ask = f"GET {large.url('/')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        readers = []
        for _ in range(500):
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", proxy.port))
            sock.sendall(ask)
            readers.append(sock)
        self.addCleanup(close_all, readers)
        wait_until(lambda: len(large.connections) == 500, timeout=PATIENCE, what="500 requests")
        good.wait_for_more(10)
        grown = self.vitals.resident() - self.memory
        print(f"  500 slow readers: {grown / MEGABYTE:.0f} MB")
        self.assertLess(grown, 100 * MEGABYTE)
        close_all(readers)
        self.back_to_normal(proxy)

    @drill("Debian's slowhttptest: slow headers, slow bodies and slow reading",
           seen="a good client was served during all three")
    @row("B§6: slowhttptest finds no way to hold up others")
    def test_slowhttptest(self):
        if not shutil.which("slowhttptest"):
            self.skipTest("slowhttptest is not installed")
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS=3000)
        good = self.good(proxy)
        base = ["slowhttptest", "-c", "300", "-r", "300", "-i", "1", "-l", "5", "-p", "2",
                "-u", f"http://127.0.0.1:{proxy.port}/health"]
        attacks = [subprocess.Popen([*base, *how], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
                   for how in (["-H"], ["-B"], ["-X", "-w", "1", "-y", "2"])]
        for attack in attacks:
            self.addCleanup(attack.wait)
            self.addCleanup(attack.kill)
        while any(attack.poll() is None for attack in attacks):
            good.wait_for_more()
        self.back_to_normal(proxy)


class HeadsTest(AttackCase):
    @drill("10,000 heads that are never finished (8,000 octets each)",
           seen="109 MB at most, +10 MB soon after they had gone; a good client waited 2.7 s at most")
    @row("B§6: ten thousand half-sent heads are held, bounded and forgotten")
    def test_half_open_heads(self):
        count = min(10_000, allow_many_descriptors() - 500)
        proxy = self.proxy()
        good = self.good(proxy)
        head = b"GET http://example.org/ HTTP/1.1\r\nX: " + b"a" * 8000
        sockets = connect_many(proxy.port, count, source=lambda i: f"127.0.1.{i % 200 + 1}",
                               prelude=head)
        good.wait_for_more(5)
        grown = self.vitals.resident() - self.memory
        print(f"  {count} heads: {grown / MEGABYTE:.0f} MB, slowest {good.slowest:.2f} s")
        self.assertLess(grown, 256 * MEGABYTE)
        close_all(sockets)
        self.back_to_normal(proxy)

    @drill("head bombs: 3,000 clients that send 60,000 octets of a head each and stop",
           seen="92 MB at most (420 MB before there was a budget); the bombs over it got 503")
    @row("B§6: all unfinished heads together stay under one budget")
    def test_head_bombs(self):
        proxy = self.proxy()
        good = self.good(proxy)
        head = (b"GET http://example.org/ HTTP/1.1\r\nHost: a\r\n"
                + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 590) for i in range(100)))
        sockets = connect_many(proxy.port, 3000, prelude=head)
        good.wait_for_more(5)
        grown = self.vitals.resident() - self.memory
        print(f"  3000 bombs: {grown / MEGABYTE:.0f} MB")
        self.assertLess(grown, 160 * MEGABYTE)
        close_all(sockets)
        self.back_to_normal(proxy)


class FloodTest(AttackCase):
    @drill("a client that pipelines without end and reads the answers",
           seen="+1 MB: no more is read than is answered")
    @row("B§6: a flood of pipelined requests is answered in turn and never piled up")
    def test_pipelining(self):
        proxy = self.proxy()
        client = proxy.client()
        good = self.good(proxy)
        flood = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2000
        over = threading.Event()

        def read():
            while not over.is_set() and client.socket.recv(MEGABYTE):
                pass

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        until = time.monotonic() + 3
        sent = 0
        while time.monotonic() < until:
            sent += client.socket.send(flood)
        good.wait_for_more()
        grown = self.vitals.resident() - self.memory
        print(f"  {sent / MEGABYTE:.1f} MB of requests sent, memory {grown / MEGABYTE:+.1f} MB")
        self.assertLess(grown, 6 * MEGABYTE)
        over.set()
        client.socket.shutdown(socket.SHUT_RDWR)
        reader.join()
        self.back_to_normal(proxy)

    @drill("a client that pipelines own pages until nothing more is taken, and reads nothing",
           seen="gone after PROXY_HEADER_TIMEOUT_MS; it was kept for PROXY_TIMEOUT_MS before")
    @row("B§6: own pages that nobody reads are owed for seconds, not for PROXY_TIMEOUT_MS")
    def test_unread_pages(self):
        proxy = self.proxy(PROXY_HEADER_TIMEOUT_MS=2000)
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.addCleanup(sock.close)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", proxy.port))
        sock.settimeout(1)
        pages = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 10_000
        with self.assertRaises(TimeoutError):
            while True:
                sock.sendall(pages)
        # poll() rather than reading: a reader would get responses, and time.
        poll = select.poll()
        poll.register(sock, select.POLLHUP | select.POLLERR)
        self.assertTrue(poll.poll(1000 * PATIENCE), "still there")

    @drill("1,000 pipelined requests and a FIN behind them",
           seen="1,000 answers, then FIN")
    @row("M§9.3.2: what was pipelined before a FIN is answered to the last request")
    def test_pipelined_fin(self):
        proxy = self.proxy()
        with proxy.client() as client:
            client.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n" * 1000)
            client.half_close()
            for _ in range(1000):
                self.assertEqual(200, client.read_response().status)
            client.expects_eof()

    @drill("2,000 connections where MAX_CONCURRENT_CONNECTIONS is 50",
           seen="54 were held, 1,946 got 503; then a good client was served")
    @row("B§2: a flood over the limit gets 503 and leaves nothing behind")
    def test_over_the_limit(self):
        proxy = self.proxy(MAX_CONCURRENT_CONNECTIONS=50)
        sockets = connect_many(proxy.port, 2000)
        counts = answered(sockets, 5)
        print(f"  {counts}")
        # 50 within the limit and 4 for status pages wait for a request.
        self.assertGreaterEqual(counts.get(503, 0), 2000 - 50 - 4 - 20)
        self.assertLessEqual(set(counts), {503, None})
        close_all(sockets)
        self.back_to_normal(proxy)

    @drill("one address that takes all it can get, MAX_CONNECTIONS_PER_IP=20",
           seen="the 21st and later got 503; a client of another address was served throughout")
    @row("B§2: a limit per address keeps one address from taking everybody's place")
    def test_one_greedy_address(self):
        proxy = self.proxy(MAX_CONNECTIONS_PER_IP=20, MAX_CONCURRENT_CONNECTIONS=400)
        good = self.good(proxy)
        request = b"GET http://127.0.0.1:%d/ HTTP/1.1\r\nHost: a\r\n" % closed_port()
        greedy = connect_many(proxy.port, 300, source="127.0.0.9", prelude=request)
        for sock in greedy:
            with contextlib.suppress(OSError):  # already turned away
                sock.send(b"\r\n")
        counts = answered(greedy, 5)
        self.assertEqual({502: 20, 503: 280}, counts)
        good.wait_for_more(10)
        self.assertEqual({200}, set(good.statuses))
        close_all(greedy)
        self.back_to_normal(proxy)

    @drill("one address over its limit of 20 that connects in a tight loop, all places being 60",
           seen="each got 503 at once, some 10,000 a second; another client was served throughout (before, "
                "it got 503 too)")
    @row("B§2: whoever is over its limit takes nobody else's place, however fast it connects")
    def test_one_address_in_a_loop(self):
        proxy = self.proxy(MAX_CONNECTIONS_PER_IP=20, MAX_CONCURRENT_CONNECTIONS=60)
        held = connect_many(proxy.port, 20, source="127.0.0.9")
        over = threading.Event()
        greedy = []

        def connect():
            while not over.is_set():
                greedy.extend(connect_many(proxy.port, 1, source="127.0.0.9"))
                if len(greedy) > 1000:
                    greedy.pop(0).close()

        loops = [threading.Thread(target=connect, daemon=True) for _ in range(2)]
        for loop in loops:
            loop.start()
        good = self.good(proxy)
        try:
            good.wait_for_more(60)
        finally:
            over.set()
            for loop in loops:
                loop.join()
        lines = len(proxy.access_lines())
        print(f"  {len(good.statuses)} answers, slowest {good.slowest:.2f} s, {lines} ended")
        self.assertEqual({200}, set(good.statuses))
        close_all(greedy)
        close_all(held)
        self.back_to_normal(proxy)

    @drill("5,000 clients that connect and reset at once",
           seen="nothing stayed; a good client was served throughout")
    @row("B§6: a storm of connections that are reset at once leaves nothing behind")
    def test_reset_storm(self):
        proxy = self.proxy()
        good = self.good(proxy)
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        for _ in range(5000):
            sock = socket.create_connection(("127.0.0.1", proxy.port))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            sock.close()
        good.wait_for_more()
        self.assertEqual({200}, set(good.statuses))
        self.back_to_normal(proxy)


if __name__ == "__main__":
    unittest.main()
