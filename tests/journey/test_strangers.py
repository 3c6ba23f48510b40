# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Other programs as parents, and our own daemon without a link."""

import hashlib
import json
import os
import shutil
import unittest

from helpers_lab import HOST, PASSWORD, PORT, USER, LabCase
from helpers_programs import FORBIDDEN_PORT, Programs
from helpers_provider import Provider
from sami_support import TestCa, row

FEW_MEGABYTES = 3_000_000
NOT_THERE = "not-there.provider.test"


def installed(**packages):
    missing = [package for program, package in packages.items() if not shutil.which(
        program, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")]
    return unittest.skipIf(missing, "not installed: " + ", ".join(missing))


class StrangersTest(LabCase):
    """The same journeys through each. A parent starts for one test."""

    delay_ms = 10  # nothing here depends on it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.enterClassContext(Provider(cls.lab))

    def setUp(self):
        self.programs = Programs(self.lab.site, self.enter)

    def desk_of(self, parent, **settings):
        """A desk with one parent, whose password is in a file."""
        passwords = self.programs.folder / "passwords"
        passwords.touch(0o600)
        name = parent.split("@")[-1].split("//")[-1].split("?")[0]
        passwords.write_text(f"{name} {PASSWORD}\n", encoding="ascii")
        if "@" in parent:
            settings = {"PROXY_PARENTS_PASSWORD_FILE": passwords, **settings}
        return self.desk(parent, PROXY_UPSTREAM_CA_FILE=TestCa.shared().ca_file, **settings)

    def curl(self, desk, *arguments):
        return self.succeeds(self.lab.curl("-x", desk.url, "-H", "Authorization: Bearer a-key",
                                           *arguments))

    def leads_out(self, desk):
        """Everything that the desk's programs need from a parent."""
        for scheme in ("https", "http"):
            models = self.curl(desk, self.provider.url("/v1/models", scheme))
            self.assertIn(b"mock-large", models)
        down = self.curl(desk, self.provider.url(f"/bytes/{FEW_MEGABYTES}"))
        self.assertEqual(FEW_MEGABYTES, len(down))
        upload = self.programs.folder / "upload"
        upload.write_bytes(os.urandom(FEW_MEGABYTES))
        seen = json.loads(self.curl(desk, "-T", upload, self.provider.url("/upload", "http")))
        self.assertEqual({"length": FEW_MEGABYTES,
                          "sha256": hashlib.sha256(upload.read_bytes()).hexdigest()}, seen)
        self.assertEqual([], self.lab.names.asked)

    def status(self, desk, host, port):
        client = self.client(desk, timeout=40)
        client.request("CONNECT", f"{host}:{port}")
        return client.read_response("CONNECT").status

    def survives_destinations(self, desk, forbidden=True):
        """A failure beyond a parent is reported, and the next journey goes through it as before."""
        closed = self.origin()
        closed.stop()
        failures = [(HOST, closed.port), (NOT_THERE, 443)]
        if forbidden:
            failures.append((HOST, FORBIDDEN_PORT))
        for host, port in failures:
            with self.subTest(f"{host}:{port}"):
                status = self.status(desk, host, port)
                line = desk.wait_for_access(1, lambda line: f"{host}:{port}" in line["target"])[0]
                print(f"  {line}", flush=True)
                self.assertIn(status, (403, 502, 504))
                self.assertIn(b"mock-large", self.curl(desk, self.provider.url("/v1/models")))

    @installed(squid="squid-openssl")
    @row("B§14: squid is a parent")
    def test_squid(self):
        desk = self.desk_of(self.programs.squid(), ALLOWED_PORTS="1-65535")
        self.leads_out(desk)
        self.survives_destinations(desk)

    @installed(squid="squid-openssl")
    @row("B§14: squid is a parent over TLS")
    def test_squid_tls(self):
        self.leads_out(self.desk_of(self.programs.squid(tls=True)))

    @installed(haproxy="haproxy", tinyproxy="tinyproxy")
    @row("B§14: a TLS HAProxy in front of tinyproxy is a parent")
    def test_tinyproxy(self):
        desk = self.desk_of(self.programs.tinyproxy_behind_tls())
        self.leads_out(desk)
        self.survives_destinations(desk, forbidden=False)

    @installed(danted="dante-server")
    @row("B§14: a SOCKS5 server is a parent: dante")
    def test_dante(self):
        desk = self.desk_of(self.programs.dante(), ALLOWED_PORTS="1-65535")
        self.leads_out(desk)
        self.survives_destinations(desk)

    @installed(sshd="openssh-server", ssh="openssh-client")
    @row("B§14: a SOCKS5 server is a parent: ssh -D")
    def test_ssh(self):
        desk = self.desk_of(self.programs.ssh(self.lab.desk))
        self.leads_out(desk)
        self.survives_destinations(desk, forbidden=False)

    @row("B§14: a server of ours is a parent without a link: in clear, by SOCKS5, by pin, by authority")
    def test_ourselves(self):
        certificate, key = TestCa.shared().certificate(self.lab.site.address)
        files = {"PROXY_TLS_CERT_FILE": certificate, "PROXY_TLS_KEY_FILE": key}
        place = f"{USER}@{self.lab.site.address}:{PORT}"
        for parent, settings in (("http://", {}), ("socks5://", {}), ("https://", {}),
                                 ("https://", files)):
            with self.subTest(parent, settings=settings), self.lab.site.daemon(**settings):
                by_pin = parent == "https://" and not settings
                desk = self.desk_of(parent + place
                                    + (f"?pin={self.lab.site.pin()}" if by_pin else ""))
                self.leads_out(desk)
                self.survives_destinations(desk, forbidden=False)


if __name__ == "__main__":
    unittest.main()
