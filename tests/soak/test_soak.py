# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A while of churn, then calm: nothing may be left of it.

SOAK_MINUTES says how long (1), SOAK_CLIENTS how many at once (48), SOAK_SEED repeats a run.
"""

import asyncio
import os
import random
import re
import shutil
import sys
import tempfile
import time
import unittest

from churn import Churn
from sami_support import RowCase, WAIT, row, uses_qt_sockets, wait_until
from sami_support.process import LoggedProxy, Process
from sami_support.waiting import SLOWNESS

MINUTES = float(os.environ.get("SOAK_MINUTES", "1"))
CLIENTS = int(os.environ.get("SOAK_CLIENTS", "48"))
SEED = int(os.environ.get("SOAK_SEED", random.SystemRandom().getrandbits(32)))

# Allocators keep what they had at the height of it; a leak of half a kilobyte per connection is
# past this within a minute.
MEMORY_BOUND_KB = 8 * 1024
# Each worker keeps four pipes for splice(2).
WORKERS = 2
POOLED_PIPE_ENDS = WORKERS * 4 * 2
# A process with nothing to do; the address list is re-read now and then.
CALM_SECONDS = 3
CALM_CPU_SECONDS = 0.3
CALM_SWITCHES = 300


class Soak(RowCase):
    def setUp(self):
        self.file = self.enter(tempfile.NamedTemporaryFile("wb", prefix="sami-soak-"))
        self.proxy = self.enter(LoggedProxy(self.file, {
            "MAX_CONCURRENT_CONNECTIONS": 10000,
            "PROXY_THREADS": WORKERS,
        }))
        self.process = Process(self.proxy.pid)

    def churn_for(self, seconds, churn):
        end = time.monotonic() + seconds

        async def run():
            await churn.run(CLIENTS, lambda: time.monotonic() > end)
            # The proxy has seen every client go: wait until it has let go of every upstream that
            # is not idle, then end the idle ones.
            await churn.stop()

        asyncio.run(run())
        failures = churn.failures + churn.origin.failures
        if failures and "SOAK_KEEP_LOG" in os.environ:
            shutil.copy(self.file.name, os.environ["SOAK_KEEP_LOG"])
        if failures:
            self.fail("\n".join([f"SOAK_SEED={SEED}", *failures[:3]]))

    def settle(self, descriptors, threads):
        """Waits until the daemon holds what it held before."""
        def has_returned():
            others, pipes = self.process.descriptors()
            return others <= descriptors[0] and pipes <= descriptors[1] + POOLED_PIPE_ENDS

        wait_until(has_returned, 4 * WAIT, f"a return to {descriptors} descriptors and pipes")
        wait_until(lambda: self.process.threads() <= threads, 4 * WAIT,
                   f"a return to {threads} threads")

    def account(self, churn):
        """Every connection and everything on it ended once, as the log tells."""
        accepted, closed, ends = set(), {}, {}
        for line in self.proxy.lines("accepted", "state", "closed"):
            number = line["id"]
            if line["message"] == "accepted":
                self.assertNotIn(number, accepted)
                accepted.add(number)
            elif line["message"] == "closed":
                closed.setdefault(number, []).append(line)
            elif line["to"] == "closed" or line["to"] == "Closed":
                ends[number] = ends.get(number, 0) + 1
        self.assertLessEqual(set(ends.values()), {1}, "a connection closed twice")
        lines = [line for each in closed.values() for line in each]
        # A request that its client saw whole has one line, and its target is like no other.
        targets = {}
        for line in lines:
            path = re.sub("^http://[^/]*", "", line.get("target", ""))
            targets[path] = targets.get(path, 0) + 1
        tunnels = [line for line in lines
                   if line.get("method") == "CONNECT" and line.get("status") == 200]
        self.assertEqual([path for path in churn.whole_targets if targets.get(path, 0) > 1][:3], [])
        self.assertEqual(len({line["id"] for line in tunnels}), len(tunnels))
        if any(self.proxy.lines("log lines dropped: the reader of the log is too slow, or "
                                "its disk is full")):
            # A disk that stands still for a second is enough: what is missing proves nothing.
            print("  the log has gaps: not counted", file=sys.stderr, flush=True)
            return
        # Reset before anybody looked: it has its line, and nothing else.
        unseen = set(closed) - accepted
        self.assertEqual({(line["by"], line["how"], line.get("method"))
                          for number in unseen for line in closed[number]}
                         - {("client", "reset", None)}, set())
        self.assertEqual(accepted, set(closed) - unseen, "connections without an access line")
        self.assertEqual(accepted, set(ends), "connections that never closed")
        self.assertEqual([path for path in churn.whole_targets if path not in targets][:3], [])
        self.assertGreaterEqual(len(tunnels), churn.tunnels_seen)
        self.assertLessEqual(len(tunnels), churn.tunnels_seen + churn.counts["connect_and_run"])
        connections = sum(churn.counts.values())
        self.assertLessEqual(len(accepted), connections)
        self.assertGreaterEqual(len(accepted), connections - churn.vanished)
        print(f"  {len(accepted)} accepted, {len(lines)} access lines, "
              f"{len(churn.whole_targets)} requests and {churn.tunnels_seen} tunnels seen whole",
              file=sys.stderr, flush=True)

    @row("B§6: after a while of churn nothing is left: descriptors, threads, memory, connections")
    def test_churn(self):
        print(f"\nSOAK_SEED={SEED} SOAK_MINUTES={MINUTES} SOAK_CLIENTS={CLIENTS}",
              file=sys.stderr, flush=True)
        generator = random.Random(SEED)
        # All threads and tables are there, the allocator has seen the height of it.
        warm_up = Churn(self.proxy.port, generator, half_close=not uses_qt_sockets())
        threads = self.process.threads()
        descriptors = self.process.descriptors()
        self.churn_for(MINUTES * 15, warm_up)
        self.settle(descriptors, threads)
        warm_kb = self.process.resident_kb()

        churn = Churn(self.proxy.port, generator, half_close=not uses_qt_sockets())
        began = time.monotonic()
        used = self.process.cpu_seconds()
        self.churn_for(MINUTES * 45, churn)
        seconds = time.monotonic() - began
        used = self.process.cpu_seconds() - used
        self.settle(descriptors, threads)
        resident_kb = self.process.resident_kb()
        print(f"  {sum(churn.counts.values())} connections in {seconds:.0f} s, "
              f"{used:.1f} s of CPU; resident {warm_kb} KB, then {resident_kb} KB; "
              f"{descriptors} descriptors and pipes, {threads} threads", file=sys.stderr, flush=True)
        if SLOWNESS == 1:  # a sanitizer keeps what was freed
            self.assertLess(resident_kb, warm_kb + MEMORY_BOUND_KB, f"SOAK_SEED={SEED}")

        # No timer, notifier or loop goes on.
        used, switches = self.process.cpu_seconds(), self.process.switches()
        time.sleep(CALM_SECONDS)
        self.assertLess(self.process.cpu_seconds() - used, CALM_CPU_SECONDS * SLOWNESS)
        self.assertLess(self.process.switches() - switches, CALM_SWITCHES)

        # Nothing to wait for: it ends at once, not with the grace time.
        self.proxy.signal()
        began = time.monotonic()
        self.assertEqual(self.proxy.wait_exit(), 0)
        self.assertLess(time.monotonic() - began, 3 * SLOWNESS)
        churn.whole_targets += warm_up.whole_targets
        churn.tunnels_seen += warm_up.tunnels_seen
        churn.counts += warm_up.counts
        churn.vanished += warm_up.vanished
        self.account(churn)


if __name__ == "__main__":
    unittest.main()
