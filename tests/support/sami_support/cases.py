# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A test case whose tests share one daemon."""

from .origin import Origin
from .proxy import Proxy
from .rows import RowCase


class ProxyCase(RowCase):
    """`settings` are the daemon's. It starts once per class, as `self.proxy`."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.proxy = cls.enterClassContext(Proxy(cls.settings))

    def origin(self, handler=None, **options):
        """An origin that stops with the test."""
        return self.enter(Origin(handler, **options))

    def client(self, **options):
        """A raw client of the shared daemon that closes with the test."""
        return self.enter(self.proxy.client(**options))
