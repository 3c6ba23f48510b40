# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The origins: each looks its request up in the ledger and follows the plan.

They parse what arrives strictly and compare it with what was sent.
"""

import asyncio
import random
import re
import socket
import traceback

from plan import ORIGINS, seed_of
from sami_support.pattern import Check
from sami_support.peer import Ended, Peer, TlsPeer
from sami_support.rawclient import Message, parse_fields
from sami_support.waiting import SLOWNESS
from wire import ID_FIELD, answer_octets, forged_answer, target_of

_REQUEST_LINE = re.compile(rb"([A-Z]+) (/[!-~]*) HTTP/1\.1")
_NEVER_PASSED_ON = ("Proxy-Authorization", "Proxy-Connection", "Keep-Alive", "TE", "X-Forwarded-For")
# After this many seconds the proxy must have noticed bytes on an idle connection, and not reuse it.
_NOTICED = 2.0 * SLOWNESS


class Origins:
    """`await start()`; `authority(name)` gives the address of each; `await stop()` ends them all.
    """

    def __init__(self, ledger, tunnels, tls_context):
        self.open = {}
        self._servers = {name: _Server(self, name, ledger, tls_context if name == "tls" else None)
                         for name in ORIGINS}
        self._servers["tunnel"] = self.tunnels = tunnels
        self._tasks = []

    async def start(self):
        for server in self._servers.values():
            self._tasks.append(asyncio.create_task(self._accept(server)))

    def authority(self, name):
        return f"127.0.0.1:{self.port(name)}"

    def port(self, name):
        return self._servers[name].listener.getsockname()[1]

    async def _accept(self, server):
        loop = asyncio.get_running_loop()
        while True:
            sock, _ = await loop.sock_accept(server.listener)
            task = asyncio.create_task(server.serve(sock))
            self.open[task] = server
            task.add_done_callback(self.open.pop)

    async def stop(self):
        tasks = [*self._tasks, *self.open]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self._servers.values():
            server.listener.close()


def listen(host="127.0.0.1", device=None):
    listener = socket.socket()
    if device:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
        except PermissionError:
            pass  # an old kernel; connections from elsewhere are turned away one by one
    listener.bind((host, 0))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


class _Server:
    def __init__(self, origins, name, ledger, tls_context):
        self.name = name
        self.listener = listen()
        self._origins = origins
        self._ledger = ledger
        self._tls_context = tls_context

    async def serve(self, sock):
        peer = TlsPeer(sock, self._tls_context) if self._tls_context else Peer(sock)
        connection = _Connection(peer, self.name, self._origins, self._ledger)
        try:
            if self._tls_context:
                await peer.handshake()
            await connection.run()
        except (Ended, asyncio.CancelledError):
            pass
        except Exception as error:
            text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            self._ledger.fail(f"at the origin {self.name}: {text}", connection.visit())
        finally:
            peer.close()


class _Connection:
    """One connection from the proxy, and its requests in order."""

    def __init__(self, peer, name, origins, ledger):
        self._peer = peer
        self._name = name
        self._authority = origins.authority(name)
        self._ledger = ledger
        self._served = 0
        self._identity = None
        # Set by unsolicited bytes: why no more requests may come, and since when.
        self._spoiled = None
        self._noticed_at = 0.0
        self._has_crossed = False

    def visit(self):
        entry = self._ledger.entries.get(self._identity)
        return entry.visit if entry else None

    async def run(self):
        try:
            # The proxy may keep an idle connection for as long as it likes.
            while self._peer.buffer or await self._peer.idle():
                request, message = await self._head()
                if not await self._serve(request, message):
                    return
        finally:
            self._taint_unread()

    async def _drain(self):
        """Answers no more requests."""
        try:
            while data := await self._peer.some():
                self._taint_unread(data)
        except Ended:
            pass

    def _taint_unread(self, data=b""):
        """The requests that are here unread got another request's response, or none."""
        if not self._has_crossed:
            return
        data += self._peer.take_waiting()
        for identity in re.findall(rb"%s: ([0-9-]+)\r\n" % ID_FIELD.encode(), data):
            if entry := self._ledger.entries.get(identity.decode()):
                entry.tainted = True

    async def _head(self):
        try:
            head = await self._peer.until(b"\r\n\r\n")
        except Ended as ended:
            assert ended.how == "reset", f"an orderly end in a head: {bytes(self._peer.buffer)!r}"
            raise
        lines = head.split(b"\r\n")
        match = _REQUEST_LINE.fullmatch(lines[0])
        assert match, f"not a request line: {lines[0][:300]!r}"
        message = Message(head, parse_fields(lines[1:]))
        target = match[2].decode()
        found = re.match(r"/chaos/([0-9]+-[0-9]+-[0-9]+)\?", target)
        assert found, f"nobody asked for {target!r}"
        self._identity = found[1]
        entry = self._ledger.arrived(self._identity, self._is_tainted())
        request = entry.request
        says_nothing = request.answer.fault == "silent" or not answer_octets(request).octets
        entry.may_repeat = says_nothing and self._served > 0
        assert (match[1].decode(), target) == (request.method, target_of(request)), lines[0]
        assert request.origin == self._name, f"for the origin {request.origin}"
        assert message.values("Host") == [self._authority], message.fields
        self._check_fields(request, message)
        return request, message

    def _is_tainted(self):
        """Whether this request may have been written before the bytes could be seen. That is
        nobody's fault, unless it happens all the time. From here on it is open which request gets
        which response; ending now would hit another one that is not even known."""
        if self._spoiled is None:
            return False
        if self._has_crossed or asyncio.get_running_loop().time() < self._noticed_at:
            self._ledger.counts["crossed" if self._has_crossed else "used too soon"] += 1
            self._has_crossed = True
            return True
        raise AssertionError(f"{self._identity} came over a connection with {self._spoiled}")

    @staticmethod
    def _check_fields(request, message):
        assert message.values(ID_FIELD) == [request.id], message.fields
        assert len(message.values("Via")) == 1, message.fields
        assert not any(message.has(name) for name in _NEVER_PASSED_ON), message.fields
        lengths, codings = message.values("Content-Length"), message.values("Transfer-Encoding")
        if request.has_body:
            assert len(lengths) + len(codings) == 1, message.fields
        else:
            assert not codings and lengths in ([], ["0"]), message.fields

    async def _serve(self, request, message):
        """One request and its response; False once the connection is over."""
        self._served += 1
        self._peer.about = request.id
        answer = request.answer
        if answer.fault == "silent":
            await self._drain()
            return False
        if message.has("Upgrade"):
            return await self._upgrade(request)
        if answer.is_early:
            await self._say(request)
            await self._body(request, message)
        else:
            await self._body(request, message)
            await self._say(request)
        return await self._go_on(request)

    async def _body(self, request, message):
        check = Check(seed_of(request.id))
        if message.has("Transfer-Encoding"):
            assert message.is_chunked, message.fields
            async for data in self._peer.chunks():
                check.take(data)
        else:
            length = message.value("Content-Length", "0")
            assert length.isdigit(), message.fields
            while check.count < int(length):
                data = await self._peer.some(int(length) - check.count)
                if not data:
                    raise Ended("fin")
                check.take(data)
        self._ledger.arrived_whole(request.id)
        assert check.count == request.body_size, f"{check.count} octets of {request.body_size}"

    async def _say(self, request):
        octets, last = answer_octets(request).octets, b""
        if request.answer.fault == "surplus":
            # The surplus comes in one segment with the end of the response.
            at = len(octets) - len(forged_answer(request)) - 1
            octets, last = octets[:at], octets[at:]
        await self._say_octets(request, octets)
        await self._peer.send(last)

    async def _say_octets(self, request, octets):
        if not request.answer.in_pieces:
            await self._peer.send(octets)
            return
        rng = random.Random(request.id)
        cuts = sorted(rng.randint(0, len(octets)) for _ in range(rng.randint(1, 12)))
        for begin, end in zip([0, *cuts], [*cuts, len(octets)]):
            await self._peer.send(octets[begin:end])
            await asyncio.sleep(rng.choice((0, 0.002, 0.01)))

    async def _go_on(self, request):
        answer = request.answer
        said = answer_octets(request)
        if said.is_cut and answer.fault == "cut":
            if answer.how == "reset":
                await self._peer.delivered()
                self._taint_unread()  # a reset discards it
                self._peer.reset()
            else:
                await self._end()
            return False
        if answer.fault in ("two_lengths", "bad_head", "bad_chunk"):
            await self._drain()
            return False
        if answer.fault == "length_and_chunked":
            # It is passed on, and no other request may use this connection.
            self._spoiled = "an answer that had a length and chunks"
        if answer.fault == "surplus":
            await self._spoil("octets at the end of its last answer", late=False)
        if answer.fault == "late":
            await asyncio.sleep(random.Random(request.id).choice((0, 0.001, 0.02, 0.2)))
            await self._speak_late(request)
        if answer.framing == "close" or answer.then == "say_close":
            if isinstance(self._peer, TlsPeer):
                await self._peer.say_end()
            await self._end()
            return False
        return answer.then != "close_silently"

    async def _speak_late(self, request):
        if self._is_asked():
            return  # bytes sent now would be the next request's response
        self._ledger.counts["late octets"] += 1
        try:
            await self._peer.send(forged_answer(request))
        except Ended:
            pass  # a request may be here nevertheless
        await self._spoil("octets that came after its last answer", late=True)

    def _is_asked(self):
        """Whether the next request, or the end, has arrived."""
        try:
            self._peer.socket.recv(1, socket.MSG_PEEK)
            return True
        except BlockingIOError:
            return False
        except OSError:
            return True

    async def _spoil(self, why, late):
        """Marks all further requests as asked over a connection that has spoken unasked. With
        `late`, the connection may already have been in use again."""
        await self._peer.delivered()
        # Once crossed, always crossed: each later request gets the answer of the one before it.
        self._has_crossed = self._has_crossed or (late and self._is_asked())
        self._spoiled = why
        self._noticed_at = asyncio.get_running_loop().time() + (_NOTICED if late else 0)

    async def _end(self):
        """Sends FIN, and drains, so that closing does not send an RST."""
        self._peer.half_close()
        await self._drain()

    async def _upgrade(self, request):
        """101, then a tunnel that echoes. If untimely bytes answered this request, the proxy knows of
        no tunnel: what comes then is the next request."""
        self._ledger.arrived_whole(request.id)
        await self._peer.send((f"HTTP/1.1 101 Switching\r\n{ID_FIELD}: {request.id}\r\n"
                               "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n").encode())
        while data := await self._peer.some():
            self._taint_unread(data)
            await self._peer.send(data)
        return False
