# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A client that sends exactly the bytes it is given and reads responses strictly."""

import re
import socket
import ssl
import struct

from .waiting import WAIT

_STATUS_LINE = re.compile(rb"^HTTP/1\.([01]) ([1-9][0-9][0-9]) ([^\r\n\0]*)$")
_FIELD = re.compile(rb"^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$", re.S)


class ClosedEarly(AssertionError):
    """The peer ended before the data came. `received` is what did come."""

    def __init__(self, how, received):
        super().__init__(f"{how} after {len(received)} octets: {bytes(received[-300:])!r}")
        self.how = how
        self.received = bytes(received)


def parse_fields(lines):
    """[(name, value)] of field lines; any other line is an error."""
    fields = []
    for line in lines:
        match = _FIELD.match(line)
        assert match, f"not a field line: {line!r}"
        fields.append((match[1].decode("latin-1"), match[2].decode("latin-1")))
    return fields


class Message:
    """The fields of a head, and the body after it."""

    def __init__(self, head, fields, body=b"", trailers=()):
        self.head = head
        self.fields = fields
        self.body = body
        self.trailers = list(trailers)
        self.chunks = []

    def values(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def value(self, name, default=None):
        return next(iter(self.values(name)), default)

    def names(self):
        return [key for key, _ in self.fields]

    def has(self, name):
        return bool(self.values(name))

    @property
    def is_chunked(self):
        return self.value("Transfer-Encoding", "").lower() == "chunked"


class Response(Message):
    """A server's response. `raw` is every byte of it; `truncated` tells how it ended too early."""

    def __init__(self, head, minor, status, reason, fields):
        super().__init__(head, fields)
        self.minor = minor
        self.status = status
        self.reason = reason
        self.raw = b""
        self.truncated = None

    def __repr__(self):
        return f"<Response {self.status} {self.fields} {self.body[:80]!r}>"


class Channel:
    """A buffered socket whose waits are all bounded. The base of both ends."""

    def __init__(self, sock, timeout=None):
        self.socket = sock
        self.timeout = WAIT if timeout is None else timeout
        self.socket.settimeout(self.timeout)
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            pass
        self.buffer = bytearray()
        self.received = bytearray()
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- sending and ending ---

    def send(self, data):
        """Sends everything; text is sent as Latin-1."""
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def half_close(self):
        """FIN: nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        """RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        if not self.closed:
            self.closed = True
            self.socket.close()

    @property
    def local_port(self):
        return self.socket.getsockname()[1]

    # --- receiving ---

    def _fill(self):
        """Reads more into the buffer; False at the end. An RST raises ConnectionResetError."""
        try:
            data = self.socket.recv(262144)
        except ssl.SSLEOFError:
            data = b""
        except (TimeoutError, socket.timeout):
            raise AssertionError(
                f"nothing came in {self.timeout} s; buffered: {bytes(self.buffer[-300:])!r}"
            ) from None
        self.buffer += data
        if len(self.received) < 1 << 20:
            self.received += data
        return bool(data)

    def _need(self):
        try:
            more = self._fill()
        except ConnectionResetError:
            raise ClosedEarly("reset", self.buffer) from None
        if not more:
            raise ClosedEarly("fin", self.buffer)

    def recv_until(self, mark):
        """Everything up to `mark`, included."""
        start = 0
        while True:
            at = self.buffer.find(mark, start)
            if at >= 0:
                return self._take(at + len(mark))
            start = max(0, len(self.buffer) - len(mark) + 1)
            self._need()

    def recv_exactly(self, count):
        while len(self.buffer) < count:
            self._need()
        return self._take(count)

    def recv_some(self):
        """At least one byte."""
        if not self.buffer:
            self._need()
        return self._take(len(self.buffer))

    def recv_all(self):
        """(everything up to the end, "fin" or "reset")"""
        try:
            while self._fill():
                pass
            how = "fin"
        except ConnectionResetError:
            how = "reset"
        return self._take(len(self.buffer)), how

    def _take(self, count):
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def expects_eof(self):
        """Expects FIN, and not a byte before it."""
        data, how = self.recv_all()
        assert not data, f"octets before the end: {data[:300]!r}"
        assert how == "fin", "reset instead of FIN"

    def expects_reset(self):
        """Expects RST, and not a byte before it."""
        data, how = self.recv_all()
        assert not data, f"octets before the end: {data[:300]!r}"
        assert how == "reset", "FIN instead of a reset"

    def expects_end(self):
        """Expects FIN or RST; returns what came before it."""
        return self.recv_all()[0]

    def expects_silence(self, seconds=0.15):
        """Expects silence for a moment. The only wait for something not to happen."""
        assert not self.buffer, f"octets already here: {bytes(self.buffer[:300])!r}"
        self.socket.settimeout(seconds)
        try:
            data = self.socket.recv(4096)
            raise AssertionError(f"not silent: {data[:300]!r}")
        except (TimeoutError, socket.timeout):
            pass
        finally:
            self.socket.settimeout(self.timeout)

    # --- bodies ---

    def read_chunk(self):
        """One chunk; b"" for the last one (its trailers are not read yet)."""
        line = self.recv_until(b"\r\n")[:-2]
        assert re.fullmatch(rb"[0-9A-Fa-f]+(;.*)?", line), f"not a chunk size: {line!r}"
        size = int(line.split(b";")[0], 16)
        if size == 0:
            return b""
        data = self.recv_exactly(size)
        assert self.recv_exactly(2) == b"\r\n", "no CRLF behind a chunk"
        return data

    def read_trailers(self):
        lines = []
        while line := self.recv_until(b"\r\n")[:-2]:
            lines.append(line)
        return parse_fields(lines)

    def _read_chunked(self, message):
        while chunk := self.read_chunk():
            message.chunks.append(chunk)
            message.body = b"".join(message.chunks) if len(message.chunks) < 64 else message.body
        message.body = b"".join(message.chunks)
        message.trailers = self.read_trailers()


class RawClient(Channel):
    """A client connection to the proxy (or anything else)."""

    def __init__(self, host, port, timeout=None, source=None, receive_buffer=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            sock.bind((source, 0))
        sock.settimeout(WAIT)
        sock.connect((host, port))
        super().__init__(sock, timeout)

    def request(self, method, target, *fields, body=b"", version="1.1"):
        """Sends a request head, with the target's Host unless one is given, then `body`."""
        lines = [f"{method} {target} HTTP/{version}"]
        if version == "1.1" and not any(field.lower().startswith("host:") for field in fields):
            authority = re.match(r"(?:\w+://)?(?:[^/@]*@)?([^/?#]*)", target)[1] or "proxy"
            lines.append(f"Host: {authority}")
        lines.extend(fields)
        head = "\r\n".join(lines) + "\r\n\r\n"
        self.send(head.encode("latin-1") + body)

    def connect_tunnel(self, host, port, *fields):
        """Sends CONNECT; returns the response, which must be 200."""
        self.request("CONNECT", f"{host}:{port}", *fields)
        response = self.read_response("CONNECT")
        assert response.status == 200, response
        return response

    def start_tls(self, ca_file=None, name="localhost"):
        """Starts TLS inside the connection so far."""
        context = ssl.create_default_context(cafile=ca_file)
        if ca_file is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket, server_hostname=name)

    def read_head(self):
        """Reads a response head, but not its body."""
        raw = self.recv_until(b"\r\n\r\n")
        lines = raw[:-4].split(b"\r\n")
        match = _STATUS_LINE.match(lines[0])
        assert match, f"not a status line: {lines[0]!r}"
        response = Response(raw, int(match[1]), int(match[2]), match[3].decode("latin-1"),
                            parse_fields(lines[1:]))
        response.raw = raw
        return response

    def read_response(self, method="GET", allow_truncated=False):
        """The next complete response, interim ones included. With `allow_truncated`, `truncated`
        tells a premature end ("fin" or "reset") and `body` is what came."""
        response = self.read_head()
        self.read_body(response, method, allow_truncated)
        return response

    def read_final(self, method="GET"):
        """(final response, [interim responses])"""
        interim = []
        while True:
            response = self.read_response(method)
            if response.status >= 200 or response.status == 101:
                return response, interim
            interim.append(response)

    def read_body(self, response, method="GET", allow_truncated=False):
        lengths = response.values("Content-Length")
        codings = response.values("Transfer-Encoding")
        assert not (lengths and codings), f"both framings: {response.fields}"
        assert len(lengths) < 2 and len(codings) < 2, f"two framings: {response.fields}"
        if (method == "HEAD" or response.status < 200 or response.status in (204, 304)
                or (method == "CONNECT" and response.status < 300)):
            return
        try:
            if codings:
                assert codings[0].lower() == "chunked", codings
                self._read_chunked(response)
            elif lengths:
                assert lengths[0].isdigit(), lengths
                response.body = self.recv_exactly(int(lengths[0]))
            else:
                response.body, how = self.recv_all()
                if how == "reset":
                    raise ClosedEarly("reset", b"")
        except ClosedEarly as early:
            if not allow_truncated:
                raise
            response.truncated = early.how
            if codings:
                response.body = b"".join(response.chunks)
            response.body += early.received
            self.buffer.clear()
