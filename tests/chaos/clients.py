# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The clients: each makes one visit after another, as planned, and judges what it gets."""

import asyncio
import random
import traceback

import malice
import socks
import tunnels
from answers import Reader, read_head, read_own
from ledger import Missing
from plan import draw_visit
from sami_support.peer import STUCK, Ended, Peer, TlsClientPeer, stopped
from sami_support.pattern import pattern
from wire import CREDENTIALS, ID_FIELD, answer_octets, expect, request_head, request_octets

# The receive buffer of a client that reads slowly.
_SMALL_BUFFER = 4096
# In seconds: how long a client that will leave anyway waits.
_BORED = 2


class Client:
    """`await run(is_over)` makes its visits, starting with `first`."""

    def __init__(self, number, world):
        self.number = number
        self._world = world
        self._ledger = world.ledger
        # The guard blocks clients with wrong credentials, so those use another address.
        self._good_address = f"127.0.1.{1 + number}"
        self._bad_address = f"127.0.2.{1 + number}"

    async def run(self, is_over, first=0):
        number = first
        while not is_over():
            visit = draw_visit(self._world.seed, self.number, number)
            number += 1
            if {visit.kind, f"{visit.kind}/{visit.variant}"} & self._world.left_out:
                continue
            self._ledger.counts[visit.kind] += 1
            await self._perform(visit)
            self._ledger.retire(visit)
            await asyncio.sleep(random.Random(visit.id).random() * 0.3)
        return number

    async def _perform(self, visit):
        moves = self._world.moves
        try:
            peer = await self._connect(visit)
        except OSError as error:
            if not self._ledger.draining:
                self._ledger.fail(f"no connection: {error!r}", visit)
            return
        try:
            await getattr(self, "_do_" + visit.kind)(peer, visit)
        except Exception as error:
            # A connection in the backlog of a listener that moved was reset without being served.
            moved = self._world.has_moved_since(moves) and not peer.has_heard
            if not moved and not await self._ledger.is_excused(visit, error):
                is_verdict = isinstance(error, (AssertionError, Ended))
                text = repr(error) if is_verdict else traceback.format_exc()
                self._ledger.fail(f"at the client, {visit.kind}: {text}", visit)
        finally:
            if visit.leaves_by == "reset":
                peer.reset()
            elif visit.leaves_by == "cut" and visit.comes_by == "tls":
                peer.cut()
            else:
                peer.close()

    async def _connect(self, visit):
        source = self._bad_address if visit.kind == "credentials" else self._good_address
        until = asyncio.get_running_loop().time() + STUCK
        while True:
            try:
                receive_buffer = _SMALL_BUFFER if visit.reads_slowly else None
                if visit.comes_by == "tls":
                    return await TlsClientPeer.connect(self._world.port, self._world.door,
                                                       "127.0.0.1", source, receive_buffer)
                return await Peer.connect(self._world.port, source, receive_buffer)
            except OSError:
                # The listener may be moving.
                if self._ledger.draining or asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(0.05)

    async def _send(self, peer, visit, octets):
        if not visit.in_pieces:
            await peer.send(octets)
            return
        rng = random.Random(visit.id)
        cuts = sorted(rng.randint(0, len(octets)) for _ in range(rng.randint(1, 10)))
        for begin, end in zip([0, *cuts], [*cuts, len(octets)]):
            await peer.send(octets[begin:end])
            await asyncio.sleep(rng.choice((0, 0.001, 0.01)))

    def _plan(self, visit, request, **rules):
        self._ledger.plan(visit, request.id, request, **rules)
        return request_octets(request, self._world.origins.authority(request.origin))

    # --- well-behaved forwarded requests ---

    async def _read(self, peer, visit, request, ends=False):
        """Reads a response; True if the connection takes another request."""
        expected = expect(request, self._world.qt_sockets, ends)
        reader = Reader(peer, request, expected, visit.reads_slowly)
        try:
            status, keeps = await reader.read()
        except AssertionError as error:
            error.args = (f"{request.id}: {error}",)
            raise
        self._ledger.answered(request.id, status)
        return keeps and request.version == "1.1"

    def _fin_counts_as_gone(self, request):
        """A FIN that cannot be passed on by itself (docs/behaviour.md §6)."""
        return self._world.qt_sockets or request.origin == "tls"

    async def _do_sequence(self, peer, visit):
        for request in visit.requests:
            sending = asyncio.create_task(
                self._send(peer, visit, self._plan(visit, request)))
            ends = visit.half_closes and request is visit.requests[-1]
            try:
                if ends:
                    await sending
                    peer.half_close()
                keeps = await self._read(peer, visit, request, ends)
            except BaseException as error:
                await stopped(sending)
                if ends and self._fin_counts_as_gone(request) and _is_absence(error):
                    return
                raise
            if not keeps or request.answer.is_early:
                await stopped(sending)
            else:
                await sending
            if not keeps:
                # Not a byte may follow.
                await self._expect_end(peer)
                return
            if request.answer.is_early:
                return
            assert not peer.buffer, f"octets after the answer: {bytes(peer.buffer[:200])!r}"
            await asyncio.sleep(visit.pause)

    async def _expect_end(self, peer):
        try:
            while data := await peer.some():
                raise AssertionError(f"octets after the last answer: {data[:200]!r}")
        except Ended:
            pass

    async def _do_pipeline(self, peer, visit):
        octets = b"".join(self._plan(visit, request) for request in visit.requests)
        sending = asyncio.create_task(self._send_all(peer, visit, octets))
        try:
            for request in visit.requests:
                try:
                    keeps = await self._read(peer, visit, request, visit.half_closes)
                except AssertionError as error:
                    if (visit.half_closes and self._fin_counts_as_gone(request)
                            and _is_absence(error)):
                        return
                    raise
                if not keeps:
                    await self._expect_end(peer)
                    return
        finally:
            await stopped(sending)

    async def _send_all(self, peer, visit, octets):
        try:
            await self._send(peer, visit, octets)
            if visit.half_closes:
                peer.half_close()
        except Ended:
            pass  # a response that closes came before the rest was sent

    # --- clients that give up ---

    async def _do_upload_abort(self, peer, visit):
        request, = visit.requests
        octets = self._plan(visit, request, unfinished=True)
        head = octets.index(b"\r\n\r\n") + 4
        await self._send(peer, visit, octets[:head + int(visit.at * (len(octets) - head))])
        await asyncio.sleep(visit.pause)
        if visit.variant == "reset":
            peer.reset()
        elif visit.variant == "half_close":
            peer.half_close()
            data = bytearray()
            try:
                while more := await peer.some():
                    data += more
            except Ended:
                pass
            assert ID_FIELD.encode() not in data, f"half a request was answered: {data[:300]!r}"

    async def _do_answer_abort(self, peer, visit):
        request, = visit.requests
        await peer.send(self._plan(visit, request))
        if visit.variant == "in_the_answer":
            left = int(visit.at * len(answer_octets(request).octets))
            try:
                # A refusal is shorter.
                while left > 0 and (data := await asyncio.wait_for(peer.some(), _BORED)):
                    left -= len(data)
            except (Ended, TimeoutError):
                pass
        elif visit.variant in ("unread", "silent"):
            await asyncio.sleep(0.02 + visit.pause)

    async def _do_probe(self, peer, visit):
        if visit.variant == "part_of_a_head":
            await peer.send(b"GET http://example.test/ HTTP/1.1\r\nHost: e"[:1 + int(visit.at * 40)])
            await asyncio.sleep(visit.pause)

    # --- responses of the proxy itself ---

    async def _do_own_page(self, peer, visit):
        path = visit.variant
        if path == "/nowhere":
            path = f"/nowhere/{visit.id}-0"
            self._ledger.plan(visit, f"{visit.id}-0", refused=True)
        await peer.send(f"GET {path} HTTP/1.1\r\nHost: proxy\r\n{CREDENTIALS}\r\n\r\n".encode())
        statuses = {404} if visit.variant == "/nowhere" else {200}
        if self._ledger.draining:
            statuses = {200, 404, 503}
        status, _ = await read_own(peer, statuses)
        if visit.variant == "/nowhere":
            self._ledger.answered(f"{visit.id}-0", status)

    async def _do_credentials(self, peer, visit):
        request, = visit.requests
        self._ledger.plan(visit, request.id, request, refused=True)
        given = {"none": None, "wrong": "Proxy-Authorization: Basic d3Jvbmc6d3Jvbmc=",
                 "bearer": "Proxy-Authorization: Bearer abcdef"}[visit.variant]
        await peer.send(request_head(request, self._world.origins.authority(request.origin),
                                     credentials=given))
        status, _ = await read_own(peer, {407, 429})
        self._ledger.answered(request.id, status)

    async def _do_malformed(self, peer, visit):
        carrier, smuggled = visit.requests
        self._ledger.plan(visit, carrier.id, carrier, unfinished=True,
                          refused=visit.variant != "bad_chunk")
        self._ledger.plan(visit, smuggled.id, smuggled, refused=True)
        authority = self._world.origins.authority(carrier.origin)
        octets = malice.malformed(visit, carrier, smuggled, authority)
        sending = asyncio.create_task(self._send_all(peer, visit, octets))
        try:
            status, keeps = await read_own(peer, {400, 403, 501, 502} if visit.variant == "bad_chunk"
                                           else {400, 414, 431, 501, 505})
            assert status == 403 or not keeps, "the connection goes on after two readings"
            if visit.variant == "bad_chunk":
                self._ledger.answered(carrier.id, status)
            await self._expect_end(peer)
        finally:
            await stopped(sending)

    async def _do_refused_connect(self, peer, visit):
        """What an eager client sends into a tunnel that never opens is no request."""
        request, = visit.requests
        self._ledger.plan(visit, request.id, request, refused=True)
        port = 22 if visit.variant.startswith("forbidden") else self._world.closed_port
        await self._open(peer, visit, port)
        if visit.variant.endswith("then_octets"):
            await asyncio.sleep(visit.pause)
            authority = self._world.origins.authority(request.origin)
            await peer.send(request_head(request, authority))
        status, _ = await read_own(peer, {403} if port == 22 else {502})
        self._ledger.answered(f"{visit.id}-t", status)
        try:
            while data := await asyncio.wait_for(peer.some(), 0.05):
                raise AssertionError(f"octets after the refusal: {data[:200]!r}")
        except (Ended, TimeoutError):
            pass

    # --- tunnels ---

    async def _open(self, peer, visit, port):
        self._ledger.plan(visit, f"{visit.id}-t")
        where = f"{tunnels.address_of(visit)}:{port}"
        await peer.send(f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n{CREDENTIALS}\r\n\r\n".encode())

    async def _open_by_socks(self, peer, visit, may_fail):
        identity = f"{visit.id}-t"
        self._ledger.plan(visit, identity)
        try:
            reply = await socks.connect(lambda octets: self._send(peer, visit, octets), peer,
                                        tunnels.address_of(visit),
                                        self._world.origins.port("tunnel"))
        except Missing:
            # The origin's RST, passed on, discards a reply that the client has not read yet.
            if may_fail:
                return False
            raise
        if reply and not may_fail:
            raise Missing(f"the reply {reply} instead of 0")
        if not reply:
            self._ledger.answered(identity, 200)
        return not reply

    async def _opened(self, peer, wanted, others):
        status, message = await read_head(peer)
        if status != wanted and status not in others:
            raise Missing(f"{status} instead of {wanted}: {message.fields}")
        return status, message

    async def _do_tunnel(self, peer, visit):
        if self._world.qt_sockets and visit.variant in ("client_first", "origin_first"):
            return
        origin = self._world.origins.tunnels
        arrived = origin.expect(visit)
        try:
            # A tunnel that is reset at once may be gone before the proxy sees it open.
            may_fail = visit.variant == "origin_reset"
            if visit.speaks == "socks5":
                is_open = await self._open_by_socks(peer, visit, may_fail)
            else:
                await self._open(peer, visit, self._world.origins.port("tunnel"))
                status, _ = await self._opened(peer, 200, {502} if may_fail else set())
                self._ledger.answered(f"{visit.id}-t", status)
                is_open = status == 200
            if is_open:
                await tunnels.use(peer, visit, arrived)
        finally:
            origin.forget(visit)

    async def _do_upgrade(self, peer, visit):
        request, = visit.requests
        self._ledger.plan(visit, request.id, request)
        authority = self._world.origins.authority(request.origin)
        await peer.send(request_head(request, authority, "Connection: Upgrade",
                                     "Upgrade: websocket"))
        others = {403} if request.origin == "flapping" else set()
        status, message = await self._opened(peer, 101, others)
        self._ledger.answered(request.id, status)
        if status != 101:
            return
        assert message.value(ID_FIELD) == request.id, message.fields
        sent = pattern(visit.number, min(visit.up, 20_000))
        await peer.send(sent)
        assert await peer.exactly(len(sent)) == sent, "the echo differs"


def _is_absence(error):
    return isinstance(error, (Ended, Missing))
