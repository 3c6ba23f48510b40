# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Attacks on the admin doors: nothing may be read or changed, and authorised clients must get in
nevertheless."""

import contextlib
import os
import signal
import socket
import tempfile
import threading
import time
import unittest

from helpers_admin import AdminCase, AdminClient
from sami_support import WAIT, Proxy, row, wait_until

STATUS = "/api/v1/status"


class Attacks(AdminCase):
    def setUp(self):
        super().setUp()
        self.start()

    @row("B§18: a page of another origin reads and changes nothing, with a stolen token neither")
    def test_cross_origin(self):
        foreign = ("Origin: https://attacker.example", "Sec-Fetch-Site: cross-site")
        for method, path in (("GET", STATUS), ("GET", "/api/v1/events"), ("GET", "/"),
                             ("POST", "/api/v1/drain"), ("OPTIONS", STATUS), ("GET", "/page.js")):
            with self.subTest(f"{method} {path}"):
                answer = self.admin(self.manage).ask(method, path, *foreign)
                self.problem(answer, 403, "foreign_origin")
                self.assertFalse([name for name in answer[1] if name.startswith("access-control-")])
        self.problem(self.admin(self.read).ask("GET", STATUS, "Sec-Fetch-Site: cross-site"),
                     403, "foreign_origin")  # an image, a frame
        self.problem(self.admin(self.read).ask("GET", STATUS, "Origin: null"), 403, "foreign_origin")
        self.problem(self.admin(self.read).ask(
            "GET", "/api/v1/events", "Origin: https://attacker.example", "Connection: Upgrade",
            "Upgrade: websocket"), 403, "foreign_origin")
        self.assertTrue(self.proxy.is_running())

    @row("B§18: a name that was made to point here opens nothing (DNS rebinding)")
    def test_rebinding(self):
        for host in (f"attacker.example:{self.port}", "localhost.attacker.example", "192.0.2.1", ""):
            with self.subTest(host):
                self.problem(self.admin(self.manage).ask("GET", STATUS, host=host), 421, "unknown_host")
        self.problem(self.admin(where=self.metrics).ask(
            "GET", "/metrics", host="attacker.example"), 421, "unknown_host")
        admin = self.admin(self.manage)
        admin.request("GET", STATUS, "Host: attacker.example")
        self.problem(admin.response(), 421, "unknown_host")

    @row("B§18: a form's POST has no token, and a cookie is none")
    def test_form(self):
        form = ("Content-Type: application/x-www-form-urlencoded", f"Cookie: token={self.manage}")
        self.problem(self.admin().ask("POST", "/api/v1/drain", *form), 401, "unauthorized")
        self.problem(self.admin().ask("GET", f"{STATUS}?token={self.manage}"), 400, "bad_request")
        basic = "Authorization: Basic c2FtaTpzZWNyZXQ="
        self.problem(self.admin().ask("GET", STATUS, basic), 401, "unauthorized")

    @row("B§18: a token that may read changes nothing, and the log says that it tried")
    def test_read_token(self):
        for path in ("/api/v1/drain", "/api/v1/connections/1/close", "/api/v1/blocks/192.0.2.1/lift",
                     "/api/v1/users/sami/disable"):
            with self.subTest(path):
                with AdminClient(self.port, self.read) as admin:
                    self.problem(admin.ask("POST", path), 403, "forbidden")
        line = self.proxy.wait_for_log(lambda line: line.get("message") == "a token may not do that")
        self.assertEqual(line["token"], "watcher")
        self.assertEqual(self.admin(self.read).json(STATUS)["state"], "running")

    @row("B§18: guessing tokens ends in a block of the address, which a right token passes")
    def test_guessing(self):
        for number in range(10):
            self.problem(self.admin(f"guess{number}").ask("GET", STATUS), 401, "unauthorized")
        answer = self.admin("another").ask("GET", STATUS)
        self.problem(answer, 429, "too_many")
        self.assertGreater(int(answer[1]["retry-after"]), 0)
        self.proxy.wait_for_log(lambda line: "blocked" in line.get("message", ""))
        self.assertEqual(self.admin(self.manage).json(STATUS)["state"], "running")
        self.assertEqual(self.admin("another").ask("GET", STATUS)[0], 429)
        self.assertNotIn("guess0", self.proxy.log_text())

    @row("B§18: whoever fills the places keeps out nobody who has a token")
    def test_sixteen_places(self):
        crowd = [self.enter(AdminClient(self.port)) for _ in range(40)]
        for client in crowd:
            try:
                client.send(b"GET / HT")
            except OSError:
                pass
        self.assertEqual(self.admin(self.read).json(STATUS)["state"], "running")

    @row("B§18: a token has four places; its fifth is told so, others and the Unix socket are served")
    def test_places_of_a_token(self):
        for _ in range(4):
            watcher = self.admin(self.read)
            watcher.subscribe()
        self.problem(self.admin(self.read).ask("GET", STATUS), 503, "unavailable")
        self.assertEqual(self.admin(self.manage).json(STATUS)["state"], "running")
        self.assertEqual(self.admin(where=self.path).json(STATUS)["state"], "running")
        self.assertEqual(self.admin().ask("GET", "/")[0], 200)
        watcher.socket.close()
        self.assertEqual(self.admin(self.read).json(STATUS)["state"], "running")

    @row("B§18: twelve watchers have places; the thirteenth is told so, the Unix socket has its own")
    def test_known_places(self):
        third, fourth = self.new_token("third", "read"), self.new_token("fourth", "manage")
        for token in (self.read, self.manage, third):
            for _ in range(4):
                self.admin(token).subscribe()
        self.problem(self.admin(fourth).ask("GET", STATUS), 503, "unavailable")
        self.assertEqual(self.admin().ask("GET", "/")[0], 200)
        self.assertEqual(self.command("status").returncode, 0)

    @row("B§18: a fifth peer of the Unix socket is told that there is no room, not just let go")
    def test_places_of_peers(self):
        peers = [self.admin(where=self.path) for _ in range(4)]
        for peer in peers:
            peer.subscribe()
        self.problem(self.admin(where=self.path).response(), 503, "unavailable")
        done = self.command("status")
        self.assertEqual(done.returncode, 1)
        self.assertIn("503: All places of the Unix sockets are taken", done.stderr)
        peers[0].socket.close()
        wait_until(lambda: self.command("status").returncode == 0, what="a place")

    @row("B§18: a crowd of strangers from many addresses leaves a slow one the time it needs")
    def test_crowd_of_addresses(self):
        crowd, over = [], threading.Event()
        self.addCleanup(lambda: [client.close() for client in crowd])

        def hammer():
            number = 0
            while not over.wait(0.025):
                number += 1
                crowd.append(socket.create_connection(
                    ("127.0.0.1", self.port), WAIT, (f"127.0.1.{number % 12 + 1}", 0)))

        thread = threading.Thread(target=hammer)
        thread.start()
        try:
            wait_until(lambda: len(crowd) > 20, what="the crowd")
            for _ in range(4):
                slow = self.admin(self.read)
                time.sleep(0.5)
                self.assertEqual(slow.json(STATUS)["state"], "running")
        finally:
            over.set()
            thread.join()

    @row("B§18: one address that connects all the time leaves the backlog to others")
    def test_crowd_of_one_address(self):
        over = threading.Event()

        def hammer():
            while not over.wait(0.002):
                with contextlib.suppress(OSError), socket.socket() as client:
                    client.setblocking(False)
                    client.bind(("127.0.1.1", 0))
                    client.connect_ex(("127.0.0.1", self.port))

        thread = threading.Thread(target=hammer)
        thread.start()
        try:
            time.sleep(1.5)  # as long as a door without shares needs to fall behind
            took = []
            for _ in range(5):
                began = time.monotonic()
                with AdminClient(self.port, self.read) as admin:
                    self.assertEqual(admin.json(STATUS)["state"], "running")
                took.append(time.monotonic() - began)
            # A connection that finds the backlog full is tried again after a second.
            self.assertLess(sorted(took)[2], 0.9, took)
        finally:
            over.set()
            thread.join()

    @row("B§18: who shows no token is gone after five seconds, however it spends them")
    def test_slow(self):
        silent, slow, idle = (self.admin() for _ in range(3))
        began = time.monotonic()
        self.assertEqual(idle.ask("GET", "/")[0], 200)
        slow.send(b"GET /api/v1/status HTTP/1.1\r\nX: ")
        self.problem(slow.response(), 408, "timeout")
        self.assertTrue(silent.is_closed())
        self.assertTrue(idle.is_closed())
        self.assertLess(time.monotonic() - began, 5 + WAIT / 2)

    @row("B§18: what is too much, or could be read in two ways, is refused and closed")
    def test_malformed(self):
        for octets, status, code in (
                (b"GET /" + b"a" * 4096 + b" HTTP/1.1\r\n\r\n", 414, "too_large"),
                (b"GET / HTTP/1.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431, "too_large"),
                (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100 + b"\r\n", 431, "too_large"),
                (b"POST /api/v1/drain HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n", 413, "too_large"),
                (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_request"),
                (b"GET / HTTP/2.0\r\n\r\n", 505, "unsupported_version"),
                (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "bad_request"),
                (b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_request")):
            with self.subTest(octets[:40]):
                admin = self.admin()
                admin.send(octets)
                answer = admin.response()
                self.problem(answer, status, code)
                self.assertEqual(answer[1]["connection"], "close")

    @row("B§18: pipelined requests are answered one after the other, each by its own token")
    def test_pipelined(self):
        admin = self.admin()
        good = f"GET {STATUS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.read}\r\n\r\n"
        bad = f"GET {STATUS} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        admin.send((good * 3 + bad).encode())
        self.assertEqual([admin.response()[0] for _ in range(4)], [200, 200, 200, 401])

    @row("B§18: no journey of a client leads to one of these doors, whatever may be reached otherwise")
    def test_journeys(self):
        for allowed, hosts in (("true", ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0")),
                               ("127.0.0.0/8", ("127.0.0.1",))):
            with self.subTest(allowed):
                self.start(ALLOW_PRIVATE_TARGETS=allowed, PROXY_ADMIN="127.0.0.1:0")
                for port in (self.port, self.metrics):
                    for host in hosts:
                        with self.proxy.client() as client:
                            client.request("CONNECT", f"{host}:{port}")
                            self.assertEqual(client.read_response("CONNECT").status, 508)
                        response = self.proxy.get(f"http://{host}:{port}/metrics")
                        self.assertEqual(response.status, 508)
                        self.assertNotIn(b"sami_", response.body)

    @row("B§18: nor while a reload opens and closes such a door")
    def test_journeys_at_reload(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "proxy.ini")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]

        def write(*lines):
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write("\n".join(["via_header = true", *lines, ""]))
            os.replace(path + ".new", path)

        write()
        proxy = self.enter(Proxy(arguments=["--config", path]))
        over, slipped = threading.Event(), []

        def travel():
            while not over.is_set():
                with proxy.client() as client:
                    client.request("CONNECT", f"127.0.0.1:{port}")
                    if client.read_response("CONNECT").status == 200:
                        client.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        slipped.append(client.socket.recv(8))

        def count(message):
            return sum(line.get("message") == message for line in proxy.log_lines())

        threads = [threading.Thread(target=travel) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, 9):
                write(*([f"metrics = 127.0.0.1:{port}"] if number % 2 else []))
                proxy.signal(signal.SIGHUP)
                wait_until(lambda: count("reloaded") == number
                           and count("metrics door open") == (number + 1) // 2, what="the reload")
        finally:
            over.set()
            for thread in threads:
                thread.join()
        # A socket that was connected to itself echoes what was asked.
        self.assertNotIn(b"HTTP/1.1", slipped)

    @row("B§18: a watcher that reads nothing delays nobody and is let go")
    def test_stalled_watcher(self):
        stalled = self.admin(self.read)
        stalled.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.request("GET", "/api/v1/events")
        self.assertEqual(self.admin(self.read).json(STATUS)["state"], "running")

    @row("B§18: no token reaches the log")
    def test_log(self):
        self.admin(self.manage).json(STATUS)
        self.problem(self.admin(self.read).ask("POST", "/api/v1/drain"), 403, "forbidden")
        text = self.proxy.log_text() + self.proxy.stderr()
        self.assertNotIn(self.manage, text)
        self.assertNotIn(self.read, text)


if __name__ == "__main__":
    unittest.main()
