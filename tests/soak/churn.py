# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Clients that connect, trickle, abort, half-close and reset at random, and check what they get."""

import asyncio
import collections
import json
import socket
import traceback

from churnorigin import (ANSWER, CLOSE_UNREAD, FIN_FIRST, MAGIC, RESET, TRICKLE, TUNNEL,
                         ChurnOrigin)
from sami_support.pattern import Check, answer_seed, pattern, read_checked
from sami_support.peer import STUCK, Ended, Peer, stopped

# How much a client reads before it loses interest.
_SIZES = (0, 1, 100, 1000, 4096, 20_000, 70_000)


class Churn:
    """`await run(until)` with so many clients at once; what they saw is in the counters."""

    def __init__(self, proxy_port, random, half_close=True):
        self.proxy_port = proxy_port
        self.origin = ChurnOrigin()
        self.half_close = half_close
        self.counts = collections.Counter()
        self.whole_targets = []
        self.tunnels_seen = 0
        self.vanished = 0  # reset perhaps before the proxy got round to accept them
        self.failures = []
        self._random = random
        # Bound but not listening: refuses, and nobody else can take the port.
        self._refusing = socket.socket()
        self._refusing.bind(("127.0.0.1", 0))
        self._actions = [(name[len("_do_"):], getattr(self, name))
                         for name in sorted(dir(self)) if name.startswith("_do_")]

    async def run(self, clients, is_over):
        serving = asyncio.create_task(self.origin.serve())
        await asyncio.gather(*(self._client(is_over) for _ in range(clients)))
        serving.cancel()

    async def stop(self):
        await self.origin.stop()
        self._refusing.close()

    async def _client(self, is_over):
        while not is_over() and not self.failures and not self.origin.failures:
            name, action = self._random.choice(self._actions)
            seed = self._random.getrandbits(48)
            self.counts[name] += 1
            try:
                peer = await Peer.connect(self.proxy_port)
            except Exception as error:
                self.failures.append(f"{name}: no connection: {error!r}")
                return
            try:
                await action(peer, seed)
            except Exception:
                self.failures.append(f"{name}, stream {seed}: {traceback.format_exc()}")
            finally:
                self._leave(peer)

    def _leave(self, peer):
        """By FIN or by RST."""
        if self._random.random() < 0.3:
            self.vanished += not peer.has_heard
            peer.reset()
        else:
            peer.close()

    def _size(self):
        size = self._random.choice((0, 10, 500, 2000, 2000, 16_000, 66_000, 300_000))
        return self._random.randint(size // 2, size)

    async def _send_in_pieces(self, peer, data):
        at = 0
        while at < len(data):
            size = self._random.randint(1, 40)
            await peer.send(data[at:at + size])
            at += size
            if self._random.random() < 0.1:
                await asyncio.sleep(0.001)

    # --- requests that the proxy answers itself ---

    async def _do_own_pages(self, peer, _):
        for _ in range(self._random.randint(1, 4)):
            page = self._random.choice(("/", "/health", "/status", "/nowhere"))
            await peer.send(f"GET {page} HTTP/1.1\r\nHost: proxy\r\n\r\n".encode())
            line, fields = await peer.head()
            body = await peer.exactly(int(fields["content-length"]))
            assert line.split()[1] == ("404" if page == "/nowhere" else "200"), line
            if page in ("/health", "/status"):
                assert json.loads(body)["status"] == "ok", body

    async def _do_probe(self, peer, _):
        if self._random.random() < 0.5:
            await peer.send(b"GET http://example.test/ HT"[:self._random.randint(0, 27)])
        if self.half_close and self._random.random() < 0.3:
            peer.half_close()
            await peer.drain()

    async def _do_garbage(self, peer, seed):
        await peer.send(pattern(seed, 50) + b"\r\n\r\n")
        await peer.drain()

    async def _do_refused(self, peer, _):
        port = self._refusing.getsockname()[1]
        where, expected = self._random.choice(((f"127.0.0.1:{port}", "502"),
                                               ("127.0.0.1:22", "403"), ("nonsense", "400")))
        await peer.send(f"CONNECT {where} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        line, _ = await peer.head()
        assert line.split()[1] == expected, (where, line)

    # --- forwarded requests ---

    def _head(self, method, seed, length, mode, *fields):
        host = f"127.0.0.1:{self.origin.port}"
        lines = [f"{method} http://{host}/{seed}/{length}/{mode} HTTP/1.1", f"Host: {host}",
                 *fields]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _read_answer(self, peer, seed, length, mode):
        """Reads one answer; True when the connection can take the next request."""
        line, fields = await peer.head()
        assert line.split()[1] == "200", (line, mode, fields)
        check = Check(answer_seed(seed))
        how = None
        try:
            if "content-length" in fields:
                while check.count < length:
                    data = await peer.some(length - check.count)
                    if not data:
                        raise Ended("fin")
                    check.take(data)
            elif fields.get("transfer-encoding") == "chunked":
                async for data in peer.chunks():
                    check.take(data)
            else:
                while data := await peer.some():
                    check.take(data)
        except Ended as ended:
            how = ended.how
        if mode in ("cut", "reset"):
            assert how, f"a response that was cut ({mode}) looks whole"
            return False
        assert how is None and check.count == length, f"{check.count} of {length}, {how} ({mode})"
        self.whole_targets.append(f"/{seed}/{length}/{mode}")
        return fields.get("connection", "").lower() != "close"

    async def _do_get(self, peer, seed):
        for number in range(self._random.randint(1, 5)):
            mode = self._random.choice(("plain", "plain", "plain", "chunked", "until_close",
                                        "trickle", "cut", "reset"))
            # An empty one cannot be cut: it would be whole, and its connection in the pool.
            length = self._size() + (2 if mode in ("cut", "reset") else 0)
            head = self._head("GET", seed + number, length, mode)
            if self._random.random() < 0.1:
                await self._send_in_pieces(peer, head)
            else:
                await peer.send(head)
            if not await self._read_answer(peer, seed + number, length, mode):
                return

    async def _do_pipeline(self, peer, seed):
        lengths = [self._size() // 10 for _ in range(self._random.randint(2, 5))]
        await peer.send(b"".join(self._head("GET", seed + number, length, "plain")
                                 for number, length in enumerate(lengths)))
        for number, length in enumerate(lengths):
            await self._read_answer(peer, seed + number, length, "plain")

    async def _do_get_and_lose_interest(self, peer, seed):
        mode = self._random.choice(("plain", "chunked", "until_close", "trickle", "never"))
        await peer.send(self._head("GET", seed, 300_000, mode))
        if mode == "never":
            await asyncio.sleep(self._random.random() * 0.05)
            return
        line, _ = await peer.head()
        assert line.split()[1] == "200", line
        left = self._random.choice(_SIZES)
        while left > 0 and (data := await peer.some()):
            left -= len(data)
        await asyncio.sleep(self._random.random() * 0.02)

    async def _do_post(self, peer, seed):
        length = self._size()
        body = pattern(seed, length)
        if self._random.random() < 0.5:
            head = self._head("POST", seed, length, "plain", f"Content-Length: {length}")
        else:
            head = self._head("POST", seed, length, "plain", "Transfer-Encoding: chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (length, body) if length else b"0\r\n\r\n"
        await peer.send(head + body)
        if self.half_close and self._random.random() < 0.2:
            peer.half_close()
        await self._read_answer(peer, seed, length, "plain")

    async def _do_post_and_give_up(self, peer, seed):
        length = 100_000
        sent = self._random.choice(_SIZES)
        await peer.send(self._head("POST", seed, length, "plain", f"Content-Length: {length}")
                        + pattern(seed, sent))
        if self.half_close and self._random.random() < 0.2:
            peer.half_close()
            await peer.drain()
        await asyncio.sleep(self._random.random() * 0.02)

    # --- tunnels ---

    async def _open_tunnel(self, peer, seed, up, down, mode):
        """Half of them send right after the CONNECT."""
        connect = (f"CONNECT 127.0.0.1:{self.origin.port} HTTP/1.1\r\n"
                   f"Host: 127.0.0.1:{self.origin.port}\r\n\r\n").encode()
        first = TUNNEL.pack(MAGIC, seed, up, down, mode)
        isEager = self._random.random() < 0.5
        await peer.send(connect + first if isEager else connect)
        line, _ = await peer.head()
        assert line.split()[1] == "200", line
        self.tunnels_seen += 1
        if not isEager:
            await peer.send(first)

    async def _do_tunnel(self, peer, seed):
        """All octets both ways, at the same time, and the client closes."""
        up, down = self._size(), self._size()
        arrived = self.origin.received[seed] = asyncio.get_running_loop().create_future()
        await self._open_tunnel(peer, seed, up, down, self._random.choice((ANSWER, TRICKLE)))
        reading = asyncio.create_task(read_checked(peer, answer_seed(seed), down))
        try:
            await peer.send(pattern(seed, up))
            count, _ = await reading
            assert count == down, f"{count} of {down} came down"
            if up:
                count = await asyncio.wait_for(arrived, STUCK)
                assert count == up, f"{count} of {up} went up"
        finally:
            await stopped(reading)
            del self.origin.received[seed]

    async def _do_tunnel_half_closed(self, peer, seed):
        """The client's FIN first, or the origin's: what goes the other way still arrives."""
        if not self.half_close:
            return
        up, down = self._size(), self._size()
        originFirst = self._random.random() < 0.5
        arrived = self.origin.received[seed] = asyncio.get_running_loop().create_future()
        await self._open_tunnel(peer, seed, up, down, FIN_FIRST if originFirst else TRICKLE)
        try:
            if originFirst:
                count, how = await read_checked(peer, answer_seed(seed))
                assert (count, how) == (down, "fin"), f"{count} of {down} came down, {how}"
                await peer.send(pattern(seed, up))
                peer.half_close()
            else:
                reading = asyncio.create_task(read_checked(peer, answer_seed(seed)))
                try:
                    await peer.send(pattern(seed, up))
                    peer.half_close()
                    count, how = await reading
                finally:
                    await stopped(reading)
                assert (count, how) == (down, "fin"), f"{count} of {down} came down, {how}"
            count = await asyncio.wait_for(arrived, STUCK)
            assert count == up, f"{count} of {up} went up"
        finally:
            del self.origin.received[seed]

    async def _do_tunnel_that_the_origin_ends(self, peer, seed):
        await self._open_tunnel(peer, seed, 1000, self._size(),
                                self._random.choice((RESET, CLOSE_UNREAD)))
        try:
            await peer.send(pattern(seed, 1000))
        except Ended:
            pass
        await read_checked(peer, answer_seed(seed))

    async def _do_tunnel_and_lose_interest(self, peer, seed):
        """Reads a part, perhaps stands still for a while, and is gone."""
        await self._open_tunnel(peer, seed, 400_000, 1_000_000,
                                self._random.choice((ANSWER, TRICKLE)))
        await read_checked(peer, answer_seed(seed), self._random.choice(_SIZES))
        sending = asyncio.create_task(peer.send(pattern(seed, self._random.choice(_SIZES))))
        await asyncio.wait([sending], timeout=self._random.random() * 0.05)
        await stopped(sending)

    async def _do_connect_and_run(self, peer, _):
        await peer.send(f"CONNECT 127.0.0.1:{self.origin.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        if self._random.random() < 0.5:
            await asyncio.sleep(self._random.random() * 0.003)
