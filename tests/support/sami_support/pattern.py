# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Data whose bytes depend on their position, so that a lost, doubled or foreign block shows."""

import random

from .peer import Ended

# A prime, so that no power of two hides a shift.
_PERIOD = 65521
LONGEST = 1 << 20
_OCTETS = random.Random(1).randbytes(_PERIOD) * (LONGEST // _PERIOD + 2)


def pattern(seed, length, offset=0):
    start = (seed * 40503 + offset) % _PERIOD
    return _OCTETS[start:start + length]


def answer_seed(seed):
    """The response's data differs from the request's."""
    return seed ^ 0x55555


class Check:
    """Checks a stream piece by piece and reports where it goes wrong."""

    def __init__(self, seed):
        self.seed = seed
        self.count = 0

    def take(self, data):
        if data != pattern(self.seed, len(data), self.count):
            raise AssertionError(f"stream {self.seed} is wrong behind octet {self.count}")
        self.count += len(data)


async def read_checked(peer, seed, most=None):
    """Checks the data up to the end or up to `most` bytes; returns their number and how it ended.
    """
    check = Check(seed)
    try:
        while (most is None or check.count < most) and (
                data := await peer.some(65536 if most is None else most - check.count)):
            check.take(data)
    except Ended as ended:
        return check.count, ended.how
    return check.count, "fin"
