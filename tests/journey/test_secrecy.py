# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What an eavesdropper between desk and server learns: nothing."""

import unittest

from helpers_lab import HOST, PASSWORD, USER, LabCase, credentials
from sami_support import TestCa, answer, row
from sami_support.packets import streams

PATH = "/v1/a-path-of-the-lab"
KEY = "a-key-of-the-lab"
SECRETS = [text.encode() for text in (HOST, "provider.test", USER, PASSWORD, credentials(), PATH, KEY)]


def found(line, since):
    """The secrets that are on the line, in one packet or split between several."""
    packets = line.packets(since)
    carried = [packet.payload for packet in packets] + list(streams(packets).values())
    assert sum(map(len, carried)) > 1000, "nothing was carried"
    return {secret for secret in SECRETS for octets in carried if secret.lower() in octets.lower()}


class SecrecyTest(LabCase):
    is_real = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(cls.lab.site.daemon())

    def setUp(self):
        context = TestCa.shared().server_context(HOST)
        self.clear = self.origin(answer(b"hello"))
        self.encrypted = self.origin(answer(b"hello"), tls=context)

    def ask_both(self, *arguments):
        for origin, scheme in ((self.encrypted, "https"), (self.clear, "http")):
            done = self.lab.curl(*arguments, "-H", f"Authorization: Bearer {KEY}",
                                 origin.url(PATH, scheme, HOST))
            self.assertEqual(b"hello", self.succeeds(done))

    @row("B§14: between desk and server there is no host name, no password, no octet of a request")
    def test_nothing_in_clear(self):
        desk = self.desk(self.lab.site.link())
        start = self.lab.site.line.mark()
        self.ask_both("-x", desk.url)
        self.ask_both("-x", desk.url.replace("http:", "socks5h:"))
        self.assertEqual(set(), found(self.lab.site.line, start))
        # Nor did the desk's name server get to see a name.
        self.assertEqual([], [name for name, _ in self.lab.names.asked if "provider" in name])

    def test_the_search_finds_what_is_there(self):
        start = self.lab.site.line.mark()
        self.ask_both("-x", f"http://{USER}:{PASSWORD}@{self.server.address}:{self.server.port}")
        seen = found(self.lab.site.line, start)
        # Only SOCKS5 would send user and password as text.
        self.assertEqual({USER.encode(), PASSWORD.encode()}, set(SECRETS) - seen)


if __name__ == "__main__":
    unittest.main()
