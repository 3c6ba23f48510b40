# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Programs that people run at a desk, through both hops to a provider 120 ms away."""

import hashlib
import json
import os
import threading
import time
import unittest

from helpers_lab import HOST, LabCase, is_journey, only_long
from helpers_provider import Provider, make_repository
from sami_support import TestCa, row

MEGABYTES = 20_000_000


class ClientsCase(LabCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root, cls.commit = make_repository(cls.lab)
        cls.provider = cls.enterClassContext(Provider(cls.lab, root))
        cls.server = cls.enterClassContext(cls.lab.site.daemon())
        cls.proxy = cls.enterClassContext(cls.lab.desk_daemon(cls.lab.site.link()))
        cls.socks = cls.proxy.url.replace("http:", "socks5h:")

    def curl(self, *arguments, **options):
        return self.succeeds(self.lab.curl("-x", self.proxy.url, *arguments, **options))

    def key(self):
        return ("-H", "Authorization: Bearer a-key-of-the-lab")


class ProgramsTest(ClientsCase):
    @row("B§14: curl reaches https:// through a desk and a server, by CONNECT and by SOCKS5")
    def test_curl_tunnel(self):
        for proxy in (self.proxy.url, self.socks):
            with self.subTest(proxy):
                done = self.lab.curl("-x", proxy, *self.key(), self.provider.url("/v1/models"))
                self.assertIn(b"mock-large", self.succeeds(done))

    @row("B§14: curl reaches http:// through a desk and a server, by absolute-form and by CONNECT")
    def test_curl_clear(self):
        for arguments in ((), ("-p",)):
            with self.subTest(arguments):
                seen = self.curl(*arguments, *self.key(), self.provider.url("/echo?a=1", "http"))
                self.assertEqual("/echo?a=1", json.loads(seen)["target"])

    @row("B§14: an http:// request goes through both hops as one CONNECT: the server is told no path")
    def test_http_is_a_tunnel_at_the_server(self):
        with self.lab.desk_daemon(self.lab.site.link()) as desk:
            target = self.provider.url("/v1/models", "http")
            self.succeeds(self.lab.curl("-x", desk.url, *self.key(), target))
        # Its connection was kept for the next request, and ended with the desk.
        port = self.provider.ports["http"]
        lines = self.server.wait_for_access(1, lambda line: str(port) in line["target"])
        self.assertEqual("CONNECT", lines[0]["method"])

    @row("B§14: git clones through a desk and a server, over http:// and https://")
    def test_git(self):
        for scheme in ("https", "http"):
            with self.subTest(scheme):
                target = self.lab.folder / f"clone-{scheme}"
                self.succeeds(self.lab.run(
                    "git", "clone", "-q", self.provider.url("/git/one.git", scheme), target,
                    https_proxy=self.proxy.url, http_proxy=self.proxy.url,
                    GIT_SSL_CAINFO=TestCa.shared().ca_file))
                done = self.lab.run("git", "-C", target, "rev-parse", "HEAD")
                self.assertEqual(self.commit, done.stdout.decode().strip())

    @row("B§14: requests with PySocks goes through a desk and a server")
    def test_pysocks(self):
        for scheme in ("https", "http"):
            with self.subTest(scheme):
                result, _ = self.provider.perform("python/client_requests.py", "models", self.socks,
                                                  scheme)
                self.assertEqual(2, result["models"])


class MegabytesTest(ClientsCase):
    @row("B§14: 20 MB come down and go up through both hops, whole")
    def test_both_ways(self):
        upload = self.lab.folder / "upload"
        upload.write_bytes(os.urandom(MEGABYTES))
        wanted = hashlib.sha256(upload.read_bytes()).hexdigest()
        for scheme in ("https", "http"):
            with self.subTest(scheme):
                down = self.curl(self.provider.url(f"/bytes/{MEGABYTES}", scheme), timeout=120)
                direct = self._first_64_kib(scheme)
                self.assertEqual(MEGABYTES, len(down))
                whole = (direct * (MEGABYTES // len(direct) + 1))[:MEGABYTES]
                self.assertTrue(down == whole, "an octet is wrong")
                seen = json.loads(self.curl("-T", upload, self.provider.url("/upload", scheme),
                                            timeout=120))
                self.assertEqual({"length": MEGABYTES, "sha256": wanted}, seen)

    def _first_64_kib(self, scheme):
        """The block that the provider sends repeatedly."""
        return self.curl(self.provider.url("/bytes/65536", scheme))


class KitsTest(ClientsCase):
    """Node programs: those that tests/clients drives, through one more hop."""

    @classmethod
    def setUpClass(cls):
        if not os.path.isdir(os.path.join(os.environ.get("SAMI_NPM", ""), "node_modules")):
            raise unittest.SkipTest("no npm packages: node tests/clients/npm_ci.mjs, or ctest")
        super().setUpClass()

    KITS = ("openai-agent", "openai-undici", "anthropic-agent", "anthropic-undici")

    @row("B§14: the SDKs of OpenAI and Anthropic get answers through a desk and a server")
    def test_answers(self):
        for kit in self.KITS:
            with self.subTest(kit):
                result, _ = self.provider.perform("node/sdk.mjs", "chat", self.proxy.url, client=kit)
                self.assertTrue(result["text"].startswith("length=5 sha256=2cf24dba"), result)

    @row("B§14: each event of an SDK's stream comes through both hops before the next one is sent")
    def test_streams(self):
        for kit in self.KITS:
            with self.subTest(kit):
                _, seen = self.provider.perform("node/sdk.mjs", "stream", self.proxy.url, client=kit)
                self.assertEqual("e1 e2 e3 e4 e5 ", seen)

    @row("B§14: a WebSocket speaks through a desk and a server")
    def test_websocket(self):
        for scheme in ("https", "http"):
            with self.subTest(scheme):
                result, _ = self.provider.perform("node/websocket.mjs", "echo", self.proxy.url, scheme,
                                                  client="ws")
                self.assertEqual(("welcome", 5), (result["welcome"], result["echoes"]))


class SilenceCase(LabCase):
    """A provider that pauses between two events, over https:// and http:// at the same time."""

    def stays_alive(self, seconds):
        thought = threading.Event()

        def think(connection):
            connection.timeout = seconds + 60
            connection.socket.settimeout(connection.timeout)
            connection.read_request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
            thought.wait(seconds + 60)
            connection.send("data: 2\n\n")

        site = self.lab.site
        server = self.enter(site.daemon())
        desk = self.desk(site.link())
        origins = (self.origin(think, tls=TestCa.shared().server_context(HOST)),
                   self.origin(think))
        streams = [self.stream(desk, origin, seconds) for origin in origins]
        try:
            time.sleep(seconds)  # the silence itself
        finally:
            thought.set()
        for stream in streams:
            stream.recv_until(b"data: 2\n\n")
            stream.expects_eof()
        for proxy in (desk, server):
            for line in proxy.wait_for_access(2, is_journey):
                self.assertGreaterEqual(line["silence"], (seconds - 1) * 1000, line)

    def stream(self, desk, origin, seconds):
        client = self.client(desk, timeout=seconds + 60)
        target = f"http://{HOST}:{origin.port}/"
        if origin.url().startswith("https"):
            client.connect_tunnel(HOST, origin.port)
            client.start_tls(TestCa.shared().ca_file, HOST)
            target = "/"
        client.request("GET", target, f"Host: {HOST}:{origin.port}")
        client.recv_until(b"data: 1\n\n")
        return client


class SilenceTest(SilenceCase):
    # 25 s is no real pause of a model, but longer than the life of an unused warm connection: a
    # rule for those that cut running streams would show here. LongSilenceTest waits the full five
    # minutes.
    @row("B§14: a stream that is silent for 25 s stays alive through both hops")
    def test_short(self):
        self.stays_alive(25)


@only_long("5 minutes")
class LongSilenceTest(SilenceCase):
    is_real = False

    @row("B§14: a stream that is silent for 5 minutes stays alive through both hops")
    def test_long(self):
        self.stays_alive(300)


if __name__ == "__main__":
    unittest.main()
