# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A client that speaks TLS with the proxy, record by record."""

import socket
import ssl

from .certificates import TestCa
from .rawclient import parse_fields
from .waiting import WAIT


def settings(**others):
    """Settings of a daemon with a certificate for localhost from the shared authority."""
    certificate, key = TestCa.shared().certificate()
    return {"PROXY_TLS_CERT_FILE": certificate, "PROXY_TLS_KEY_FILE": key, **others}


def context(authority=None, alpn=("http/1.1",), newest=None, oldest=None):
    """A client context that trusts the authority, by default the shared one."""
    made = ssl.create_default_context(cafile=(authority or TestCa.shared()).ca_file)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    if newest:
        made.maximum_version = newest
    if oldest:
        made.minimum_version = oldest
    return made


class Ended(Exception):
    """The proxy ended the connection: `how` is "close_notify", "fin" or "reset"; `before` is what
    came first."""

    def __init__(self, how, before=b""):
        super().__init__(f"{how} after {before!r}")
        self.how, self.before = how, before


class DoorClient:
    """Sends bytes only when told, so that a handshake can stop anywhere."""

    def __init__(self, proxy, tls=None, name="localhost", session=None, source=None):
        self.socket = socket.create_connection((proxy.address, proxy.port), WAIT,
                                               source_address=source)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (tls or context()).wrap_bio(self._in, self._out, server_hostname=name,
                                               session=session)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # --- bytes ---

    def step(self):
        """Goes on with the handshake as far as possible without reading; True when it is complete.
        """
        try:
            self.tls.do_handshake()
            return True
        except ssl.SSLWantReadError:
            return False

    def take(self):
        """The bytes that TLS wants to send."""
        return self._out.read()

    def flush(self):
        self.socket.sendall(self.take())

    def fill(self):
        """Passes what the proxy has sent to TLS."""
        try:
            data = self.socket.recv(262144)
        except ConnectionResetError:
            raise Ended("reset", self.buffer) from None
        if not data:
            raise Ended("fin", self.buffer)
        self._in.write(data)

    def handshake(self):
        while not self.step():
            self.flush()
            self.fill()
        self.flush()
        return self

    # --- plain text ---

    def send(self, data):
        self.tls.write(data)
        self.flush()

    def say_end(self):
        """Sends close_notify; reading can go on."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def give_up(self):
        """Sends a fatal alert: what has come is damaged."""
        self._in.write(b"\x17\x03\x03\x00\x20" + bytes(32))
        try:
            while True:
                self.tls.read(1)
        except ssl.SSLWantReadError:
            raise AssertionError("the damage was not seen") from None
        except ssl.SSLError:
            self.flush()

    def half_close(self):
        self.say_end()
        self.socket.shutdown(socket.SHUT_WR)

    def some(self):
        while True:
            try:
                data = self.tls.read(262144)
            except ssl.SSLWantReadError:
                self.fill()
                continue
            except ssl.SSLZeroReturnError:
                data = b""
            if not data:
                raise Ended("close_notify", self.buffer)
            return data

    def until(self, mark):
        while mark not in self.buffer:
            self.buffer += self.some()
        head, self.buffer = self.buffer.split(mark, 1)
        return head + mark

    def exactly(self, count):
        while len(self.buffer) < count:
            self.buffer += self.some()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def to_end(self):
        """(everything up to the end, how it ended)"""
        try:
            while True:
                self.buffer += self.some()
        except Ended as end:
            return self.buffer, end.how

    # --- HTTP ---

    def request(self, method, target, *fields):
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", ""]
        self.send("\r\n".join(lines).encode())

    def response(self):
        """(status, fields, body) of a response with a length, or without a body."""
        status_line, *lines = self.until(b"\r\n\r\n")[:-4].split(b"\r\n")
        fields = {name.lower(): value for name, value in parse_fields(lines)}
        return (int(status_line.split()[1]), fields,
                self.exactly(int(fields.get("content-length", 0))))

    def get(self, target, *fields):
        self.request("GET", target, *fields)
        return self.response()

    def connect(self, authority, *fields):
        self.request("CONNECT", authority, *fields)
        return int(self.until(b"\r\n\r\n").split()[1])
