# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""One end of a TCP connection under asyncio, with every way to end it."""

import asyncio
import fcntl
import re
import socket
import ssl
import struct
import termios

from .waiting import WAIT

# A wait longer than this means stuck, not slow.
STUCK = 8 * WAIT

# Linux, ip(7) and tcp(7); Python has no names for them.
_BIND_ADDRESS_NO_PORT = 24
_TCP_CLOSE = 7
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class Ended(Exception):
    """The peer ended before the data came: "fin" or "reset"."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


async def stopped(task):
    """Cancels a task, whatever it was doing, before its socket closes."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Peer:
    def __init__(self, sock):
        self.socket = sock
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.has_heard = False
        self._was_reset = False
        self.about = "nothing said"
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def connect(cls, port, source=None, receive_buffer=None):
        sock = socket.socket()
        sock.setblocking(False)
        try:
            if receive_buffer:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            if source:
                # Chooses the port at connect(), which leaves more ports to choose from.
                sock.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
                sock.bind((source, 0))
            await asyncio.wait_for(
                asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port)), STUCK)
        except BaseException:
            sock.close()
            raise
        return cls(sock)

    async def send(self, data):
        try:
            await asyncio.wait_for(self._loop.sock_sendall(self.socket, data), STUCK)
        except (ConnectionError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            # The kernel reports a reset once; the next read would look like an orderly end. (EPIPE
            # means that such an end came first.)
            self._was_reset = self._was_reset or isinstance(error, ConnectionResetError)
            raise Ended("reset") from None

    async def _receive(self, patience=STUCK):
        try:
            data = await asyncio.wait_for(self._loop.sock_recv(self.socket, 65536), patience)
        except ConnectionError:
            raise Ended("reset") from None
        if not data and self._was_reset:
            raise Ended("reset")
        self.has_heard = True
        return data

    async def idle(self):
        """Waits without limit until something comes; False if the peer ends instead."""
        self.buffer += await self._receive(patience=None)
        return bool(self.buffer)

    async def some(self, most=65536):
        """At least one byte; b"" at the end."""
        if not self.buffer:
            self.buffer += await self._receive()
        data = bytes(self.buffer[:most])
        del self.buffer[:most]
        return data

    async def exactly(self, count):
        while len(self.buffer) < count:
            data = await self._receive()
            if not data:
                raise Ended("fin")
            self.buffer += data
        return await self.some(count) if count else b""

    async def until(self, mark):
        """Everything before the mark; the mark is consumed too."""
        while (at := self.buffer.find(mark)) < 0:
            data = await self._receive()
            if not data:
                raise Ended("fin")
            self.buffer += data
        data = bytes(self.buffer[:at])
        del self.buffer[:at + len(mark)]
        return data

    async def head(self):
        """(start line, {lower-case name: value})"""
        lines = (await self.until(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        return lines[0], {name.lower(): value.strip() for name, value
                          in (re.split(":", line, maxsplit=1) for line in lines[1:])}

    async def chunks(self):
        """The pieces of a chunked body, up to its regular end."""
        while size := await self._chunk_size():
            while size:
                data = await self.some(size)
                if not data:
                    raise Ended("fin")
                size -= len(data)
                yield data
            assert await self.until(b"\r\n") == b""
        assert await self.until(b"\r\n") == b""

    async def _chunk_size(self):
        line = await self.until(b"\r\n")
        assert _CHUNK_SIZE.fullmatch(line), f"not a chunk size: {line!r}"
        return int(line, 16)

    def take_waiting(self):
        """What has arrived but was not read yet."""
        data = bytes(self.buffer) + self._waiting_below()
        self.buffer.clear()
        return data

    def _waiting_below(self):
        data = b""
        try:
            while more := self.socket.recv(65536):
                data += more
        except OSError:
            pass
        return data

    def unacknowledged(self):
        """How many bytes the peer's kernel has not acknowledged yet."""
        return struct.unpack("i", fcntl.ioctl(self.socket, termios.TIOCOUTQ, b"\0" * 4))[0]

    async def delivered(self):
        """Waits until the peer's kernel has everything, or is gone."""
        until = self._loop.time() + STUCK
        while self.unacknowledged() and not self._is_dead() and self._loop.time() < until:
            await asyncio.sleep(0.001)

    def _is_dead(self):
        """Reset: unacknowledged bytes stay so for ever."""
        return self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _TCP_CLOSE

    async def drain(self):
        """Reads and discards everything to the end; returns how it ended."""
        try:
            while await self.some():
                pass
            return "fin"
        except Ended as ended:
            return ended.how

    def half_close(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # reset meanwhile

    def reset(self):
        if self.socket.fileno() < 0:
            return
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()


class TlsPeer(Peer):
    """The server's end of a TLS connection. `half_close()` ends it without close_notify."""

    def __init__(self, sock, context, name=None):
        super().__init__(sock)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=name is None,
                                     server_hostname=name)

    async def handshake(self):
        await self._until_done(self._tls.do_handshake)

    async def _until_done(self, step, patience=STUCK):
        while True:
            try:
                result = step()
                await self._flush()
                return result
            except ssl.SSLWantReadError:
                await self._flush()
                data = await super()._receive(patience)
                if not data:
                    raise Ended("fin") from None
                self._incoming.write(data)

    async def _flush(self):
        if self._outgoing.pending:
            await super().send(self._outgoing.read())

    async def send(self, data):
        if data:
            self._tls.write(data)
            await self._flush()

    async def _receive(self, patience=STUCK):
        try:
            return await self._until_done(lambda: self._tls.read(65536), patience)
        except ssl.SSLEOFError:
            raise Ended("reset") from None  # no close_notify: the peer went away in the middle
        except (ssl.SSLZeroReturnError, Ended) as end:
            if isinstance(end, Ended) and end.how != "fin":
                raise
            return b""

    def _waiting_below(self):
        self._incoming.write(super()._waiting_below())
        return self._decrypted()

    def _decrypted(self):
        """What the records hold that have arrived whole."""
        data = b""
        try:
            while more := self._tls.read(65536):
                data += more
        except ssl.SSLError:
            pass  # that was all
        return data

    async def say_end(self):
        """Sends close_notify."""
        self._notify()
        await self._flush()

    def _notify(self):
        # unwrap() looks for the peer's close_notify too, and a record that carries data instead is
        # its fatal error: every later read() would look like a reset.
        self.buffer += self._decrypted()
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            pass  # the peer's close_notify is still to come


class TlsClientPeer(TlsPeer):
    """The client's end. `half_close()` sends close_notify too, like `close()`; `cut()` ends without
    it."""

    def __init__(self, sock, context, name):
        super().__init__(sock, context, name)
        self._is_over = False

    @classmethod
    async def connect(cls, port, context, name, source=None, receive_buffer=None):
        plain = await Peer.connect(port, source, receive_buffer)
        peer = cls(plain.socket, context, name)
        try:
            await peer.handshake()
        except Ended as ended:
            peer.cut()
            raise ConnectionResetError(f"{ended.how} during the handshake") from None
        except BaseException:
            peer.cut()
            raise
        peer.has_heard = False
        return peer

    def half_close(self):
        self._say_end_now()
        super().half_close()

    def close(self):
        self._say_end_now()
        self.cut()

    def cut(self):
        super().close()

    def _say_end_now(self):
        """Sends close_notify as far as the kernel takes it at once."""
        if self._is_over or self.socket.fileno() < 0:
            return
        self._is_over = True
        self._notify()
        try:
            self.socket.send(self._outgoing.read())
        except OSError as error:
            # Reported once, as in send().
            self._was_reset = self._was_reset or isinstance(error, ConnectionResetError)
