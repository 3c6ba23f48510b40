# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A SOCKS5 client's part of a visit (RFC 1928, RFC 1929)."""

import socket
import struct

from ledger import Missing
from sami_support.peer import Ended
from wire import PASSWORD, USER

def greeting():
    user, password = USER.encode(), PASSWORD.encode()
    return (b"\x05\x01\x02" + b"\x01" + bytes([len(user)]) + user
            + bytes([len(password)]) + password)


def request(address, port):
    return b"\x05\x01\x00\x01" + socket.inet_aton(address) + struct.pack(">H", port)


async def connect(send, peer, address, port):
    """Sends everything at once, since no step needs an answer; returns the reply's code."""
    try:
        await send(greeting() + request(address, port))
        assert await peer.exactly(4) == b"\x05\x02\x01\x00", "not admitted"
        version, reply, reserved, kind = await peer.exactly(4)
        assert (version, reserved, kind) == (5, 0, 1), f"not a reply: {(version, reserved, kind)}"
        await peer.exactly(6)
    except Ended as ended:
        raise Missing(f"{ended.how} instead of an answer") from None
    return reply
