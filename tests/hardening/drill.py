# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Drills: the rows of docs/reliability.md.

    @drill("what goes wrong or attacks", seen="what was measured")
    @row("B§6: what is expected")

tests/arch/reliability.py reads these three literals from the sources.
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
    """Skips a class or a test unless it runs under ./test.sh --long."""
    return unittest.skipUnless(os.environ.get("SAMI_LONG") == "1",
                               f"takes {what}: ./test.sh --long")


def only_real(what):
    """Skips a class or a test unless it runs under ./test.sh --real, which installs that program.
    """
    return unittest.skipUnless(os.environ.get("SAMI_REAL") == "1", f"needs {what}: ./test.sh --real")
