# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The client's own TLS end: what it takes for a reset must be one."""

import asyncio
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from sami_support import TestCa  # noqa: E402
from sami_support.peer import TlsClientPeer, TlsPeer  # noqa: E402


async def pair():
    """(the client's end, the server's end), with the handshake done."""
    ca = TestCa.shared()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
    client = TlsClientPeer(near, ca.client_context(), "127.0.0.1")
    server = TlsPeer(far, ca.server_context("127.0.0.1"))
    await asyncio.gather(client.handshake(), server.handshake())
    return client, server


class HalfCloseTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client, self.server = await pair()
        self.addCleanup(self.client.cut)
        self.addCleanup(self.server.close)

    async def test_records_wait_that_were_not_read_yet(self):
        await self.server.send(b"one")
        await self.server.send(b"two")
        # One read takes both records off the socket, and one of them out of TLS.
        await self.server.delivered()
        self.assertEqual(await self.client.some(), b"one")
        self.client.half_close()
        self.assertEqual(await self.client.some(), b"two")
        await self.server.send(b"three")
        self.assertEqual(await self.client.some(), b"three")
        await self.server.say_end()
        self.assertEqual(await self.client.some(), b"")

    async def test_the_server_hears_of_it(self):
        self.client.half_close()
        self.assertEqual(await self.server.some(), b"")


if __name__ == "__main__":
    unittest.main()
