# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""https:// targets on servers of two TLS libraries, forced into corner cases."""

import os
import shutil
import socket
import subprocess
import tempfile
import unittest

from sami_support import ProxyCase, TestCa, row, wait_until

BODY = bytes(range(256)) * 2000


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class TlsServersTest(ProxyCase):
    @classmethod
    def setUpClass(cls):
        cls.ca = TestCa.shared()
        cls.settings = {"PROXY_UPSTREAM_CA_FILE": cls.ca.ca_file, "PROXY_THREADS": "1"}
        super().setUpClass()

    def start(self, port, *command, folder=None):
        # Keeps its input open, because s_server exits at the end of it.
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, cwd=folder)

        def stop():
            server.kill()
            server.wait()
            server.stdin.close()

        self.addCleanup(stop)
        wait_until(lambda: is_listening(port), what=f"{command[0]} at its port")

    def fetch(self, port, path):
        return self.proxy.get(f"https://localhost:{port}{path}")

    @row("B§4: OpenSSL's server is understood in each of its corners")
    def test_openssl(self):
        certificate, key = self.ca.certificate()
        folder = self.enter(tempfile.TemporaryDirectory())
        with open(os.path.join(folder, "body"), "wb") as file:
            file.write(BODY)
        for options in (["-tls1_2"], ["-tls1_2", "-cipher", "ECDHE+CHACHA20"], ["-tls1_3"],
                        ["-tls1_3", "-num_tickets", "0"], ["-tls1_3", "-num_tickets", "40"],
                        ["-tls1_3", "-groups", "P-384"],  # HelloRetryRequest
                        ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
                        ["-tls1_3", "-split_send_frag", "512", "-max_send_frag", "512"]):
            with self.subTest(" ".join(options)):
                port = free_port()
                self.start(port, "openssl", "s_server", "-quiet", "-WWW", "-accept",
                           f"127.0.0.1:{port}", "-cert", certificate, "-key", key, *options,
                           folder=folder)
                for _ in range(2):
                    response = self.fetch(port, "/body")
                    self.assertEqual(response.status, 200)
                    self.assertEqual(response.body, BODY)

    @row("B§4: a server that speaks only what is older than TLS 1.2 is a 502")
    def test_old(self):
        certificate, key = self.ca.certificate()
        port = free_port()
        self.start(port, "openssl", "s_server", "-quiet", "-www", "-accept", f"127.0.0.1:{port}",
                   "-cert", certificate, "-key", key, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        response = self.fetch(port, "/")
        self.assertEqual(response.status, 502)
        self.assertIn("error=tls_protocol_error", response.value("Proxy-Status"))

    @unittest.skipUnless(shutil.which("gnutls-serv"), "gnutls-bin is not installed")
    @row("B§4: GnuTLS's server is understood")
    def test_gnutls(self):
        certificate, key = self.ca.certificate()
        for version in ("TLS1.2", "TLS1.3"):
            with self.subTest(version):
                port = free_port()
                self.start(port, "gnutls-serv", "--http", "--quiet", "--port", str(port),
                           "--x509certfile", certificate, "--x509keyfile", key,
                           "--disable-client-cert", "--priority",
                           f"NORMAL:-VERS-ALL:+VERS-{version}")
                response = self.fetch(port, "/")
                self.assertEqual(response.status, 200)
                self.assertIn(b"GnuTLS", response.body)


if __name__ == "__main__":
    unittest.main()
