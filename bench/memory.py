#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the daemon costs in memory and in time to start; exits 1 when a limit is broken.

    bench/memory.py [--daemon build/release/daemon/sami-llm-proxy] [--size-mb 2048]

Each row has a daemon of its own. `idle` is its resident memory after a health check, `peak` the most it
had afterwards (VmHWM). Linux, loopback, no packages beside Python 3.11.
"""

import argparse
import os
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from sami_support import Proxy, bulk  # noqa: E402 (the path comes first)

MAX_IDLE_KIB = 15 << 10
MAX_GROWTH_KIB = 8 << 10
MAX_START_MS = 50
STARTS = 20
STALLED = 8


def scenarios(size):
    for way, tunnel in (("CONNECT", True), ("forwarded", False)):
        for name, move in (("download", bulk.download), ("upload", bulk.upload)):
            for chunked in (False, True) if not tunnel else (False,):
                framing = "" if tunnel else ", chunked" if chunked else ", Content-Length"
                yield (f"{name}, {way}{framing}",
                       lambda proxy, move=move, tunnel=tunnel, chunked=chunked:
                       move(proxy, size, tunnel, chunked))
        for name, stall in ((f"{STALLED} stalled readers", bulk.stalled_readers),
                            (f"{STALLED} stalled origins", bulk.stalled_origins)):
            yield (f"{name}, {way}",
                   lambda proxy, stall=stall, tunnel=tunnel: stall(proxy, STALLED, tunnel))


def median_start_ms():
    """From the fork to the log line that says that it listens."""
    times = []
    for _ in range(STARTS):
        began = time.monotonic()
        with Proxy():
            times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--daemon", default=str(ROOT / "build/release/daemon/sami-llm-proxy"))
    parser.add_argument("--size-mb", type=int, default=2048, help="of each download and upload")
    options = parser.parse_args()
    if not os.access(options.daemon, os.X_OK):
        parser.error(f"no daemon at {options.daemon}: cmake --preset release && "
                     "cmake --build --preset release")
    os.environ["SAMI_DAEMON"] = options.daemon

    broken = []
    start = median_start_ms()
    print(f"start to listening: {start:.0f} ms, median of {STARTS} (limit {MAX_START_MS})")
    if start > MAX_START_MS:
        print("  over the limit; on a loaded machine that may mean nothing, so it is no failure")

    print(f"\n{'':36} {'idle':>9} {'peak':>9} {'growth':>9} {'took':>7}")
    for name, scenario in scenarios(options.size_mb << 20):
        with Proxy() as proxy:
            idle = bulk.settled_memory_kib(proxy)
            began = time.monotonic()
            scenario(proxy)
            took = time.monotonic() - began
            peak = bulk.memory_kib(proxy.pid, "VmHWM")
        over = peak - idle > MAX_GROWTH_KIB or idle > MAX_IDLE_KIB
        print(f"{name:36} {idle:>5} KiB {peak:>5} KiB {peak - idle:>5} KiB {took:>5.1f} s"
              f"{'  OVER THE LIMIT' if over else ''}", flush=True)
        if over:
            broken.append(name)
    print(f"\nlimits: idle {MAX_IDLE_KIB} KiB, growth {MAX_GROWTH_KIB} KiB; "
          f"{len(broken)} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
