# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Drills: what docs/reliability.md is made of.

    @drill("what goes wrong or attacks", seen="what was measured")
    @row("B§6: what is expected")

Three literals, read out of the sources by tests/arch/reliability.py.
"""

import os
import unittest


def drill(fault, seen="as expected"):
    assert fault and seen

    def decorate(method):
        method.sami_drill = (fault, seen)
        return method

    return decorate


def only_long(what):
    """Skips a class or a test unless ./test.sh --long asked for it."""
    return unittest.skipUnless(os.environ.get("SAMI_LONG") == "1",
                               f"takes {what}: ./test.sh --long")


def only_real(what):
    """Skips a class or a test unless ./test.sh --real, which brings that program, asked for it."""
    return unittest.skipUnless(os.environ.get("SAMI_REAL") == "1", f"needs {what}: ./test.sh --real")
