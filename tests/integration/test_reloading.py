# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""SIGHUP: new settings for new work, old ones for running work."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from helpers_access import PASSWORD, USER, basic
from helpers_tunnel import HeldOrigin
from sami_support import Origin, Proxy, RawClient, RowCase, WAIT, closed_port, row, wait_until


def says(text):
    return lambda line: text in line.get("message", "")


class Reloading(RowCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "sami.ini")
        self.secret = os.path.join(folder.name, "secret")
        self.origin = self.enter(Origin())

    def write(self, *lines, path=None):
        with open(path or self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def proxy(self, **settings):
        """Only the INI file counts, so the environment sets nothing that would override it."""
        return self.enter(Proxy({"PROXY_PORT": None, **settings}, ["--config", self.path]))

    def reload(self, proxy, message="reloaded"):
        before = len([line for line in proxy.log_lines() if says(message)(line)])
        proxy.signal(signal.SIGHUP)
        wait_until(lambda: len([line for line in proxy.log_lines() if says(message)(line)])
                   > before, what=f"the log line {message}")

    @row("B§6: SIGHUP: a tunnel goes on, the next request of a connection meets the new rules")
    def test_rules(self):
        self.write("port = 0")
        with HeldOrigin() as held:
            proxy = self.proxy()
            tunnel = proxy.client()
            tunnel.connect_tunnel("127.0.0.1", held.port)
            end = held.take()
            client = proxy.client()
            client.request("GET", self.origin.url())
            self.assertEqual(client.read_response().status, 200)
            self.write("port = 0", f"auth_username = {USER}", f"auth_password = {PASSWORD}")
            self.reload(proxy)
            client.request("GET", self.origin.url())
            self.assertEqual(client.read_response().status, 407)
            client.request("GET", self.origin.url(), basic())
            self.assertEqual(client.read_response().status, 200)
            tunnel.send(b"ping")
            self.assertEqual(end.recv_exactly(4), b"ping")
            end.send(b"pong")
            self.assertEqual(tunnel.recv_exactly(4), b"pong")

    @row("B§6: SIGHUP rereads the password file")
    def test_password_file(self):
        self.write("the first password", path=self.secret)
        self.write("port = 0", f"auth_username = {USER}", f"auth_password_file = {self.secret}")
        proxy = self.proxy()
        self.assertEqual(
            proxy.get(self.origin.url(), basic(password="the first password")).status, 200)
        self.write("the second password", path=self.secret)
        self.reload(proxy)
        self.assertEqual(
            proxy.get(self.origin.url(), basic(password="the first password")).status, 407)
        self.assertEqual(
            proxy.get(self.origin.url(), basic(password="the second password")).status, 200)

    @row("B§6: SIGHUP: the new rules judge every destination, pooled connections or not")
    def test_pool_emptied(self):
        self.write("port = 0")
        proxy = self.proxy()
        client = proxy.client()
        client.request("GET", self.origin.url())
        self.assertEqual(client.read_response().status, 200)
        self.write("port = 0", "allowed_hosts = example.com")
        self.reload(proxy)
        client.request("GET", self.origin.url())
        self.assertEqual(client.read_response().status, 403)
        self.assertEqual(len(self.origin.requests), 1)

    def forbid_loopback_amid_a_request(self, *fields):
        """Runs a request through a reload that forbids its destination. Returns the proxy, the
        client and the origin."""
        answered = threading.Event()

        def serve(connection):
            while True:
                connection.read_request()
                if connection.number == 0 and len(connection.requests) == 1:
                    answered.wait(4 * WAIT)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        origin = self.enter(Origin(serve))
        self.write("port = 0", "allow_private_targets = 127.0.0.0/8")
        proxy = self.proxy(PROXY_THREADS=1, ALLOW_PRIVATE_TARGETS=None)
        client = proxy.client()
        client.request("GET", origin.url(), *fields)
        origin.next_request()
        self.write("port = 0")
        self.reload(proxy)
        answered.set()
        self.assertEqual(client.read_response().status, 200)
        return proxy, client, origin

    @row("B§6: SIGHUP: a connection that a request took through it serves nobody afterwards")
    def test_not_pooled_under_old_rules(self):
        proxy, client, origin = self.forbid_loopback_amid_a_request()
        self.assertEqual(proxy.get(origin.url()).status, 403)
        client.request("GET", origin.url())
        self.assertEqual(client.read_response().status, 403)
        self.assertEqual(len(origin.requests), 1)

    @row("B§6: SIGHUP: nor does one that NTLM has bound to its client")
    def test_not_pinned_under_old_rules(self):
        _, client, origin = self.forbid_loopback_amid_a_request("Authorization: NTLM TlRMTVNT")
        client.request("GET", origin.url())
        self.assertEqual(client.read_response().status, 403)
        self.assertEqual(len(origin.requests), 1)

    @row("B§6: SIGHUP: a kept connection has the new limits and timers from its next request on")
    def test_kept_connection(self):
        self.write("port = 0")
        proxy = self.proxy()
        long, slow = proxy.client(), proxy.client()
        for client in (long, slow):
            client.request("GET", self.origin.url())
            self.assertEqual(client.read_response().status, 200)
        self.write("port = 0", "max_url_length = 100", "header_timeout_ms = 1000")
        self.reload(proxy)
        long.request("GET", self.origin.url("/" + "a" * 200))
        self.assertEqual(long.read_response().status, 414)
        slow.send("GET ")
        self.assertEqual(slow.read_response().status, 408)

    @row("B§6: SIGHUP with a new port: it opens, the old one closes")
    def test_new_port(self):
        first, second = closed_port(), closed_port()
        self.write(f"port = {first}")
        proxy = self.proxy()
        self.assertEqual(proxy.port, first)
        self.write(f"port = {second}")
        self.reload(proxy)
        with RawClient("127.0.0.1", second) as client:
            client.request("GET", "/health")
            self.assertEqual(client.read_response().status, 200)
        with self.assertRaises(ConnectionRefusedError):
            RawClient("127.0.0.1", first)

    @row("B§6: SIGHUP with another address on the same port moves the listener there")
    def test_new_address(self):
        port = closed_port()
        self.write(f"port = {port}", "address = 127.0.0.1")
        proxy = self.proxy(PROXY_ADDRESS=None)
        self.write(f"port = {port}", "address = 127.0.0.5")
        self.reload(proxy)
        with RawClient("127.0.0.5", port) as client:
            client.request("GET", "/health")
            self.assertEqual(client.read_response().status, 200)
        with self.assertRaises(ConnectionRefusedError):
            RawClient("127.0.0.1", port)

    def keepalive_of(self, proxy, client):
        """The timer of the proxy's socket to this client, as ss shows it."""
        port = client.socket.getsockname()[1]
        done = subprocess.run(["ss", "-Htno", "state", "established",
                               f"sport = :{proxy.port} and dport = :{port}"],
                              check=True, capture_output=True, text=True)
        return done.stdout.partition("keepalive,")[2].partition(",")[0]

    @unittest.skipUnless(shutil.which("ss"), "ss (iproute2) is not installed")
    @row("B§6: SIGHUP: the next connections have the new PROXY_TCP_KEEPALIVE_S")
    def test_tcp_keepalive(self):
        self.write("port = 0", "tcp_keepalive_s = 30")
        proxy = self.proxy()
        # The second client connects after those that waited at the start have gone, so it gets its
        # options from the listener.
        for _ in range(2):
            client = proxy.client()
            wait_until(lambda: re.fullmatch("(2|3)[0-9]sec|30sec", self.keepalive_of(proxy, client)),
                       what="keepalive after 30 s")
        self.write("port = 0", "tcp_keepalive_s = 600")
        self.reload(proxy)
        for _ in range(2):
            client = proxy.client()
            wait_until(lambda: re.fullmatch("9min[0-9]+sec|10min", self.keepalive_of(proxy, client)),
                       what="keepalive after 10 min")
        self.write("port = 0", "tcp_keepalive_s = 0")
        self.reload(proxy)
        for _ in range(2):
            client = proxy.client()
            client.request("GET", "/health")
            self.assertEqual(client.read_response().status, 200)
            self.assertEqual(self.keepalive_of(proxy, client), "")

    def test_listener_fails(self):
        port = closed_port()
        with socket.create_server(("127.0.0.1", 0)) as busy:
            for sentence, lines in (
                ("B§6: SIGHUP with an address that is not ours keeps the old listener and says so", (f"port = {port}", "address = 203.0.113.7")),
                ("B§6: SIGHUP with a port in use keeps the old listener and says so", (f"port = {busy.getsockname()[1]}", "address = 127.0.0.1")),
            ):
                with self.row(sentence):
                    self.write(f"port = {port}", "address = 127.0.0.1")
                    with Proxy({"PROXY_PORT": None, "PROXY_ADDRESS": None},
                               ["--config", self.path]) as proxy:
                        self.write(*lines)
                        self.reload(proxy, "not reloaded")
                        self.assertEqual(proxy.get("/health").status, 200)
                        self.assertEqual(proxy.get(self.origin.url()).status, 200)

    @row("B§6: SIGHUP with a bad file: not reloaded, each mistake in the log, old settings stay")
    def test_bad_file(self):
        self.write("port = 0", f"auth_username = {USER}", f"auth_password = {PASSWORD}")
        proxy = self.proxy()
        self.write("port = 0", "log_level = loud", "threads = many")
        self.reload(proxy, "not reloaded")
        proxy.wait_for_log(lambda line: "log_level" in line["message"] and line["level"] == "error")
        proxy.wait_for_log(lambda line: "threads" in line["message"] and line["level"] == "error")
        self.assertEqual(proxy.get(self.origin.url()).status, 407)
        self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)

    @row("B§6: SIGHUP with half a credential pair never opens the proxy")
    def test_half_a_pair(self):
        self.write("port = 0", f"auth_username = {USER}", f"auth_password = {PASSWORD}")
        proxy = self.proxy()
        self.write("port = 0", f"auth_username = {USER}", "auth_password = ")
        self.reload(proxy, "not reloaded")
        self.assertEqual(proxy.get(self.origin.url()).status, 407)

    @row("B§6: SIGHUP takes a new log level at once")
    def test_log_level(self):
        self.write("port = 0")
        proxy = self.proxy()
        self.write("port = 0", "log_level = debug")
        self.reload(proxy)
        proxy.get("/health")
        proxy.wait_for_log(lambda line: line["level"] == "debug")

    @row("B§6: SIGHUP takes a new log format at once")
    def test_log_format(self):
        self.write("port = 0", "log_format = json")
        proxy = self.proxy(LOG_FORMAT=None)
        self.write("port = 0", "log_format = text")
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: "reloaded" in line.get("message", line.get("text", "")))
        proxy.get("/health")
        proxy.wait_for_log(lambda line: " INFO  closed " in line.get("text", ""))

    @row("B§1: a reload of a file that says nothing any more opens nothing")
    def test_emptied_file(self):
        self.write("port = 0", f"auth_username = {USER}", f"auth_password = {PASSWORD}")
        proxy = self.proxy()
        for text in ("", "# port = 0\n\n"):
            with self.subTest(text=text):
                with open(self.path, "w", encoding="utf-8") as file:
                    file.write(text)
                self.reload(proxy, "not reloaded")
                client = proxy.client()
                client.request("GET", self.origin.url())
                self.assertEqual(client.read_response().status, 407)

    @row("B§6: a hundred reloads under traffic lose no request")
    def test_many(self):
        self.write("port = 0")
        proxy = self.proxy()
        client = proxy.client()
        for number in range(100):
            self.write("port = 0", f"timeout_ms = {2000 + number}")
            proxy.signal(signal.SIGHUP)
            client.request("GET", self.origin.url())
            self.assertEqual(client.read_response().status, 200)


if __name__ == "__main__":
    unittest.main()
