# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Reads one response strictly and compares it with the plan."""

import asyncio
import re

from ledger import Missing
from plan import seed_of
from sami_support.pattern import Check, answer_seed
from sami_support.peer import Ended
from sami_support.rawclient import Message, parse_fields
from wire import ID_FIELD

_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [^\r\n\0]*")


async def read_head(peer):
    """(status, Message)"""
    try:
        head = await peer.until(b"\r\n\r\n")
    except Ended as ended:
        raise Missing(f"{ended.how} instead of an answer, after {bytes(peer.buffer[:200])!r}") from None
    lines = head.split(b"\r\n")
    match = _STATUS_LINE.fullmatch(lines[0])
    assert match, f"not a status line: {lines[0][:200]!r}"
    return int(match[1]), Message(head, parse_fields(lines[1:]))


def is_own(message):
    """Whether the proxy made it, not an origin."""
    return message.value("Proxy-Status", "").startswith("sami")


async def read_own(peer, statuses, method="GET"):
    """A response that only the proxy can have made; returns (status, whether the connection
    persists)."""
    status, message = await read_head(peer)
    assert not message.has(ID_FIELD), f"an origin answered: {message.fields}"
    if status not in statuses:
        kind = Missing if status == 503 else AssertionError
        raise kind(f"{status} instead of {sorted(statuses)}: {message.fields}")
    length = message.value("Content-Length", "")
    assert length.isdigit(), message.fields
    if method != "HEAD":
        await peer.exactly(int(length))
    return status, message.value("Connection", "").lower() != "close"


class Reader:
    """Reads the response to one request. `await read()` returns (status, whether the connection can
    take another request)."""

    def __init__(self, peer, request, expected, slowly=False):
        self._peer = peer
        self._request = request
        self._expected = expected
        self._slowly = slowly
        self._pauses = 40

    async def read(self):
        status, message = await self._final_head()
        lengths, codings = message.values("Content-Length"), message.values("Transfer-Encoding")
        assert len(lengths) + len(codings) < 2 or self._request.method == "HEAD", message.fields
        if is_own(message):
            return await self._own(status, message)
        self._belongs(message)
        answer = self._request.answer
        assert status == answer.status, f"{status} instead of {answer.status}"
        check = Check(answer_seed(seed_of(self._request.id)))
        how = await self._body(message, check)
        closes = message.value("Connection", "").lower() == "close"
        if how:
            self._judge_cut(check.count, how)
        else:
            self._judge_whole(check.count)
        return status, how is None and not closes

    def _belongs(self, message):
        identity = message.value(ID_FIELD)
        assert not message.has("X-Forged"), "octets that followed an answer became another one"
        assert identity == self._request.id, f"the answer of {identity}: {message.fields}"

    async def _final_head(self):
        seen = 0
        while True:
            status, message = await read_head(self._peer)
            if status >= 200:
                break
            assert self._request.version == "1.1", "an interim answer for HTTP/1.0"
            self._belongs(message)
            seen += 1
        planned = self._expected.interims
        if planned is None or is_own(message):
            assert seen <= self._request.answer.interims, f"{seen} interim answers"
        else:
            assert seen == planned, f"{seen} interim answers instead of {planned}"
        return status, message

    async def _own(self, status, message):
        assert not message.has(ID_FIELD), message.fields
        if status not in self._expected.errors:
            raise Missing(f"{status} from the proxy: {message.value('Proxy-Status')}")
        if self._request.method != "HEAD":
            await self._peer.exactly(int(message.value("Content-Length")))
        return status, message.value("Connection", "").lower() != "close"

    async def _body(self, message, check):
        """Reads the body; returns how it ended early, or None if it looks complete."""
        status = self._request.answer.status
        if self._request.method == "HEAD" or status in (204, 304):
            return None
        try:
            if message.has("Transfer-Encoding"):
                assert message.is_chunked and self._request.version == "1.1", message.fields
                async for data in self._peer.chunks():
                    check.take(data)
                    await self._pause()
            elif message.has("Content-Length"):
                length = int(message.value("Content-Length"))
                while check.count < length:
                    data = await self._peer.some(length - check.count)
                    if not data:
                        return "fin"
                    check.take(data)
                    await self._pause()
            else:
                while data := await self._peer.some():
                    check.take(data)
                    await self._pause()
        except Ended as ended:
            # If the end of a chunk is missing, the data before it is in the buffer.
            return ended.how
        return None

    async def _pause(self):
        if self._slowly and self._pauses:
            self._pauses -= 1
            await asyncio.sleep(0.01)

    def _judge_whole(self, count):
        whole = self._expected.whole
        assert whole is not None, f"an answer that was cut looks whole, with {count} octets"
        fits = count <= whole if self._expected.is_prefix_whole else count == whole
        assert fits, f"{count} octets of {whole} look whole"

    def _judge_cut(self, count, how):
        if self._expected.cut is None:
            raise Missing(f"cut ({how}) after {count} octets of {self._expected.whole}")
        least, most = self._expected.cut
        assert count <= most, f"{count} octets of {most}"
        if count < least:
            raise Missing(f"{count} octets before the cut ({how}), of {least} that had arrived")
