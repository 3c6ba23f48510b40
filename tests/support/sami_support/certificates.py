# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A certificate authority for one test run, made with the openssl command."""

import functools
import os
import ssl
import subprocess
import tempfile


class TestCa:
    """`TestCa.shared()` makes one per process. `server_context("localhost")` is for Origin."""

    __test__ = False

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="sami-ca-")
        self.ca_file = self._path("ca.pem")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-days", "30", "-subj", "/CN=Sami test CA",
                      "-addext", "basicConstraints=critical,CA:TRUE",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                      "-keyout", self._path("ca.key"), "-out", self.ca_file)

    @classmethod
    @functools.cache
    def shared(cls):
        return cls()

    @classmethod
    @functools.cache
    def stranger(cls):
        """Another authority, which nobody trusts."""
        return cls()

    def _path(self, name):
        return os.path.join(self._folder.name, name)

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    @functools.cache
    def certificate(self, name="localhost", expired=False, mere_common_name=False):
        """(certificate file, key file) for a host name or an address. It is the common name and,
        unless `mere_common_name`, the alternative name too."""
        kind = f"{'expired' if expired else 'valid'}{'-cn' if mere_common_name else ''}"
        stem = self._path(f"{name}-{kind}".replace(":", "_"))
        is_address = name.replace(".", "").isdigit() or ":" in name
        with open(stem + ".ext", "w", encoding="ascii") as extensions:
            if not mere_common_name:
                extensions.write(f"subjectAltName={'IP' if is_address else 'DNS'}:{name}\n")
            extensions.write("basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-subj", f"/CN={name}", "-keyout", stem + ".key",
                      "-out", stem + ".csr")
        # A certificate valid for -1 days expired yesterday.
        self._openssl("x509", "-req", "-in", stem + ".csr", "-CA", self.ca_file, "-CAkey",
                      self._path("ca.key"), "-CAcreateserial", "-days", "-1" if expired else "30",
                      "-extfile", stem + ".ext", "-out", stem + ".pem")
        return stem + ".pem", stem + ".key"

    def server_context(self, name="localhost", expired=False, alpn=("http/1.1",),
                       mere_common_name=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate(name, expired, mere_common_name))
        context.set_alpn_protocols(list(alpn))
        return context

    def client_context(self, alpn=()):
        """Trusts only this authority."""
        context = ssl.create_default_context(cafile=self.ca_file)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context
