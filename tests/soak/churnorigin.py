# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The other side of the churn: does what the client's first octets ask for.

A tunnel begins with `TUNNEL`, a request names its stream in the path: /SEED/LENGTH/MODE.
"""

import asyncio
import re
import socket
import struct
import traceback

from sami_support.pattern import Check, answer_seed, pattern
from sami_support.peer import Ended, Peer, stopped

TUNNEL = struct.Struct(">4sQIIB")
MAGIC = b"\0TUN"
# What the origin does with a tunnel.
ANSWER, FIN_FIRST, RESET, CLOSE_UNREAD, TRICKLE = range(5)


class ChurnOrigin:
    """`received` holds, per tunnel, a future of how many octets came whole and in order."""

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(1024)
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        self.received = {}
        self.failures = []
        self._tasks = {}

    async def serve(self):
        loop = asyncio.get_running_loop()
        while True:
            sock, _ = await loop.sock_accept(self._listener)
            peer = Peer(sock)
            task = asyncio.create_task(self._connection(peer))
            self._tasks[task] = peer
            task.add_done_callback(self._tasks.pop)

    @property
    def open_connections(self):
        return len(self._tasks)

    async def stop(self):
        """Ends what is left: the proxy's idle connections too."""
        self._listener.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, peer):
        try:
            if await peer.idle() and peer.buffer[:1] == MAGIC[:1]:
                await self._tunnel(peer)
                return
            # The proxy keeps an idle connection for as long as it likes.
            while (peer.buffer or await peer.idle()) and await self._request(peer):
                pass
        except Ended:
            pass
        except asyncio.CancelledError:
            pass
        except Exception:
            self.failures.append(f"origin, {peer.about}: {traceback.format_exc()}")
        finally:
            peer.close()

    # --- tunnels ---

    async def _tunnel(self, peer):
        magic, seed, up, down, mode = TUNNEL.unpack(await peer.exactly(TUNNEL.size))
        assert magic == MAGIC, magic
        peer.about = f"tunnel {seed}, {up} up, {down} down, mode {mode}"
        answer = pattern(answer_seed(seed), down)
        if mode == CLOSE_UNREAD:
            return
        if mode == RESET:
            await peer.send(answer[:down // 2])
            peer.reset()
            return
        reading = asyncio.create_task(self._read(peer, seed, up))
        try:
            if mode == TRICKLE:
                for at in range(0, down, down // 8 + 1):
                    await peer.send(answer[at:at + down // 8 + 1])
                    await asyncio.sleep(0.002)
            else:
                await peer.send(answer)
            if mode == FIN_FIRST:
                peer.half_close()
            await reading
        finally:
            await stopped(reading)

    async def _read(self, peer, seed, expected):
        check = Check(seed)
        try:
            while data := await peer.some():
                check.take(data)
                if check.count == expected:
                    self._tell(seed, check.count)
        except Ended:
            pass
        self._tell(seed, check.count)

    def _tell(self, seed, count):
        future = self.received.get(seed)
        if future and not future.done():
            future.set_result(count)

    # --- requests ---

    async def _request(self, peer):
        """One request and its answer; False when the connection ends with it."""
        line, fields = await peer.head()
        peer.about = line
        match = re.fullmatch(r"([A-Z]+) /(\d+)/(\d+)/(\w+) HTTP/1\.1", line)
        assert match, line
        method, seed, length, mode = match[1], int(match[2]), int(match[3]), match[4]
        check = Check(seed)
        if fields.get("transfer-encoding") == "chunked":
            async for data in peer.chunks():
                check.take(data)
        else:
            left = int(fields.get("content-length", 0))
            while left:
                data = await peer.some(left)
                if not data:
                    raise Ended("fin")
                check.take(data)
                left -= len(data)
        if method == "POST":
            assert check.count == length, f"{check.count} octets of {length} in a whole request"
        return await self._answer(peer, mode, pattern(answer_seed(seed), length))

    async def _answer(self, peer, mode, body):
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
        length = head + f"Content-Length: {len(body)}\r\n\r\n"
        half = body[:len(body) // 2]
        if mode == "never":
            await peer.drain()
            return False
        if mode == "chunked":
            await peer.send((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
            for at in range(0, len(body), 5000):
                block = body[at:at + 5000]
                await peer.send(b"%x\r\n%s\r\n" % (len(block), block))
            await peer.send(b"0\r\n\r\n")
            return True
        if mode == "until_close":
            await peer.send((head + "Connection: close\r\n\r\n").encode() + body)
            return False
        if mode in ("cut", "reset"):
            await peer.send(length.encode() + half)
            if mode == "reset":
                peer.reset()
            return False
        if mode == "trickle":
            await peer.send(length.encode())
            for at in range(0, len(body), len(body) // 8 + 1):
                await peer.send(body[at:at + len(body) // 8 + 1])
                await asyncio.sleep(0.002)
            return True
        await peer.send(length.encode() + body)
        return True
