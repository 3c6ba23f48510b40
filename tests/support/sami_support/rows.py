# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Rows: one sentence each, which starts with the rule it proves.

`B§4:` is a section of the project's behaviour document, `S§` of RFC 9110, `M§` of RFC 9112. A row's
name is one string literal on one line, so that the list of rules can be extracted from the sources.
"""

import functools
import os
import re
import sys
import unittest

_RULE = re.compile(r"^(B§|S§|M§|RFC )[0-9.]+[^:]*: \S")


def uses_qt_sockets():
    """Whether this run uses the portable sockets instead of the platform's own."""
    return os.environ.get("SAMI_SOCKETS") == "qt"


def row(sentence, needs_half_close=False, needs_reset=False):
    """Names a test method. With the portable sockets, skips what they are documented not to do."""
    if not _RULE.match(sentence):
        raise ValueError(f"not a row name: {sentence!r}")

    def decorate(method):
        @functools.wraps(method)
        def run(self, *args, **kwargs):
            if uses_qt_sockets() and (needs_half_close or needs_reset):
                what = "half-close" if needs_half_close else "tell an RST from a FIN"
                self.skipTest(f"the portable sockets cannot {what}")
            return method(self, *args, **kwargs)

        run.__doc__ = sentence
        run.sami_row = sentence
        return run

    return decorate


class RowCase(unittest.TestCase):
    """A test case that prints its sub-rows too when run verbosely.

    `with self.row("M§6.3: …"):` is a subTest with a row's name.
    """

    maxDiff = None

    def row(self, sentence, **parameters):
        if not _RULE.match(sentence):
            raise ValueError(f"not a row name: {sentence!r}")
        if "-v" in sys.argv or "--verbose" in sys.argv:
            print(f"  {sentence}", file=sys.stderr, flush=True)
        return self.subTest(sentence, **parameters)

    def enter(self, manager):
        """Enters a context manager; it exits with the test."""
        return self.enterContext(manager)
