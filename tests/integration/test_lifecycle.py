# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Starting, draining, stopping, and signals at any moment."""

import collections
import itertools
import json
import os
import pathlib
import re
import signal
import socket
import threading
import time
import unittest

from helpers_tunnel import BlackHole, HeldOrigin
from sami_support import (Origin, Proxy, RawClient, RowCase, WAIT, answer, closed_port, row,
                          wait_until)


needs_proc = unittest.skipUnless(os.path.isdir("/proc/self/task"),
                                 "only Linux tells the signal masks of threads")


def says(text):
    return lambda line: text in line.get("message", "")


class Stopping(RowCase):
    def setUp(self):
        self.origin = self.enter(HeldOrigin())

    def tunnel(self, proxy):
        client = proxy.client()
        client.connect_tunnel("127.0.0.1", self.origin.port)
        return client, self.origin.take()

    def drain(self, proxy, number=signal.SIGTERM):
        proxy.signal(number)
        proxy.wait_for_log(says("stopping"))

    def test_idle(self):
        for sentence, number in (
            ("B§6: SIGTERM ends an idle proxy at once with 0", signal.SIGTERM),
            ("B§6: SIGINT ends an idle proxy at once with 0", signal.SIGINT),
        ):
            with self.row(sentence), Proxy() as proxy:
                began = time.monotonic()
                proxy.signal(number)
                self.assertEqual(proxy.wait_exit(), 0)
                self.assertLess(time.monotonic() - began, 3)
                self.assertIn("stopped", proxy.log_text())

    @row("B§6: SIGTERM closes idle keep-alive connections, with nothing said")
    def test_keep_alive(self):
        with Proxy() as proxy:
            client = proxy.client()
            client.request("GET", "/health")
            self.assertEqual(client.read_response().status, 200)
            began = time.monotonic()
            proxy.signal()
            client.expects_eof()
            self.assertEqual(proxy.wait_exit(), 0)
            self.assertLess(time.monotonic() - began, 3)

    @row("B§6: while a tunnel drains, new requests get 503, Retry-After and a close")
    def test_draining(self):
        with Proxy() as proxy:
            client, origin = self.tunnel(proxy)
            self.drain(proxy)
            for method, target in (("GET", self.origin.url()), ("CONNECT", self.origin.authority)):
                with proxy.client() as late:
                    late.request(method, target)
                    response = late.read_response()
                    self.assertEqual((response.status, response.value("Connection")),
                                     (503, "close"))
                    self.assertGreater(int(response.value("Retry-After")), 0)
                    late.expects_eof()
            health = proxy.get("/health")
            self.assertEqual(health.status, 503)
            self.assertEqual(json.loads(health.body)["status"], "draining")
            # The tunnel goes on, and its end is the end of the proxy.
            client.send(b"ping")
            self.assertEqual(origin.recv_exactly(4), b"ping")
            origin.send(b"pong")
            self.assertEqual(client.recv_exactly(4), b"pong")
            client.close()
            origin.close()
            self.assertEqual(proxy.wait_exit(), 0)
            self.assertEqual(len(self.origin.connections), 1)

    @row("B§6: a response that is on its way when SIGTERM comes is finished whole")
    def test_exchange(self):
        go_on = threading.Event()

        def halves(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
            go_on.wait(WAIT)
            connection.send("again")

        with Origin(halves) as origin, Proxy() as proxy:
            client = proxy.client()
            client.request("GET", origin.url())
            head = client.read_head()
            self.assertEqual(client.recv_exactly(5), b"first")
            self.drain(proxy)
            go_on.set()
            self.assertEqual((head.status, client.recv_all()), (200, (b"again", "fin")))
            self.assertEqual(proxy.wait_exit(), 0)

    @row("B§6: what is left when the grace time is over is cut, and the log says drained")
    def test_grace(self):
        with Proxy({"PROXY_SHUTDOWN_GRACE_MS": "300"}) as proxy:
            client, origin = self.tunnel(proxy)
            began = time.monotonic()
            proxy.signal()
            self.assertEqual(client.expects_end(), b"")
            self.assertGreater(time.monotonic() - began, 0.25)
            origin.expects_end()
            self.assertEqual(proxy.wait_exit(), 0)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["by"], line["how"]), ("proxy", "drained"))

    @row("B§6: a grace time of 0 cuts at once")
    def test_no_grace(self):
        with Proxy({"PROXY_SHUTDOWN_GRACE_MS": "0"}) as proxy:
            client, _ = self.tunnel(proxy)
            proxy.signal()
            client.expects_end()
            self.assertEqual(proxy.wait_exit(), 0)

    @row("B§6: a second signal cuts what is left at once")
    def test_second_signal(self):
        with Proxy({"PROXY_SHUTDOWN_GRACE_MS": "60000"}) as proxy:
            client, origin = self.tunnel(proxy)
            self.drain(proxy)
            client.send(b"ping")
            self.assertEqual(origin.recv_exactly(4), b"ping")
            proxy.signal()
            self.assertEqual(client.expects_end(), b"")
            self.assertEqual(proxy.wait_exit(), 0)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["by"], line["how"]), ("proxy", "drained"))

    @row("B§6: connections that have not asked anything yet do not hold up the exit")
    def test_silent_clients(self):
        with Proxy({"LOG_LEVEL": "debug"}) as proxy:
            silent, slow = proxy.client(), proxy.client()
            slow.send("GET http://example.com/ HT")
            wait_until(lambda: sum(says("accepted")(line) for line in proxy.log_lines()) == 2)
            began = time.monotonic()
            proxy.signal()
            self.assertEqual(proxy.wait_exit(), 0)
            self.assertLess(time.monotonic() - began, 3)
            silent.expects_end()
            slow.expects_end()

    @row("B§6: a dial that gets no answer holds up the exit no longer than the grace time")
    def test_dialling(self):
        with BlackHole() as hole, Proxy({"PROXY_SHUTDOWN_GRACE_MS": "300",
                                         "LOG_LEVEL": "debug"}) as proxy:
            client = proxy.client()
            client.request("CONNECT", f"127.0.0.1:{hole.port}")
            proxy.wait_for_log(lambda line: line.get("to") == "dial")
            began = time.monotonic()
            proxy.signal()
            self.assertEqual(proxy.wait_exit(), 0)
            self.assertLess(time.monotonic() - began, 4)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["by"], line["how"]), ("proxy", "drained"))

    @row("B§6: the log tells while draining what is left and how old it is")
    def test_progress(self):
        with Proxy() as proxy:
            self.tunnel(proxy)
            self.tunnel(proxy)
            proxy.signal()
            line = proxy.wait_for_log(lambda line: line.get("message") == "draining")
            self.assertEqual((line["tunnels"], line["requests"]), (2, 0))
            self.assertGreaterEqual(line["oldest"], 1000)


class EndingStreams(RowCase):
    @row("B§6: SIGTERM: a connection whose stream ends meanwhile closes, though others go on")
    def test_stream_ends(self):
        go = threading.Event()

        def serve(connection):
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            go.wait(4 * WAIT)
            connection.send("cd")

        origin, held = self.enter(Origin(serve)), self.enter(HeldOrigin())
        proxy = self.enter(Proxy())
        tunnel, client = proxy.client(), proxy.client()
        tunnel.connect_tunnel("127.0.0.1", held.port)
        client.request("GET", origin.url())
        head = client.read_head()
        self.assertEqual(client.recv_exactly(2), b"ab", head)
        proxy.signal()
        proxy.wait_for_log(says("stopping"))
        go.set()
        self.assertEqual(client.recv_exactly(2), b"cd")
        client.expects_eof()
        self.assertTrue(proxy.is_running())
        proxy.signal()


class UntakenAnswers(RowCase):
    """Answers that are complete while the client has not taken their last octets."""

    def setUp(self):
        def serve(connection):
            size = int(connection.read_request().target.rsplit("/", 1)[1])
            connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()
                            + bytes(size))
            connection.recv_all()

        self.origin = self.enter(Origin(serve))

    def ask(self, proxy, size, *fields):
        client = proxy.client(receive_buffer=65_536)
        client.request("GET", self.origin.url(f"/{size}"), *fields)
        return client

    def complete(self, proxy):
        """The sizes of the answers that are complete, once no more become so."""
        proxy.wait_for_access()
        sizes = None
        while sizes != (sizes := {int(line["target"].rsplit("/", 1)[1])
                                  for line in proxy.access_lines() if line["how"] == "complete"}):
            time.sleep(1)
        return sizes

    def in_the_kernel(self, proxy):
        """How many octets the kernel holds for each client, by the client's port."""
        held = collections.Counter()
        for line in pathlib.Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
            _, local, remote, _, queues = line.split()[:5]
            local, remote = (int(end.split(":")[1], 16) for end in (local, remote))
            sent, received = (int(octets, 16) for octets in queues.split(":"))
            if local == proxy.port:
                held[remote] += sent
            elif remote == proxy.port:
                held[local] += received
        return held

    def untaken(self, proxy, *fields):
        """Clients that have taken nothing, by the sizes of their answers. All answers are
        complete, and the last octets of each are still in the proxy."""
        with self.ask(proxy, 1_000_001, *fields) as client:
            head = len(client.read_response().raw)
        low, step = 1_000_000, 350_000  # up to 9 MB: more than the kernel holds
        for number in range(16):
            clients = {size: self.ask(proxy, size, *fields)
                       for size in range(low + number, low + 24 * step, step)}
            complete = self.complete(proxy) & clients.keys()
            held = self.in_the_kernel(proxy)
            found = {size: client for size, client in clients.items()
                     if size in complete and held[client.local_port] < head + size}
            for size in clients.keys() - found.keys():
                clients[size].close()
            if found:
                return found
            # What the kernel holds differs a little from one connection to the next.
            step = max(step // 8, 25_000)
            low = max(max(complete, default=low) - 8 * step, 1_000_000)
        self.skipTest("the kernel takes every answer whole")

    @needs_proc
    @row("B§6: SIGTERM: an answer whose last octets wait for a slow client is delivered whole")
    def test_whole(self):
        with Proxy() as proxy:
            clients = self.untaken(proxy)
            proxy.signal()
            proxy.wait_for_log(says("stopping"))
            time.sleep(1)
            for size, client in clients.items():
                response = client.read_response(allow_truncated=True)
                self.assertEqual((len(response.body), response.truncated), (size, None))
                client.expects_eof()
                client.close()
            self.assertEqual(proxy.wait_exit(), 0)

    @needs_proc
    @row("B§6: a client that pauses amid the answer that ends its connection gets all of it")
    def test_pause(self):
        with Proxy() as proxy:
            clients = self.untaken(proxy, "Connection: close")
            time.sleep(3)  # more than lingering alone would wait
            for size, client in clients.items():
                response = client.read_response(allow_truncated=True)
                self.assertEqual((len(response.body), response.truncated), (size, None))
                client.expects_eof()

    @needs_proc
    @row("B§6: a client that does not take its answer holds up the exit no longer than the grace time")
    def test_never(self):
        with Proxy({"PROXY_SHUTDOWN_GRACE_MS": "1500"}) as proxy:
            self.untaken(proxy)
            began = time.monotonic()
            proxy.signal()
            self.assertEqual(proxy.wait_exit(), 0)
            self.assertGreater(time.monotonic() - began, 1.4)
            self.assertLess(time.monotonic() - began, 6)

    @row("B§6: a request that was answered before its body came does not hold up the exit")
    def test_no_body(self):
        with Proxy() as proxy:
            client = proxy.client()
            client.request("POST", "/nothing-here", "Content-Length: 1000")
            self.assertEqual(client.read_response().status, 404)
            began = time.monotonic()
            proxy.signal()
            client.expects_eof()
            client.close()
            self.assertEqual(proxy.wait_exit(), 0)
            self.assertLess(time.monotonic() - began, 3)


class Orders(RowCase):
    """All sequences of signals: none may crash it, hang it, or end it unasked."""

    ENDING = (signal.SIGTERM, signal.SIGINT)

    def sequences(self, *lengths):
        for length in lengths:
            yield from itertools.product((signal.SIGHUP, *self.ENDING), repeat=length)

    def say(self, orders):
        return " ".join(order.name for order in orders)

    @row("B§6: one to three orders at once, in every sequence: a stop ends it with 0, a reload does not")
    def test_at_once(self):
        for orders in self.sequences(1, 2, 3):
            with self.subTest(self.say(orders)), Proxy() as proxy:
                for order in orders:
                    proxy.signal(order)
                if any(order in self.ENDING for order in orders):
                    self.assertEqual(proxy.wait_exit(), 0)
                else:
                    proxy.wait_for_log(says("reloaded"))
                    self.assertEqual(proxy.get("/health").status, 200)

    @row("B§6: orders that come one by one while a tunnel runs: the second stop cuts it, a reload is refused until then")
    def test_while_draining(self):
        # What follows the first stop; test_at_once has the sequences that begin with reloads.
        for orders in self.sequences(1, 2):
            orders = (signal.SIGTERM, *orders)
            with self.subTest(self.say(orders)), HeldOrigin() as held, \
                    Proxy({"PROXY_SHUTDOWN_GRACE_MS": "60000"}) as proxy:
                client = proxy.client()
                client.connect_tunnel("127.0.0.1", held.port)
                end = held.take()
                stops = 0
                refused = 0
                for order in orders:
                    proxy.signal(order)
                    if order == signal.SIGHUP and stops == 1:
                        refused += 1
                        wait_until(lambda count=refused: sum(
                            says("not reloaded: the proxy is stopping")(line)
                            for line in proxy.log_lines()) == count, what="the refusal")
                    elif order in self.ENDING:
                        stops += 1
                        proxy.wait_for_log(says("stopping" if stops == 1 else "again"))
                    if stops == 2:
                        break  # it ends; test_at_once has the rest
                self.assertNotIn('"message":"reloaded"', proxy.log_text())
                if stops == 1:
                    client.send(b"ping")
                    self.assertEqual(end.recv_exactly(4), b"ping")
                    client.close()
                    end.close()
                else:
                    client.expects_end()
                self.assertEqual(proxy.wait_exit(), 0)

    @needs_proc
    @row("B§6: orders that come during the start wait for its end")
    def test_while_starting(self):
        for orders in self.sequences(1, 2):
            with self.subTest(self.say(orders)), Proxy(expect_start=False) as proxy:
                wait_until(lambda: self.takes(proxy.pid, signal.SIGTERM), what="the handlers")
                for order in orders:
                    proxy.signal(order)
                if any(order in self.ENDING for order in orders):
                    self.assertEqual(proxy.wait_exit(), 0)
                    self.assertIn("started", proxy.log_text())
                else:
                    proxy.wait_for_log(says("reloaded"))

    @staticmethod
    def takes(pid, number):
        """Whether the process handles or blocks that signal, so that it does not die of it."""
        masks = {}
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                name, _, value = line.partition(":")
                if name in ("SigBlk", "SigCgt"):
                    masks[name] = int(value, 16)
        return bool((masks["SigBlk"] | masks["SigCgt"]) >> (number - 1) & 1)

    @row("B§6: a storm of SIGHUP leaves a proxy that serves and that SIGTERM ends with 0")
    def test_storm(self):
        with Origin() as origin, Proxy() as proxy:
            until = time.monotonic() + 3
            while time.monotonic() < until:
                for _ in range(1000):
                    os.kill(proxy.pid, signal.SIGHUP)
            self.assertEqual(proxy.get(origin.url()).status, 200)
            # Nothing is left to do: the log stops growing.
            lines = -1
            while lines != (lines := len(proxy.log_lines())):
                time.sleep(0.2)
            proxy.signal()
            self.assertEqual(proxy.wait_exit(), 0)

    @needs_proc
    @row("B§6: orders go to the main thread: no thread that carries octets is interrupted")
    def test_masks(self):
        orders = (signal.SIGHUP, *self.ENDING)
        with Proxy({"PROXY_THREADS": "2"}) as proxy:
            proxy.get("/health")
            threads = os.listdir(f"/proc/{proxy.pid}/task")
            self.assertGreater(len(threads), 3)
            for thread in threads:
                try:
                    status = pathlib.Path(f"/proc/{proxy.pid}/task/{thread}/status").read_text("ascii")
                except FileNotFoundError:
                    continue  # a lookup or the trust list, which has ended since
                blocked = int(re.search(r"^SigBlk:\s*(\w+)", status, re.MULTILINE)[1], 16)
                held = [order.name for order in orders if blocked >> (order - 1) & 1]
                self.assertEqual(held, [] if int(thread) == proxy.pid
                                 else [order.name for order in orders])


class Starting(RowCase):
    def fails(self, **settings):
        proxy = self.enter(Proxy(settings, expect_start=False))
        self.assertEqual(proxy.wait_exit(), 1)
        self.assertNotIn("started", proxy.log_text())
        return proxy.stderr()

    @row("B§1: a port in use ends the start with 1 and says what to do")
    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as busy:
            port = busy.getsockname()[1]
            errors = self.fails(PROXY_PORT=port)
            self.assertIn(f"127.0.0.1:{port} is in use", errors)
            self.assertIn("PROXY_PORT", errors)

    @row("B§1: an address that is not this machine's ends the start with 1 and says what to do")
    def test_foreign_address(self):
        errors = self.fails(PROXY_ADDRESS="203.0.113.7")
        self.assertIn("not an address of this machine", errors)
        self.assertIn("PROXY_ADDRESS", errors)

    @row("B§1: a port that was just in use by an earlier run can be taken again")
    def test_restart(self):
        with Origin() as origin:
            port = closed_port()
            for _ in range(2):
                with Proxy({"PROXY_PORT": port}) as proxy:
                    client = proxy.client()
                    client.request("GET", origin.url())
                    self.assertEqual(client.read_response().status, 200)
                    proxy.signal()  # the proxy closes first, so TIME_WAIT is on its side
                    client.expects_end()
                    self.assertEqual(proxy.wait_exit(), 0)

    @row("B§1: the address :: is reached over both families")
    def test_both_families(self):
        with Proxy({"PROXY_ADDRESS": "::"}) as proxy:
            for host in ("127.0.0.1", "::1"):
                with RawClient(host, proxy.port) as client:
                    client.request("GET", "/health")
                    self.assertEqual(client.read_response().status, 200)

    @row("B§6: http_proxy and its kin in the environment lead no upstream connection astray")
    def test_environment_proxies(self):
        nowhere = f"http://127.0.0.1:{closed_port()}"
        names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        for sockets in ("native", "qt"):
            settings = {"PROXY_SOCKETS": sockets, **dict.fromkeys(names, nowhere)}
            with Origin(answer(b"direct")) as origin, Proxy(settings) as proxy:
                self.assertEqual(proxy.get(origin.url()).body, b"direct")


class StuckLog(RowCase):
    def started(self, stdout, **settings):
        port = closed_port()
        proxy = self.enter(Proxy({"PROXY_PORT": port, "LOG_LEVEL": "debug", **settings},
                                 expect_start=False, stdout=stdout))
        proxy.port = port

        def accepts():
            try:
                return proxy.get("/health").status == 200
            except ConnectionRefusedError:
                return False

        wait_until(accepts, what="the start")
        return proxy

    def requests(self, proxy, count):
        with proxy.client() as client:
            for _ in range(count):
                client.send(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(client.read_response().status, 200)

    @row("B§8: a log that nobody reads stops neither the work nor the exit, and drops are counted")
    def test_not_read(self):
        reading, writing = os.pipe()
        proxy = self.started(writing)
        os.close(writing)
        self.requests(proxy, 8000)  # several lines each: far over the pipe and the queue
        self.assertEqual(proxy.get("/health").status, 200)
        # Somebody reads again: the gap is reported.
        found = b""
        while b"dropped" not in found:
            found = found[-200:] + os.read(reading, 65536)
        proxy.signal()
        drained = threading.Thread(target=self.drain, args=(reading,))
        drained.start()
        self.assertEqual(proxy.wait_exit(), 0)
        drained.join(WAIT)
        os.close(reading)

    def drain(self, reading):
        while os.read(reading, 65536):
            pass

    @row("B§8: a log pipe that is full does not hold up the exit")
    def test_exit(self):
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        proxy = self.started(writing)
        os.close(writing)
        self.requests(proxy, 3000)
        proxy.signal()
        self.assertEqual(proxy.wait_exit(), 0)

    @row("B§8: a log pipe whose reader is gone ends nothing")
    def test_reader_gone(self):
        reading, writing = os.pipe()
        proxy = self.started(writing)
        os.close(writing)
        os.close(reading)
        self.requests(proxy, 500)
        proxy.signal()
        self.assertEqual(proxy.wait_exit(), 0)


if __name__ == "__main__":
    unittest.main()
