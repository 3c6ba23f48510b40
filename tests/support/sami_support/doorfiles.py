# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Certificate files that an operator renews while the proxy runs."""

import os
import shutil
import tempfile
import time

from .certificates import TestCa
from .doorclient import DoorClient, context
from .waiting import WAIT


class DoorFiles:
    """`with DoorFiles("first") as files:` makes a key pair for that name; `write()` replaces it.

    `settings()` are those of a proxy that uses it; `shown()` tells which one a new client sees.
    """

    def __init__(self, name):
        self._first = name
        self._tls = context()
        self._tls.check_hostname = False  # the names only tell the certificates apart

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="sami-door-")
        self.write(self._first)
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def _path(self, name):
        return os.path.join(self._folder.name, name)

    def write(self, name):
        """Like certbot: replaces each file as a whole, the key before its certificate."""
        certificate, key = TestCa.shared().certificate(name)
        for source, target in ((key, "key.pem"), (certificate, "cert.pem")):
            shutil.copyfile(source, self._path("new"))
            os.chmod(self._path("new"), 0o600)
            os.replace(self._path("new"), self._path(target))

    def settings(self, **others):
        return {"PROXY_TLS_CERT_FILE": self._path("cert.pem"),
                "PROXY_TLS_KEY_FILE": self._path("key.pem"), **others}

    def shown(self, proxy):
        """The name in the certificate that a new connection gets."""
        with DoorClient(proxy, self._tls).handshake() as client:
            return client.tls.getpeercert()["subjectAltName"][0][1]

    def wait_shown(self, proxy, name):
        """Waits until new connections get that name, which takes a minute if no signal tells the
        proxy; returns the seconds."""
        began = time.monotonic()
        while self.shown(proxy) != name:
            assert time.monotonic() - began < 60 + WAIT, f"{name} is not shown in time"
            time.sleep(0.2)
        return time.monotonic() - began
