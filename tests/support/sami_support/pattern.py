# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Octets that tell by themselves where they belong: a lost, doubled or foreign block shows."""

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
    """What comes back differs from what went out."""
    return seed ^ 0x55555


class Check:
    """Takes a stream piece by piece and says where it goes wrong."""

    def __init__(self, seed):
        self.seed = seed
        self.count = 0

    def take(self, data):
        if data != pattern(self.seed, len(data), self.count):
            raise AssertionError(f"stream {self.seed} is wrong behind octet {self.count}")
        self.count += len(data)


async def read_checked(peer, seed, most=None):
    """Checks what comes, to the end or to so many octets; returns their number and how it ended."""
    check = Check(seed)
    try:
        while (most is None or check.count < most) and (
                data := await peer.some(65536 if most is None else most - check.count)):
            check.take(data)
    except Ended as ended:
        return check.count, ended.how
    return check.count, "fin"
