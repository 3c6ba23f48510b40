# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Both ends of the tunnels. Each tunnel has its own address, 127.x.y.z, which identifies it to the
origin and in the access log: the target of CONNECT has no room for an id.
"""

import asyncio
import traceback

from origins import listen
from plan import seed_of
from sami_support.pattern import Check, answer_seed, pattern, read_checked
from sami_support.peer import STUCK, Ended, Peer, stopped

_VISITS = 1 << 16
_ENDS_FIRST = {"client_first": "client", "origin_first": "origin"}


def address_of(visit):
    """Linux owns all of 127.0.0.0/8; 127.0.0.x is left to others."""
    number = visit.number % _VISITS
    return f"127.{1 + visit.client}.{number >> 8}.{number & 255}"


def identity_at(address):
    """The id of the visit that went there."""
    _, client, high, low = map(int, address.split("."))
    return f"{client - 1}-{high * 256 + low}"


class TunnelOrigin:
    """Sends and receives according to the visit's plan."""

    def __init__(self, ledger):
        self.listener = listen("0.0.0.0", b"lo")
        self._ledger = ledger
        self.visits = {}
        self.arrived = {}

    def expect(self, visit):
        """A future for how many of the client's bytes arrived."""
        self.visits[visit.id] = visit
        future = self.arrived[visit.id] = asyncio.get_running_loop().create_future()
        return future

    def forget(self, visit):
        self.visits.pop(visit.id, None)
        self.arrived.pop(visit.id, None)

    async def serve(self, sock):
        peer = Peer(sock)
        visit = None
        try:
            address = sock.getsockname()[0]
            if not sock.getpeername()[0].startswith("127."):
                return
            visit = self.visits.get(identity_at(address))
            if visit is None:
                return  # its client left before the connection was made
            await self._serve(peer, visit)
        except (Ended, OSError, asyncio.CancelledError):
            pass
        except Exception as error:
            text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            self._ledger.fail(f"at the tunnel's origin: {text}", visit)
        finally:
            peer.close()

    async def _serve(self, peer, visit):
        answer = pattern(answer_seed(seed_of(visit.id)), visit.down)
        if visit.variant == "origin_reset":
            await peer.send(answer[:int(visit.at * visit.down)])
            await peer.delivered()
            peer.reset()
            return
        if visit.variant == "client_first":
            # The client's FIN first, then the response: only a half-close allows that.
            await self._take(peer, visit)
            await peer.send(answer)
            peer.half_close()
            return
        taking = asyncio.create_task(self._take(peer, visit))
        try:
            await peer.send(answer)
            if visit.variant == "origin_first":
                peer.half_close()
            await taking
        finally:
            await stopped(taking)

    async def _take(self, peer, visit):
        check = Check(seed_of(visit.id))
        how = "fin"
        try:
            while data := await peer.some():
                check.take(data)
                if visit.variant == "orderly" and check.count >= visit.up:
                    self._tell(visit, check.count, None)
        except Ended as ended:
            how = ended.how
        assert check.count <= visit.up, f"{check.count} octets of {visit.up} came up"
        self._tell(visit, check.count, how)

    def _tell(self, visit, count, how):
        future = self.arrived.get(visit.id)
        if future and not future.done():
            future.set_result((count, how))


async def _read_down(peer, visit, most=None):
    return await read_checked(peer, answer_seed(seed_of(visit.id)), most)


async def use(peer, visit, arrived):
    """The client's part after it got its 200."""
    up, down = pattern(seed_of(visit.id), visit.up), visit.down
    if visit.variant == "client_reset":
        await peer.send(up[:int(visit.at * visit.up)])
        peer.reset()
        return
    if visit.variant == "client_first":
        reading = asyncio.create_task(_read_down(peer, visit))
        try:
            await peer.send(up)
            peer.half_close()
            assert await reading == (down, "fin"), f"{reading.result()} of {down} came down"
        finally:
            await stopped(reading)
    elif visit.variant == "origin_first":
        got = await _read_down(peer, visit)
        assert got == (down, "fin"), f"{got} of {down} came down"
        await peer.send(up)
        peer.half_close()
    elif visit.variant == "origin_reset":
        sending = asyncio.create_task(peer.send(up))
        try:
            count, _ = await _read_down(peer, visit)
        finally:
            await stopped(sending)
        assert count <= int(visit.at * down), f"{count} came down"
        return
    else:
        reading = asyncio.create_task(_read_down(peer, visit, down))
        try:
            await peer.send(up)
            count, _ = await reading
        finally:
            await stopped(reading)
        assert count == down, f"{count} of {down} came down"
        if not up:
            return
    count, _ = await asyncio.wait_for(arrived, STUCK)
    assert count == len(up), f"{count} of {len(up)} went up"
