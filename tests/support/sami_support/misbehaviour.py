# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Scripts for Origin: servers that misbehave on command.

Each takes the bytes of a response and mistreats them, after reading the request.
"""

import fcntl
import struct
import termios


def close_after(octets):
    """Sends these bytes, then FIN."""

    def serve(connection):
        connection.read_request()
        connection.send(octets)

    return serve


def reset_after(octets):
    """Sends these bytes, waits until they are acknowledged, then RST."""

    def serve(connection):
        connection.read_request()
        connection.send(octets)
        # A reset would discard what is still unacknowledged.
        while octets and _unacknowledged(connection.socket):
            pass
        connection.reset()

    return serve


def stall_after(octets):
    """Sends these bytes, then nothing until the peer ends."""

    def serve(connection):
        connection.read_request()
        connection.send(octets)
        connection.peer_ended()

    return serve


def endless(begin, unit, limit=64 << 20):
    """Sends `begin`, then `unit` over and over until the peer ends. `serve.said` counts the bytes.
    """

    def serve(connection):
        connection.read_request()
        connection.send(begin)
        block = unit * max(1, 16384 // len(unit))
        while serve.said < limit:
            connection.send(block)
            serve.said += len(block)
        raise AssertionError(f"nobody stopped it after {serve.said} octets")

    serve.said = 0
    return serve


def drip(octets):
    """Sends everything, one byte per segment."""

    def serve(connection):
        connection.read_request()
        for at in range(len(octets)):
            connection.send(octets[at:at + 1])

    return serve


def _unacknowledged(sock):
    return struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]
