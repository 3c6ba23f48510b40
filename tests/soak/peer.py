# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""One end of a TCP connection under asyncio, with every way to end it."""

import asyncio
import re
import socket
import struct

from sami_support.waiting import WAIT

# Whoever waits longer than this is stuck, not slow.
STUCK = 8 * WAIT


class Ended(Exception):
    """The other side ended before what was waited for: "fin" or "reset"."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


async def stopped(task):
    """Ends a task, whatever it was about, before its socket goes."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Peer:
    def __init__(self, sock):
        self.socket = sock
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.has_heard = False
        self.about = "nothing said"
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def connect(cls, port):
        sock = socket.socket()
        sock.setblocking(False)
        try:
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
            raise Ended("reset") from None

    async def _receive(self, patience=STUCK):
        try:
            data = await asyncio.wait_for(self._loop.sock_recv(self.socket, 65536), patience)
            self.has_heard = True
            return data
        except ConnectionError:
            raise Ended("reset") from None

    async def idle(self):
        """Until something comes, however long; False when the other side ends instead."""
        self.buffer += await self._receive(patience=None)
        return bool(self.buffer)

    async def some(self, most=65536):
        """At least one octet; b"" for the end."""
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
        """Up to and without the mark, which is taken off too."""
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
        """The pieces of a chunked body, to its proper end."""
        while size := int(await self.until(b"\r\n"), 16):
            while size:
                data = await self.some(size)
                if not data:
                    raise Ended("fin")
                size -= len(data)
                yield data
            assert await self.until(b"\r\n") == b""
        assert await self.until(b"\r\n") == b""

    async def drain(self):
        """Reads and forgets to the end; how it came."""
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
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()
