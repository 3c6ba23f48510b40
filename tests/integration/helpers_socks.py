# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The bytes of SOCKS5, correct or wrong as a test needs them (RFC 1928, RFC 1929)."""

import ipaddress

OPEN = b"\x05\x01\x00"  # a greeting that offers no authentication
LOCKED = b"\x05\x01\x02"  # ... user and password
EITHER = b"\x05\x02\x00\x02"
GSSAPI = b"\x05\x01\x01"
CHOSEN_OPEN = b"\x05\x00"
CHOSEN_LOCKED = b"\x05\x02"
NO_METHOD = b"\x05\xff"
ACCEPTED = b"\x01\x00"
REJECTED = b"\x01\x01"

SUCCESS, FAILURE, NOT_ALLOWED, NET_UNREACHABLE, HOST_UNREACHABLE, REFUSED, EXPIRED, COMMAND, TYPE = \
    range(9)


def reply(code):
    """Every reply has the address 0.0.0.0:0."""
    return bytes((5, code, 0, 1)) + bytes(6)


def pair(user, password):
    user, password = (text.encode() if isinstance(text, str) else text for text in (user, password))
    return bytes((1, len(user))) + user + bytes((len(password),)) + password


def to_name(name, port, command=1):
    """Sent as a name, whatever it looks like."""
    name = name.encode() if isinstance(name, str) else name
    return bytes((5, command, 0, 3, len(name))) + name + port.to_bytes(2, "big")


def to_address(address, port, command=1):
    packed = ipaddress.ip_address(address).packed
    return bytes((5, command, 0, 1 if len(packed) == 4 else 4)) + packed + port.to_bytes(2, "big")


def ask(client, request, greeting=OPEN, credentials=None):
    """Sends step by step, waiting for each answer; returns the code of the reply."""
    client.send(greeting)
    method = client.recv_exactly(2)
    if method == CHOSEN_LOCKED:
        client.send(credentials)
        status = client.recv_exactly(2)
        if status != ACCEPTED:
            raise AssertionError(f"the credentials were refused: {status!r}")
    elif method != CHOSEN_OPEN:
        raise AssertionError(f"no method: {method!r}")
    client.send(request)
    answer = client.recv_exactly(10)
    if answer != reply(answer[1]):
        raise AssertionError(f"not a reply: {answer!r}")
    return answer[1]
