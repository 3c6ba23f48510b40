# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The messages that the readers are given: the fuzz corpora, and mutations of them."""
import pathlib
import random

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "fuzz" / "corpus"

REQUEST = b"POST http://h.example/ HTTP/1.1\r\nHost: h.example\r\nTransfer-Encoding: chunked\r\n\r\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

# What parsers have differed over.
SPLINTERS = [
    b" ", b"\t", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\x00", b"\x0b", b"\x0c", b"\x7f", b"\x80",
    b"\xa0", b":", b",", b";", b'"', b"\\", b"/", b"#", b"?", b"@", b"[", b"]", b"%00", b"+", b"-",
    b"0", b"0x", b"_", b"00000000000000000", b"18446744073709551616", b"9223372036854775807",
    b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"GET", b"CONNECT h.example:443 ",
    b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length: 5, 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n",
    b"Transfer-Encoding : chunked\r\n", b" chunked", b"chunked", b"Host: h.example\r\n",
    b"Connection: close\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"Expect: 100-continue\r\n", b"X: y\r\n", b"X: y\r\n z\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n",
    b"5;a=b\r\nhello\r\n",
]


def corpus():
    """(kind, octets) out of the corpora of the targets that read whole messages."""
    for unit, kind in (("requestheadparser", "request"), ("responseheadparser", "GET")):
        for path in sorted((CORPUS / unit).iterdir()):
            octets = path.read_bytes().split(b"\n", 1)[-1]
            yield kind, octets
            if kind == "GET":
                yield "HEAD", octets
    for path in sorted((CORPUS / "forwarding").iterdir()):
        octets = path.read_bytes()
        yield ("GET" if octets.startswith(b"HTTP/") else "request"), octets
    for path in sorted((CORPUS / "bodyreader").iterdir()):
        parts = path.read_bytes().split(b"\n", 2)
        if len(parts) == 3 and parts[1] == b"chunked":
            yield "request", REQUEST + parts[2]
            yield "GET", RESPONSE + parts[2]


def mutate(octets, other, dice):
    """One to three changes of the kinds that smugglers make."""
    octets = bytearray(octets)
    for _ in range(dice.randint(1, 3)):
        at = dice.randint(0, len(octets))
        change = dice.randrange(6)
        if change == 0:
            octets[at:at] = dice.choice(SPLINTERS)
        elif change == 1 and octets:
            octets[at % len(octets)] = dice.randrange(256)
        elif change == 2:
            del octets[at:at + dice.randint(1, 4)]
        elif change == 3:
            lines = bytes(octets).split(b"\r\n")
            line = dice.randrange(len(lines))
            lines.insert(dice.randrange(len(lines)), lines[line])
            octets = bytearray(b"\r\n".join(lines))
        elif change == 4:
            lines = bytes(octets).split(b"\r\n")
            theirs = other.split(b"\r\n")
            lines.insert(dice.randrange(len(lines)), dice.choice(theirs))
            octets = bytearray(b"\r\n".join(lines))
        else:
            mark = octets.find(b"\r\n", at)
            if mark >= 0:
                octets[mark:mark] = dice.choice(SPLINTERS)
    return bytes(octets)


def generated(count, seed):
    """All of the corpus, then `count` mutations of it, the same for the same seed."""
    base = list(corpus())
    yield from base
    dice = random.Random(seed)
    for _ in range(count):
        kind, octets = dice.choice(base)
        yield kind, mutate(octets[:4096], dice.choice(base)[1], dice)
