# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Scripts for Origin: servers that misbehave on command.

Each takes the octets of an answer and does something to them; the request is read first.
"""

import fcntl
import struct
import termios


def close_after(octets):
    """Says that much, then FIN."""

    def serve(connection):
        connection.read_request()
        connection.send(octets)

    return serve


def reset_after(octets):
    """Says that much, waits until it was taken, then RST."""

    def serve(connection):
        connection.read_request()
        connection.send(octets)
        # What is still unacknowledged would die with the connection.
        while octets and _unacknowledged(connection.socket):
            pass
        connection.reset()

    return serve


def stall_after(octets):
    """Says that much, then nothing until the other side ends."""

    def serve(connection):
        connection.read_request()
        connection.send(octets)
        connection.peer_ended()

    return serve


def endless(begin, unit, limit=64 << 20):
    """Says `begin`, then `unit` again and again until the other side ends. `serve.said` counts."""

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
    """Says everything, one octet in each segment."""

    def serve(connection):
        connection.read_request()
        for at in range(len(octets)):
            connection.send(octets[at:at + 1])

    return serve


def _unacknowledged(sock):
    return struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]
