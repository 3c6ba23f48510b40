# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A machine that runs out of descriptors, memory, disk, or a reader of the log. Every client gets a
response or a proper 503, nothing crashes, and afterwards everything is as before."""

import contextlib
import contextlib
import os
import subprocess
import tempfile
import threading
import time
import unittest

from drill import drill
from helpers_attack import PATIENCE, Vitals, allow_many_descriptors, answered, close_all, connect_many
from sami_support import Origin, Proxy, RawClient, RowCase, closed_port, row, wait_until

MEGABYTE = 1 << 20


class DescriptorsTest(RowCase):
    def setUp(self):
        allow_many_descriptors()
        self.origin = self.enter(Origin())

    @drill("200 descriptors for the daemon (prlimit), 400 clients at once",
           seen="45 connections were held and 4 heard, the others got 503; then a good client was served")
    @row("B§1: few descriptors mean few connections and 503 for the others, not a deaf proxy")
    def test_few_descriptors(self):
        proxy = self.enter(Proxy(prefix=["prlimit", "--nofile=200"]))
        vitals = Vitals(proxy)
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)
        before = vitals.descriptors()
        sockets = connect_many(proxy.port, 400)
        counts = answered(sockets, 4)
        print(f"  {counts}")
        self.assertLessEqual(set(counts), {503})
        self.assertGreaterEqual(counts[503], 400 - 45 - 4 - 20)
        close_all(sockets)
        wait_until(lambda: vitals.descriptors() <= before + 2, timeout=PATIENCE,
                   what="the descriptors of before")
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)

    @drill("64 descriptors for the daemon, 40 clients at once",
           seen="2 were served and 4 heard, the others got 503; /health was answered throughout")
    @row("B§1: a daemon with hardly any descriptors serves few and hears a health check")
    def test_hardly_any_descriptors(self):
        proxy = self.enter(Proxy({"PROXY_THREADS": 2}, prefix=["prlimit", "--nofile=64"]))
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)
        sockets = connect_many(proxy.port, 40, source="127.0.0.2")
        for _ in range(10):
            self.assertEqual(200, proxy.get("/health").status)
        print(f"  {answered(sockets, 1)}", flush=True)
        close_all(sockets)
        wait_until(lambda: proxy.get(self.origin.url("/")).status == 200, what="a free place")

    @drill("512 descriptors, 180 clients that keep an NTLM connection each and ask elsewhere",
           seen="147 were served, with 343 descriptors; /health was answered (before, all were gone)")
    @row("B§6: connections that NTLM bound to their clients leave descriptors for everybody else")
    def test_pinned_connections(self):
        def challenge(connection):
            connection.read_request()
            connection.send("HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n")
            connection.recv_all()

        def silent(connection):
            connection.read_request()
            connection.recv_all()

        pinning = self.enter(Origin(challenge))
        waiting = self.enter(Origin(silent))
        proxy = self.enter(Proxy(prefix=["prlimit", "--nofile=512"]))
        clients = [proxy.client(source="127.0.0.2") for _ in range(180)]
        for client in clients:
            with contextlib.suppress(OSError, AssertionError):
                client.request("GET", pinning.url("/"))
                if client.read_response().status == 401:
                    client.request("GET", waiting.url("/"))
        time.sleep(0.5)
        descriptors = Vitals(proxy).descriptors()
        print(f"  {descriptors} descriptors for {len(waiting.connections)} clients", flush=True)
        # Two for each client, and a third for some.
        self.assertLess(descriptors, 384)
        with proxy.client(timeout=1) as other:
            other.request("GET", "/health", "Host: a")
            self.assertEqual(200, other.read_response().status)

    @drill("200 descriptors, an insider who leaves idle connections at 300 different hosts",
           seen="300 answers: idle connections keep to an eighth of the descriptors")
    @row("B§6: idle upstream connections never take the descriptors of those who work")
    def test_idle_connections(self):
        everywhere = self.enter(Origin(host="0.0.0.0"))
        proxy = self.enter(Proxy(prefix=["prlimit", "--nofile=200"]))
        with proxy.client() as client:
            for number in range(1, 301):
                host = f"127.2.{number // 250}.{number % 250 + 1}"
                client.request("GET", f"http://{host}:{everywhere.port}/")
                self.assertEqual(200, client.read_response().status, f"the {number}th")

    # UBSan needs a descriptor to check an object's type.
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("the limit on descriptors falls under a running daemon: none left for accept()",
           seen="one error line, no processor time, clients waited in the backlog; then served")
    @row("B§8: out of descriptors: said once, and accepting goes on when there are some again")
    def test_none_left(self):
        proxy = self.enter(Proxy())
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)
        vitals = Vitals(proxy)
        held = connect_many(proxy.port, 20)
        subprocess.run(["prlimit", f"--pid={proxy.pid}",
                        f"--nofile={vitals.settled_descriptors()}"], check=True)
        waiting = connect_many(proxy.port, 20, prelude=b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        error = proxy.wait_for_log(lambda line: "cannot accept" in line.get("message", ""))
        self.assertEqual("error", error["level"])
        before = vitals.processor_seconds()
        # A descriptor that was briefly in use when they were counted may let a client in.
        early = []
        answered(waiting, 2, heard=early)
        self.assertLessEqual(len(early), 2)
        self.assertLess(vitals.processor_seconds() - before, 0.5, "it asks again without rest")
        close_all(held)
        others = [sock for sock in waiting if sock not in early]
        self.assertEqual({200: len(others)}, answered(others, PATIENCE))
        close_all(waiting)
        self.assertEqual(1, sum("cannot accept" in line.get("message", "")
                                for line in proxy.log_lines()))

    # UBSan needs a descriptor to check an object's type.
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("no descriptor left for the upstream connection",
           seen="503 for the request; the client's connection served the next one")
    @row("B§7: out of descriptors for a dial: 503, and the client may try again")
    def test_none_for_dialling(self):
        proxy = self.enter(Proxy())
        vitals = Vitals(proxy)
        with proxy.client() as client:
            client.request("GET", "/health", "Host: a")
            client.read_response()
            subprocess.run(["prlimit", f"--pid={proxy.pid}",
                            f"--nofile={vitals.settled_descriptors()}:"], check=True)
            client.request("GET", self.origin.url("/"))
            self.assertEqual(503, client.read_response().status)
            subprocess.run(["prlimit", f"--pid={proxy.pid}", "--nofile=1000:"], check=True)
            client.request("GET", self.origin.url("/"))
            self.assertEqual(200, client.read_response().status)


class MemoryTest(RowCase):
    def setUp(self):
        allow_many_descriptors()
        self.origin = self.enter(Origin())

    # Sanitizers reserve terabytes of address space.
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("an address space of 400 MB (ulimit -v), 6,000 clients with half a head of 60,000 octets",
           seen="3,025 got 503, the daemon lived in 293 MB; then a good client was served")
    @row("B§6: a daemon with little memory refuses instead of falling over")
    def test_little_memory(self):
        proxy = self.enter(Proxy({"PROXY_THREADS": "2"},
                                 prefix=["sh", "-c", "ulimit -v 400000; exec \"$0\" \"$@\""]))
        vitals = Vitals(proxy)
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)
        head = b"GET http://example.org/ HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"a" * 60_000
        sockets = connect_many(proxy.port, 6000, prelude=head)
        print(f"  {vitals.status('VmSize') >> 10} MB of address space, "
              f"{vitals.resident() >> 20} MB resident, {answered(sockets, 3)}")
        close_all(sockets)
        self.assertTrue(proxy.is_running())
        wait_until(lambda: self.served(proxy), timeout=PATIENCE, what="a good client")

    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("an address space of 400 MB, 1,500 clients that ask for 4 MB each and read nothing",
           seen="the daemon lived; a good client was served or got 503, and served afterwards")
    @row("B§6: a daemon with little memory survives clients that do not read")
    def test_slow_readers(self):
        body = bytes(4 * MEGABYTE)

        def big(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            connection.send(body)

        large = self.enter(Origin(big))
        proxy = self.enter(Proxy({"PROXY_THREADS": "2"},
                                 prefix=["sh", "-c", "ulimit -v 400000; exec \"$0\" \"$@\""]))
        ask = f"GET {large.url('/')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        sockets = connect_many(proxy.port, 1500, prelude=ask)
        self.addCleanup(close_all, sockets)
        time.sleep(1)
        self.assertTrue(proxy.is_running())
        close_all(sockets)
        wait_until(lambda: self.served(proxy), timeout=PATIENCE, what="a good client")

    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("an address space of 400 MB, 9,000 unfinished heads of 1 KB in 198 one-octet fields each",
           seen="some 900 were held, the others got 503; the daemon lived, then a good client was served")
    @row("B§6: what a head costs is charged, not the octets that were sent")
    def test_many_small_fields(self):
        fields = b"".join(b"%c:%d\r\n" % (97 + i % 26, i % 10) for i in range(198))
        head = b"GET http://example.org/ HTTP/1.1\r\n" + fields
        self.attack(connect_args={"prelude": head}, count=9000)

    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("an address space of 400 MB, 300 answers whose heads of 15,000 fields never end",
           seen="some 20 were held, the others got 503; the daemon lived, then a good client was served")
    @row("B§6: what an answer's head costs is charged, however many fields it has")
    def test_many_answer_fields(self):
        def serve(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\n" + b"a:\r\n" * 15_000)
            connection.recv_all()

        bombs = self.enter(Origin(serve))
        ask = f"GET {bombs.url('/')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        self.attack(connect_args={"prelude": ask}, count=300)

    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("an address space of 400 MB, 1,900 clients that pipeline GET / and read nothing",
           seen="38 MB resident; the daemon lived, a good client was served")
    @row("B§6: what is kept of those who pipeline and do not read is bounded for all together")
    def test_unread_pages(self):
        pages = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 12_000
        self.attack(connect_args={"prelude": pages, "receive_buffer": 4096}, count=1900)

    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("an address space of 400 MB, 1,500 clients that send far ahead, the origin is silent",
           seen="reading ahead stopped; the daemon lived, then a good client was served")
    @row("B§6: what is read ahead of a silent origin is bounded for all together")
    def test_read_ahead(self):
        silent = self.enter(Origin(lambda connection: connection.recv_all()))
        ahead = (f"GET {silent.url('/')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
                 + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 5000)
        self.attack(connect_args={"prelude": ahead, "receive_buffer": 4096}, count=1500)

    def attack(self, connect_args, count):
        proxy = self.enter(Proxy({"PROXY_THREADS": "2", "PROXY_HEADER_TIMEOUT_MS": "3000"},
                                 prefix=["sh", "-c", "ulimit -v 400000; exec \"$0\" \"$@\""]))
        vitals = Vitals(proxy)
        self.assertEqual(200, proxy.get(self.origin.url("/")).status)
        sockets = connect_many(proxy.port, count, **connect_args)
        self.addCleanup(close_all, sockets)
        print(f"  {vitals.status('VmSize') >> 10} MB of address space, "
              f"{vitals.resident() >> 20} MB resident")
        self.assertTrue(proxy.is_running())
        print(f"  {answered(sockets, 2)}")
        close_all(sockets)
        wait_until(lambda: self.served(proxy), timeout=PATIENCE, what="a good client")

    def served(self, proxy):
        self.assertTrue(proxy.is_running())
        status = proxy.get(self.origin.url("/")).status
        self.assertIn(status, (200, 503))
        return status == 200


class LogTest(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    def quiet_proxy(self, stdout):
        """A daemon that logs to `stdout`, with a port chosen beforehand."""
        port = closed_port()
        proxy = self.enter(Proxy({"PROXY_PORT": port}, stdout=stdout, expect_start=False))
        proxy.port = port

        wait_until(lambda: self.listens(port), what="the daemon")
        return proxy

    @staticmethod
    def listens(port):
        try:
            RawClient("127.0.0.1", port).close()
            return True
        except OSError:
            return False

    def serves(self, proxy, count=50):
        for _ in range(count):
            self.assertEqual(200, proxy.get(self.origin.url("/")).status)

    @drill("the log goes to /dev/full: every write fails",
           seen="every request was served; SIGTERM ended it with 0")
    @row("B§8: a full disk under the log stops nothing")
    def test_dev_full(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            proxy = self.quiet_proxy(full)
            self.serves(proxy)
            self.assertEqual(0, proxy.stop())

    @unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
    @drill("the log's disk fills up (a tmpfs of 16 KB) and is emptied again",
           seen="every request was served; later lines were whole, and the lost ones were counted")
    @row("B§8: behind a full disk the log goes on with whole lines and says how many are missing")
    def test_full_disk(self):
        folder = tempfile.mkdtemp(prefix="sami-disk-")
        self.addCleanup(os.rmdir, folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", folder],
                                 capture_output=True, check=False)
        if mounted.returncode:
            self.skipTest("a tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        path = os.path.join(folder, "log")
        with open(path, "ab") as log:
            proxy = self.quiet_proxy(log)
            self.serves(proxy, 120)
            wait_until(lambda: os.path.getsize(path) == 16384, what="the full disk")
            os.truncate(path, 0)
            self.serves(proxy, 3)
            self.assertEqual(0, proxy.stop())
        with open(path, encoding="utf-8") as log:
            lines = log.read().strip("\n").split("\n")
        # The file was truncated in the middle of a line at most once: at its beginning.
        whole = [line for line in lines if line.startswith("{") and line.endswith("}")]
        self.assertEqual(lines, whole)
        self.assertTrue(any("log lines dropped" in line for line in lines), lines)

    @drill("the reader of the log pipe is stuck, 20,000 requests meanwhile",
           seen="every request was served; +7 MB at most; SIGTERM ended it with 0")
    @row("B§8: a log pipe that nobody reads costs a bounded queue and no request")
    def test_stuck_pipe(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        with os.fdopen(writer, "wb") as log:
            proxy = self.quiet_proxy(log)
            self.serves(proxy, 50)
            vitals = Vitals(proxy)
            before = vitals.resident()
            with proxy.client() as client:
                page = b"GET /missing/" + b"x" * 400 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
                for _ in range(200):
                    client.send(page * 100)
                    for _ in range(100):
                        self.assertEqual(404, client.read_response().status)
            grown = vitals.resident() - before
            print(f"  memory {grown / MEGABYTE:+.1f} MB")
            self.assertLess(grown, 12 * MEGABYTE)
            self.assertEqual(0, proxy.stop())

    @drill("requests with targets of 16,000 octets that are escaped four times as long",
           seen="a line of log each, 512 octets of target at most")
    @row("B§8: a long target is cut in the log")
    def test_long_targets(self):
        with Proxy() as proxy:
            target = "/" + "\xff" * 16_000
            with proxy.client() as client:
                client.send(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(404, client.read_response().status)
            proxy.wait_for_access()
            self.assertLess(max(map(len, proxy.log_text().split("\n"))), 3000)

    @drill("the log's file may not grow beyond 20 KB (ulimit -f), connections by the hundred",
           seen="the daemon lived; SIGTERM ended it with 0")
    @row("B§8: a limit on the size of files stops nothing")
    def test_file_size(self):
        with tempfile.TemporaryFile() as log:
            port = closed_port()
            proxy = self.enter(Proxy({"PROXY_PORT": port}, stdout=log, expect_start=False,
                                     prefix=["prlimit", "--fsize=20000"]))
            proxy.port = port
            wait_until(lambda: self.listens(port), what="the daemon")
            for _ in range(300):
                with contextlib.suppress(OSError), proxy.client() as client:
                    client.send(b"X\r\n\r\n")
                    client.recv_all()
            self.serves(proxy)
            self.assertEqual(0, proxy.stop())

    @drill("a connection that pipelines own pages, another that pipelines requests without credentials",
           seen="no more than was sent and three lines; the number of those left out was said")
    @row("B§8: a stranger's answers take no more of the log than the stranger sent")
    def test_cheap_lines(self):
        with Proxy({"PROXY_AUTH_USERNAME": "me", "PROXY_AUTH_PASSWORD": "pass"}) as proxy:
            for request, status in ((b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
                                    (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 407)):
                count = 2000
                before = len(proxy.log_text())
                client = proxy.client()
                sender = threading.Thread(target=client.send, args=(request * count,), daemon=True)
                sender.start()
                for _ in range(count):
                    self.assertEqual(status, client.read_response().status)
                sender.join()
                client.close()
                left = proxy.wait_for_log(
                    lambda line: "left out" in line.get("message", "")
                    and line["id"] == max(each.get("id", 0) for each in proxy.log_lines()))
                written = [line for line in proxy.access_lines()
                           if line["id"] == left["id"] and "method" in line]
                self.assertEqual(count, left["lines"] + len(written))
                self.assertLess(len(proxy.log_text()) - before, count * len(request) + 2048)

    @drill("the reader of the log pipe dies",
           seen="every request was served; no SIGPIPE ended the daemon")
    @row("B§8: a log pipe without a reader stops nothing")
    def test_closed_pipe(self):
        reader, writer = os.pipe()
        with os.fdopen(writer, "wb") as log:
            proxy = self.quiet_proxy(log)
            self.serves(proxy, 5)
            os.close(reader)
            self.serves(proxy)
            self.assertEqual(0, proxy.stop())


if __name__ == "__main__":
    unittest.main()
