# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A server that does exactly what its script says, honest or not."""

import queue
import re
import socket
import ssl
import threading
import traceback

from .rawclient import Channel, ClosedEarly, Message, parse_fields
from .waiting import WAIT, wait_until


class Request(Message):
    """A request as the origin received it. `head` is its raw bytes."""

    def __init__(self, head, method, target, version, fields):
        super().__init__(head, fields)
        self.method = method
        self.target = target
        self.version = version


class OriginConnection(Channel):
    """What a script gets: one accepted connection, numbered from 0."""

    def __init__(self, sock, origin, number):
        # Longer than a client waits, so that the client is the one to complain.
        super().__init__(sock, 4 * WAIT)
        self.origin = origin
        self.number = number
        self.requests = []

    def read_request(self, body=True):
        """The next request; with body=False only its head is read."""
        raw = self.recv_until(b"\r\n\r\n")
        lines = raw[:-4].split(b"\r\n")
        match = re.fullmatch(rb"([^ ]+) ([^ ]+) HTTP/(1\.[01])", lines[0])
        assert match, f"not a request line: {lines[0]!r}"
        request = Request(raw, *(part.decode("latin-1") for part in match.groups()),
                          parse_fields(lines[1:]))
        self.requests.append(request)
        self.origin.requests.append(request)
        if body:
            self.read_body(request)
        self.origin.arrived.put(request)
        return request

    def read_body(self, request):
        lengths = request.values("Content-Length")
        assert not (lengths and request.has("Transfer-Encoding")), f"both framings: {request.head!r}"
        if request.is_chunked:
            self._read_chunked(request)
        elif lengths:
            assert len(lengths) == 1 and lengths[0].isdigit(), request.head
            request.body = self.recv_exactly(int(lengths[0]))

    def peer_ended(self):
        """Waits until the proxy ends the connection: "fin" or "reset"."""
        return self.recv_all()[1]


class Origin:
    """`with Origin(handler) as origin:` serves each connection with `handler(connection)`.

    The handler runs in a thread per connection; the connection closes when it returns. An exception
    in it fails the test at the end of the `with`, except an end by the peer, which is recorded in
    `ends`. `requests` has every request in order of arrival, and `arrived` is a queue of them.
    `origin.connections` are all accepted connections.
    """

    def __init__(self, handler=None, tls=None, host="127.0.0.1", receive_buffer=None, port=0):
        self._handler = handler or answer()
        self._tls = tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._listener.bind((host, port))
        self._listener.listen(64)
        self.host = host
        self.port = self._listener.getsockname()[1]
        self.connections = []
        self.requests = []
        self.arrived = queue.Queue()
        self.accepted = queue.Queue()
        self.ends = queue.Queue()
        self.tls_errors = []
        self.failures = []
        self._threads = []
        self._stopping = False

    def __enter__(self):
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
        if kind is None and self.failures:
            raise AssertionError("the origin's script failed:\n" + "\n".join(self.failures))
        return False

    def stop(self):
        """Closes the listener and every connection."""
        self._stopping = True
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        self._thread.join(WAIT)
        for connection in self.connections:
            try:
                connection.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(WAIT)
        for connection in self.connections:
            connection.close()

    def url(self, path="/", scheme=None, host=None):
        scheme = scheme or ("https" if self._tls else "http")
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    @property
    def authority(self):
        return f"{self.host}:{self.port}"

    def next_request(self):
        """Waits for the next request."""
        return self.arrived.get(timeout=WAIT)

    def next_end(self):
        """Waits for the next connection that the peer ended before the script did; returns how."""
        return self.ends.get(timeout=WAIT)

    def wait_connections(self, count):
        wait_until(lambda: len(self.connections) >= count, what=f"{count} connections")

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = OriginConnection(sock, self, len(self.connections))
            self.connections.append(connection)
            self.accepted.put(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        try:
            if self._tls:
                try:
                    connection.socket = self._tls.wrap_socket(connection.socket, server_side=True)
                except (ssl.SSLError, OSError) as error:
                    self.tls_errors.append(error)
                    self.ends.put("tls")
                    return
            self._handler(connection)
        except ClosedEarly as early:
            self.ends.put(early.how)
        except (ConnectionResetError, BrokenPipeError):
            self.ends.put("reset")
        except Exception:
            if not self._stopping:
                self.failures.append(traceback.format_exc())
        finally:
            connection.close()


def closed_port():
    """A port on the loopback address that refuses connections."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def answer(body=b"hello", status="200 OK", *fields, raw=None):
    """A script that gives every request of a connection the same response."""
    if raw is None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
        raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
        bodiless = raw[:len(raw) - len(body)]
    else:
        bodiless = raw

    def serve(connection):
        while True:
            request = connection.read_request()
            connection.send(bodiless if request.method == "HEAD" else raw)

    return serve
