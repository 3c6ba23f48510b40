# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What a capture contains: packets, the bytes of its streams, and the turns of the conversation."""

import collections
import socket
import struct

_FIN, _SYN, _RST = 1, 2, 4

Packet = collections.namedtuple("Packet", "source target flags sequence payload")
Packet.__doc__ = """A TCP segment: `source` and `target` are (address, port)."""


def speaks(packet):
    """Whether the packet moves a conversation on: it opens a connection or carries data. Bare
    acknowledgements and FINs do not."""
    return bool(packet.payload) or bool(packet.flags & _SYN)


def read_capture(path, skip=0):
    """The TCP segments in a capture of raw IPv4, without the first `skip` records."""
    with open(path, "rb") as file:
        data = file.read()
    magic, link = struct.unpack_from("<I16xI", data)
    assert (magic, link) == (0xA1B2C3D4, 101), "not a capture of raw IP in this machine's order"
    at, number, packets = 24, 0, []
    while at + 16 <= len(data):
        length = struct.unpack_from("<8xI", data, at)[0]
        if number >= skip and (packet := _segment(data[at + 16:at + 16 + length])):
            packets.append(packet)
        at += 16 + length
        number += 1
    return packets


def _segment(datagram):
    if datagram[0] >> 4 != 4 or datagram[9] != socket.IPPROTO_TCP:
        return None
    head, total = (datagram[0] & 15) * 4, struct.unpack_from(">H", datagram, 2)[0]
    source_port, target_port, sequence = struct.unpack_from(">HHI", datagram, head)
    start = head + (datagram[head + 12] >> 4) * 4
    return Packet((socket.inet_ntoa(datagram[12:16]), source_port),
                  (socket.inet_ntoa(datagram[16:20]), target_port),
                  datagram[head + 13], sequence, datagram[start:total])


def streams(packets):
    """{(source, target): bytes}: each direction of each connection, reassembled by sequence number,
    so that a search also finds what two segments share."""
    pieces, firsts = collections.defaultdict(dict), {}
    for packet in packets:
        key = (packet.source, packet.target)
        if packet.flags & _SYN:
            firsts[key] = (packet.sequence + 1) % 2**32
        if packet.payload:
            first = firsts.setdefault(key, packet.sequence)
            # Retransmitted segments are cut differently: the longest at one offset wins.
            offset = (packet.sequence - first) % 2**32
            if len(packet.payload) > len(pieces[key].get(offset, b"")):
                pieces[key][offset] = packet.payload
    return {key: _joined(those) for key, those in pieces.items()}


def _joined(pieces):
    whole = bytearray()
    for offset in sorted(pieces):
        if offset > len(whole):
            whole += bytes(offset - len(whole))  # a hole: the capture began later
        whole[offset:offset + len(pieces[offset])] = pieces[offset]
    return bytes(whole)


class Turns:
    """The turns of each connection that `near` has over a line.

    A flight is what one side sends before the other side speaks, however many packets, however
    often repeated. The outgoing flights are the round trips that a caller waited for until the last
    answer, whatever the clock of a busy machine says.
    """

    def __init__(self, packets, near):
        self._flights = collections.defaultdict(list)
        self._octets = collections.Counter()
        for packet in filter(speaks, packets):
            goes_out = packet.source[0] == near
            port = packet.source[1] if goes_out else packet.target[1]
            if not self._flights[port] or self._flights[port][-1] != goes_out:
                self._flights[port].append(goes_out)
            if not goes_out:
                self._octets[port] += len(packet.payload)

    def connections(self):
        return len(self._flights)

    def round_trips(self):
        """Those of the connection that received the most bytes: the others may have been opened
        meanwhile for later use."""
        port, _ = self._octets.most_common(1)[0]
        return sum(self._flights[port])
