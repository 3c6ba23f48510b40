# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the integration tests are built on: the real daemon, a raw client, a scriptable origin.

Nothing here sleeps to let something happen: every wait is for an event and has a bound.
"""

from .bulk import memory_kib
from .cases import ProxyCase
from .certificates import TestCa
from .origin import Origin, OriginConnection, answer, closed_port
from .proxy import Proxy
from .rawclient import RawClient, Response, parse_fields
from .rows import RowCase, row, uses_qt_sockets
from .waiting import WAIT, wait_until

__all__ = [
    "Origin",
    "OriginConnection",
    "Proxy",
    "ProxyCase",
    "RawClient",
    "Response",
    "RowCase",
    "TestCa",
    "WAIT",
    "answer",
    "closed_port",
    "memory_kib",
    "parse_fields",
    "row",
    "uses_qt_sockets",
    "wait_until",
]
