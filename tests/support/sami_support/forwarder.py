# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The process that runs a Line: carries packets between two TUN devices, late, rarely or not at
all.

    forwarder.py LEFT RIGHT CONTROL CAPTURE

Inherits four descriptors: the two devices, a socket for commands, a file for the packets. Exits
when the other end of the control socket closes, so it dies with the test, whatever kills that.

Each command is a line of JSON with some of these members; the reply is a line with the counts.

    delay_ms  how long each packet takes, either way
    loss      [rate from left to right, rate from right to left], 0 to 1
    dark      true: every packet is dropped silently

A separate process, because a busy test would hold up the packets. Imports nothing from
sami_support, so that it starts in 20 ms.
"""

import collections
import json
import os
import random
import select
import socket
import struct
import sys
import time

_PCAP_HEAD = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)  # raw IP
# Limits a batch: a sender that fills the device's queue must not starve the other direction.
_BURST = 64
# Far more than one connection has in flight here; beyond it packets are dropped, as in any router.
_LONGEST_QUEUE = 20_000


class Direction:
    """One direction: its queue of packets and its counts."""

    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.loss = 0.0
        self.waiting = collections.deque()
        self.packets = self.octets = self.lost = 0

    def deliver(self, now):
        while self.waiting and self.waiting[0][0] <= now:
            _, packet = self.waiting.popleft()
            try:
                os.write(self.sink, packet)
            except OSError:
                self.lost += 1  # the device is down, or its network has gone


class Forwarder:
    def __init__(self, left, right, control, capture):
        self._ways = (Direction(left, right), Direction(right, left))
        self._control = socket.socket(fileno=control)
        self._capture = os.fdopen(capture, "wb", buffering=1 << 16)
        self._capture.write(_PCAP_HEAD)
        self._delay = 0.0
        self._dark = False
        # Drops the same packets in each run; which of them carry what is still random.
        self._random = random.Random(25)
        self._commands = b""

    def run(self):
        poller = select.epoll()
        sources = {way.source: way for way in self._ways}
        for descriptor in (*sources, self._control.fileno()):
            poller.register(descriptor, select.EPOLLIN)
        while True:
            for descriptor, _ in poller.poll(self._patience()):
                if descriptor in sources:
                    self._collect(sources[descriptor])
                elif not self._obey():
                    return
            now = time.monotonic()
            for way in self._ways:
                way.deliver(now)

    def _patience(self):
        due = min((way.waiting[0][0] for way in self._ways if way.waiting), default=None)
        return -1 if due is None else max(0.0, due - time.monotonic())

    def _collect(self, way):
        for _ in range(_BURST):
            try:
                packet = os.read(way.source, 65536)
            except BlockingIOError:
                return
            self._accept(way, packet)

    def _accept(self, way, packet):
        if packet[0] >> 4 != 4:
            return  # the kernel's own IPv6 chatter
        way.packets += 1
        way.octets += len(packet)
        wall = time.time_ns() // 1000
        self._capture.write(struct.pack("<IIII", wall // 1_000_000, wall % 1_000_000, len(packet),
                                        len(packet)))
        self._capture.write(packet)
        if (self._dark or self._random.random() < way.loss or len(way.waiting) >= _LONGEST_QUEUE):
            way.lost += 1
            return
        due = time.monotonic() + self._delay
        if way.waiting:
            due = max(due, way.waiting[-1][0])  # packets do not overtake each other
        way.waiting.append((due, packet))

    def _obey(self):
        received = self._control.recv(65536)
        if not received:
            return False
        self._commands += received
        while b"\n" in self._commands:
            line, self._commands = self._commands.split(b"\n", 1)
            self._set(**json.loads(line))
            self._capture.flush()
            answer = {name: [getattr(way, name) for way in self._ways]
                      for name in ("packets", "octets", "lost")}
            self._control.sendall(json.dumps(answer).encode() + b"\n")
        return True

    def _set(self, delay_ms=None, loss=None, dark=None):
        if delay_ms is not None:
            self._delay = delay_ms / 1000
        if loss is not None:
            for way, rate in zip(self._ways, loss):
                way.loss = rate
        if dark is not None:
            self._dark = dark


if __name__ == "__main__":
    Forwarder(*map(int, sys.argv[1:])).run()
