# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Certificate files that an operator renews under a running proxy."""

import os
import shutil
import tempfile
import time

from .certificates import TestCa
from .doorclient import DoorClient, context
from .waiting import WAIT


class DoorFiles:
    """`with DoorFiles("first") as files:` has a pair for that name; `write()` exchanges it.

    `settings()` are a proxy's that shows it, `shown()` asks which one a newcomer sees.
    """

    def __init__(self, name):
        self._first = name
        self._tls = context()
        self._tls.check_hostname = False  # the names tell the certificates apart, nothing else

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="sami-door-")
        self.write(self._first)
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def _path(self, name):
        return os.path.join(self._folder.name, name)

    def write(self, name):
        """As certbot does: each file is exchanged whole, the key before its certificate."""
        certificate, key = TestCa.shared().certificate(name)
        for source, target in ((key, "key.pem"), (certificate, "cert.pem")):
            shutil.copyfile(source, self._path("new"))
            os.chmod(self._path("new"), 0o600)
            os.replace(self._path("new"), self._path(target))

    def settings(self, **others):
        return {"PROXY_TLS_CERT_FILE": self._path("cert.pem"),
                "PROXY_TLS_KEY_FILE": self._path("key.pem"), **others}

    def shown(self, proxy):
        """The name in the certificate that a new connection is shown."""
        with DoorClient(proxy, self._tls).handshake() as client:
            return client.tls.getpeercert()["subjectAltName"][0][1]

    def wait_shown(self, proxy, name):
        """Until newcomers see that name, which takes a minute where no signal tells the proxy;
        returns the seconds."""
        began = time.monotonic()
        while self.shown(proxy) != name:
            assert time.monotonic() - began < 60 + WAIT, f"{name} is not shown in time"
            time.sleep(0.2)
        return time.monotonic() - began
