# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Sends gigabytes through the proxy, from peers that copy nothing, to measure its memory use."""

import os
import re
import socket
import tempfile
import threading
import time

from .origin import Origin
from .waiting import WAIT, wait_until

_BLOCK = 4 << 20
# Many times what the kernel buffers for two connections (tcp_rmem, tcp_wmem).
STALLED_SIZE = 256 << 20
# A peer whose count has not changed for this long counts as stalled.
_STILL = 1.0

# AddressSanitizer keeps freed memory for a while to catch late uses of it, and a memory measurement
# would count that. Other builds ignore this variable.
FREES_AT_ONCE = {"ASAN_OPTIONS": ":".join(filter(None, (
    os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=0", "thread_local_quarantine_size_kb=0")))}


def memory_kib(pid, field="VmRSS"):
    """`VmRSS` is the resident memory now, `VmHWM` its peak (see settled_memory_kib)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(rf"{field}:\s+(\d+) kB", status.read())[1])


def settled_memory_kib(proxy):
    """`VmRSS` of a freshly started daemon, once everything is loaded and its threads run. Resets
    `VmHWM`, because loading takes more for a moment."""
    assert proxy.get("/health").status == 200  # it accepts nobody before this
    pid, last = proxy.pid, [0]

    def is_settled():
        before, last[0] = last[0], memory_kib(pid)
        time.sleep(0.1)
        return before == last[0]

    wait_until(is_settled, what="a steady size")
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as peak:
        peak.write("5")
    return last[0]


class _Peer:
    """Sends and swallows zeros on a channel, and counts them."""

    def __init__(self, channel):
        self._channel = channel
        self._socket = channel.socket
        self.moved = 0

    def send(self, size, chunked=False):
        with tempfile.TemporaryFile() as zeros:
            zeros.truncate(_BLOCK)
            for start in range(0, size, _BLOCK):
                count = min(_BLOCK, size - start)
                if chunked:
                    self._socket.sendall(b"%x\r\n" % count)
                self._socket.sendfile(zeros, 0, count)
                if chunked:
                    self._socket.sendall(b"\r\n")
                self.moved += count
        if chunked:
            self._socket.sendall(b"0\r\n\r\n")

    def swallow(self, size, chunked=False):
        """Reads a body and checks that it has exactly the right length."""
        if not chunked:
            self._discard(size)
            return
        while line := self._channel.recv_until(b"\r\n")[:-2]:
            count = int(line, 16)
            self._discard(count)
            assert self._channel.recv_exactly(2) == b"\r\n", "no CRLF behind a chunk"
            if count == 0:
                break
        assert self.moved == size, f"{self.moved} octets of {size}"

    def _discard(self, size):
        early = min(size, len(self._channel.buffer))
        del self._channel.buffer[:early]
        self.moved += early
        left = size - early
        room = memoryview(bytearray(_BLOCK))
        while left > 0:
            # The kernel drops the bytes instead of copying them (Linux, tcp(7)).
            count = self._socket.recv_into(room, min(left, _BLOCK), socket.MSG_TRUNC)
            assert count > 0, f"the end came {left} octets early"
            self.moved += count
            left -= count


def _framing(size, chunked):
    return "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"


def _open(proxy, origin, tunnel, method, *fields):
    """A client that has sent its request, through a tunnel or forwarded."""
    client = proxy.client()
    if tunnel:
        client.connect_tunnel(origin.host, origin.port)
    client.request(method, "/" if tunnel else origin.url(), *fields)
    return client


def _send_until_cut(peer, size):
    try:
        peer.send(size)
    except OSError:
        pass


def _wait_until_stalled(peers, count, size):
    """Waits until `count` peers have begun and none can send any more."""
    last, since = None, 0.0

    def is_still():
        nonlocal last, since
        moved, now = [peer.moved for peer in peers], time.monotonic()
        if moved != last:
            last, since = moved, now
        return len(moved) == count and now - since > _STILL

    wait_until(is_still, what="a standstill")
    assert all(moved < size for moved in last), "nobody stopped the sender"


def download(proxy, size, tunnel, chunked=False):
    """Sends `size` bytes from an origin to a client."""

    def push(connection):
        connection.read_request()
        connection.send(f"HTTP/1.1 200 OK\r\n{_framing(size, chunked)}\r\n\r\n")
        _Peer(connection).send(size, chunked)

    with Origin(push) as origin:
        client = _open(proxy, origin, tunnel, "GET")
        assert client.read_head().status == 200
        _Peer(client).swallow(size, chunked)
        client.close()


def upload(proxy, size, tunnel, chunked=False):
    """Sends `size` bytes from a client to an origin."""

    def take(connection):
        connection.read_request(body=False)
        _Peer(connection).swallow(size, chunked)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with Origin(take) as origin:
        client = _open(proxy, origin, tunnel, "POST", _framing(size, chunked))
        _Peer(client).send(size, chunked)
        assert client.read_response("POST").status == 200
        client.close()


def stalled_readers(proxy, count, tunnel, size=STALLED_SIZE):
    """`count` clients that read only a head, while the origin sends until it is blocked."""
    peers = []

    def push(connection):
        connection.read_request()
        connection.send(f"HTTP/1.1 200 OK\r\n{_framing(size, False)}\r\n\r\n")
        peer = _Peer(connection)
        peers.append(peer)
        peer.send(size)

    with Origin(push) as origin:
        clients = [_open(proxy, origin, tunnel, "GET") for _ in range(count)]
        for client in clients:
            assert client.read_head().status == 200
        _wait_until_stalled(peers, count, size)
        for client in clients:
            client.reset()


def stalled_origins(proxy, count, tunnel, size=STALLED_SIZE):
    """`count` origins that read only a head, while the clients send until they are blocked."""
    over = threading.Event()

    def stall(connection):
        connection.read_request(body=False)
        over.wait(8 * WAIT)

    with Origin(stall) as origin:
        clients = [_open(proxy, origin, tunnel, "POST", _framing(size, False))
                   for _ in range(count)]
        peers = [_Peer(client) for client in clients]
        senders = [threading.Thread(target=_send_until_cut, args=(peer, size)) for peer in peers]
        for sender in senders:
            sender.start()
        _wait_until_stalled(peers, count, size)
        for client in clients:
            client.socket.shutdown(socket.SHUT_RDWR)
        for sender in senders:
            sender.join()
        over.set()
        for client in clients:
            client.close()
