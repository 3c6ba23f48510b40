# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Clients of a daemon's admin doors: byte by byte where it matters."""

import json
import os
import socket
import ssl
import tempfile

from helpers_command import run_daemon
from sami_support import WAIT, Proxy, RowCase
from sami_support.rawclient import parse_fields


class AdminClient:
    """A connection to an admin door. `where` is a port of 127.0.0.1, or a path."""

    def __init__(self, where, token=None, tls=None, receive_buffer=None):
        is_path = isinstance(where, str)
        self.socket = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(WAIT)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            self.socket.connect(where if is_path else ("127.0.0.1", where))
        except OSError:
            self.socket.close()
            raise
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.token = token
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def request(self, method, path, *fields, body=None, host="localhost"):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        lines += fields
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        self.send("\r\n".join([*lines, "", ""]).encode() + (body or b""))

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError(self.buffer[-300:])
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(mark, 1)
        return head + mark

    def exactly(self, count):
        while len(self.buffer) < count:
            self._more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def response(self, is_head=False):
        """(status, fields by lower-case name, body)"""
        status_line, *lines = self.until(b"\r\n\r\n")[:-4].split(b"\r\n")
        fields = {name.lower(): value for name, value in parse_fields(lines)}
        count = 0 if is_head else int(fields.get("content-length", 0))
        return int(status_line.split()[1]), fields, self.exactly(count)

    def ask(self, method, path, *fields, **options):
        self.request(method, path, *fields, **options)
        return self.response(method == "HEAD")

    def json(self, path, *fields):
        status, _, body = self.ask("GET", path, *fields)
        assert status == 200, (status, body)
        return json.loads(body)

    def is_closed(self):
        """Waits for the end; false if something else arrives."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    # --- events ---

    def subscribe(self, *fields):
        self.request("GET", "/api/v1/events", *fields)
        head = self.until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        return head

    def event(self):
        """(name, id, data) of the next event; a comment has the name ":"."""
        size = int(self.until(b"\r\n"), 16)
        if size == 0:
            raise EOFError("the stream has ended")
        self.pieces = getattr(self, "pieces", b"") + self.exactly(size)
        self.exactly(2)
        while b"\n\n" not in self.pieces:
            return self.event()
        text, self.pieces = self.pieces.split(b"\n\n", 1)
        return self._parsed(text)

    def next_event(self):
        """Like event(), but also returns events that have already arrived."""
        if b"\n\n" in getattr(self, "pieces", b""):
            text, self.pieces = self.pieces.split(b"\n\n", 1)
            return self._parsed(text)
        return self.event()

    @staticmethod
    def _parsed(text):
        if text.startswith(b":"):
            return ":", None, None
        fields = dict(line.split(b": ", 1) for line in text.split(b"\n"))
        number = int(fields[b"id"]) if b"id" in fields else None
        return fields[b"event"].decode(), number, json.loads(fields[b"data"])

    def wait_event(self, predicate):
        while True:
            name, number, data = self.next_event()
            if predicate(name, data):
                return number, data


class AdminCase(RowCase):
    """A daemon with a door on 127.0.0.1, one on a Unix socket, and tokens."""

    settings = {}

    def setUp(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        self.state = os.path.join(folder, "state")
        self.path = os.path.join(folder, "admin.sock")
        self.given = {"PROXY_STATE_DIR": self.state,
                      "PROXY_ADMIN": f"127.0.0.1:0,unix:{self.path}",
                      "PROXY_METRICS": "127.0.0.1:0", **self.settings}
        self.read = self.new_token("watcher", "read")
        self.manage = self.new_token("keeper", "manage")

    def command(self, *arguments):
        return run_daemon(*arguments, PROXY_STATE_DIR=self.state, PROXY_ADMIN=self.given["PROXY_ADMIN"])

    def new_token(self, name, right, *more):
        done = self.command("token", "new", name, "--right", right, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def start(self, **more):
        self.proxy = self.enter(Proxy({**self.given, **more}))
        for line in self.proxy.log_lines():
            if line.get("message") == "admin door open" and not line["at"].startswith("unix:"):
                self.port = int(line["at"].rsplit(":", 1)[1])
            if line.get("message") == "metrics door open":
                self.metrics = int(line["at"].rsplit(":", 1)[1])
        return self.proxy

    def admin(self, token=None, where=None, **options):
        return self.enter(AdminClient(self.port if where is None else where, token, **options))

    def problem(self, answer, status, code):
        got, fields, body = answer
        self.assertEqual(got, status, body)
        self.assertEqual(fields["content-type"], "application/problem+json")
        problem = json.loads(body)
        self.assertEqual((problem["status"], problem["code"]), (status, code))


def tls_context(authority):
    return ssl.create_default_context(cafile=authority)
