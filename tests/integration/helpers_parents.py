# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Parents of a proxy: real daemons, and proxies that follow a script."""

import base64
import hashlib
import socket
import ssl
import subprocess
import tempfile
import threading

from sami_support import WAIT, Origin, Proxy, RowCase, TestCa

USER, PASSWORD = "sami", "a secret/for:parents"
ENCODED = f"{USER}:a%20secret%2Ffor%3Aparents"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
LOCKED = {"PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD}


def pin_of(certificate):
    """The pin as it appears in a link, computed by the openssl program."""
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"],
                         capture_output=True, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key,
                         capture_output=True, check=True).stdout
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")


def link_pin(text):
    """"sha256//…=" in a link's spelling."""
    return text.removeprefix("sha256//").rstrip("=").translate(str.maketrans("+/", "-_"))


class ScriptedParent:
    """A proxy whose every answer comes from the test. `serve(connection, head)` is called with each
    request; without it, each CONNECT gets `answer` and the connection stays open."""

    def __init__(self, answer=ESTABLISHED, serve=None, tls=None):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heads = []
        self.sent_up = []  # what came after each head
        self.connections = []
        self._serve = serve or self._answer
        self._octets = answer
        self._tls = tls
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        for connection in self.connections:
            connection.close()

    def url(self, scheme="http", user="", **query):
        rest = "&".join(f"{key}={value}" for key, value in query.items())
        return (f"{scheme}://{user + '@' if user else ''}127.0.0.1:{self.port}"
                + (f"?{rest}" if rest else ""))

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection):
        connection.settimeout(WAIT)
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self.connections.append(connection)
            head = b""
            while b"\r\n\r\n" not in head:
                octets = connection.recv(65536)
                if not octets:
                    return
                head += octets
            self.heads.append(head)
            self._serve(connection, head)
        except (OSError, ssl.SSLError):
            pass

    def _answer(self, connection, _):
        connection.sendall(self._octets)
        while octets := connection.recv(65536):
            self.sent_up.append(octets)
        connection.close()


class ParentCase(RowCase):
    def proxy(self, settings=None, arguments=(), **more):
        return self.enter(Proxy({**(settings or {}), **more}, arguments))

    def desk(self, *parents, **settings):
        return self.proxy(PROXY_PARENTS=", ".join(parents), **settings)

    def parent(self, *arguments, **options):
        return self.enter(ScriptedParent(*arguments, **options))

    def origin(self, *arguments, **options):
        return self.enter(Origin(*arguments, **options))

    def server(self, **settings):
        """A daemon with its own identity, and that identity's pin for a link."""
        proxy = self.proxy(PROXY_STATE_DIR=self.folder(), **settings)
        started = proxy.wait_for_log(lambda line: line.get("message") == "started")
        return proxy, link_pin(started["pin"])

    def folder(self):
        return self.enter(tempfile.TemporaryDirectory(prefix="sami-state-"))

    @staticmethod
    def tls_context(name="localhost", expired=False):
        """A server's TLS context, and the pin of its key."""
        context = TestCa.shared().server_context(name, expired)
        return context, pin_of(TestCa.shared().certificate(name, expired, False)[0])

    @staticmethod
    def line(proxy, predicate=lambda line: True, count=1):
        return proxy.wait_for_access(count, predicate)[-1]
