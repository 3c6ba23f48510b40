# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Nothing accumulates in the proxy. bench/memory.py does the same with gigabytes."""

import os
import unittest

from sami_support import Proxy, RowCase, bulk

# ThreadSanitizer uses four bytes of its own for each of ours.
MAX_GROWTH_KIB = (8 << 10) * (4 if os.environ.get("SAMI_SLOW") == "1" else 1)
SIZE = 64 << 20


class Memory(RowCase):
    def assertSteady(self, scenario, *arguments):
        with Proxy(bulk.FREES_AT_ONCE) as proxy:
            idle = bulk.settled_memory_kib(proxy)
            scenario(proxy, *arguments)
            peak = bulk.memory_kib(proxy.pid, "VmHWM")
            self.assertLess(peak - idle, MAX_GROWTH_KIB)

    def test_bulk(self):
        for sentence, move, tunnel, chunked in (
            ("B§6: 64 MB down a tunnel pass without piling up", bulk.download, True, False),
            ("B§6: 64 MB up a tunnel pass without piling up", bulk.upload, True, False),
            ("B§6: a download of 64 MB passes without piling up", bulk.download, False, False),
            ("B§6: a chunked download of 64 MB passes without piling up", bulk.download, False, True),
            ("B§6: an upload of 64 MB passes without piling up", bulk.upload, False, False),
            ("B§6: a chunked upload of 64 MB passes without piling up", bulk.upload, False, True),
        ):
            with self.row(sentence):
                self.assertSteady(move, SIZE, tunnel, chunked)

    def test_stalled(self):
        for sentence, stall, tunnel in (
            ("B§6: 8 tunnels whose readers stop hold up the senders, not the memory", bulk.stalled_readers, True),
            ("B§6: 8 downloads whose readers stop hold up the senders, not the memory", bulk.stalled_readers, False),
            ("B§6: 8 tunnels whose servers stop reading hold up the senders, not the memory", bulk.stalled_origins, True),
            ("B§6: 8 uploads whose servers stop reading hold up the senders, not the memory", bulk.stalled_origins, False),
        ):
            with self.row(sentence):
                self.assertSteady(stall, 8, tunnel)


if __name__ == "__main__":
    unittest.main()
