#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The chaos client: random clients and random origins with the daemon between them, while its
settings change, and a model that knows what each answer must be.

    tests/chaos/run.py --seed N --minutes M --daemon PATH [--sockets native|qt|both]
                       [--only-client K [--first-visit V]]

The seed decides what each client does and what each origin answers; who meets whom when, it does
not. A failure prints the seed and the client's plan: `--only-client` makes that client's visits
alone. Nothing is judged by how long it took.

plan.py draws the plans, wire.py says what has to come of them, clients.py, malice.py and tunnels.py
make the visits (socks.py by SOCKS5), answers.py reads what they get, origins.py answers, reloads.py is the operator,
ledger.py and logbook.py keep the accounts, and this file runs and judges the whole.
"""

import argparse
import asyncio
import os
import pathlib
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from clients import Client  # noqa: E402
from ledger import Ledger  # noqa: E402
from logbook import LogBook  # noqa: E402
from origins import Origins  # noqa: E402
from reloads import GRACE_MS, Operator  # noqa: E402
from sami_support import TestCa  # noqa: E402
from sami_support.peer import STUCK  # noqa: E402
from sami_support.process import LoggedProxy, Process  # noqa: E402
from sami_support.waiting import SLOWNESS  # noqa: E402
from tunnels import TunnelOrigin  # noqa: E402

CLIENTS = 28
WORKERS = 2
# splice(2): each worker keeps four pipes with two ends.
POOLED_PIPE_ENDS = WORKERS * 4 * 2
# What allocators keep. A leak of a few hundred bytes per visit exceeds it within minutes. A short
# run is still warming up.
MEMORY_BOUND_KB = 8 * 1024
SHORT_MEMORY_BOUND_KB = 16 * 1024
# After this many seconds, or a third of a short run, all tables have their final size.
WARM_UP = 60
WARM_ENOUGH = 5
DRAIN_AFTER = 1.5
# A connection may be taken from the pool in the very moment in which bytes arrive on it; a larger
# share is negligence.
CHANCE = 0.1


class World:
    """The state that the clients and the operator share."""

    def __init__(self, seed, qt_sockets, left_out):
        self.seed = seed
        self.qt_sockets = qt_sockets
        self.left_out = left_out
        self.ledger = Ledger(seed)
        self.origins = None
        self.door = None  # what a TLS client trusts
        self.port = 0
        self.moves = 0
        self.moving = False
        # Bound but not listening: refuses connections, and nobody else can take the port.
        self._refusing = socket.socket()
        self._refusing.bind(("0.0.0.0", 0))
        self.closed_port = self._refusing.getsockname()[1]

    def has_moved_since(self, moves):
        return self.moving or self.moves != moves


class Run:
    def __init__(self, options, folder):
        self._options = options
        self._folder = folder
        self.world = World(options.seed, options.sockets == "qt",
                           set(filter(None, options.leave_out.split(","))))
        self.ledger = self.world.ledger
        self._samples = []

    async def run(self):
        log_path = os.path.join(self._folder, "log")
        ca = TestCa.shared()
        self.world.origins = Origins(self.ledger, TunnelOrigin(self.ledger),
                                     ca.server_context("127.0.0.1"))
        self.world.door = ca.client_context()
        certificate, key = ca.certificate("127.0.0.1")
        settings = os.path.join(self._folder, "proxy.ini")
        with open(log_path, "wb") as log:
            proxy = LoggedProxy(log, {
                "PROXY_PORT": None, "PROXY_THREADS": WORKERS, "PROXY_UPSTREAM_CA_FILE": ca.ca_file,
                "PROXY_SOCKETS": self._options.sockets,
                "PROXY_TLS_CERT_FILE": certificate, "PROXY_TLS_KEY_FILE": key,
                "LOG_LEVEL": "debug" if self._options.minutes <= 2 else "info",
            }, ["--config", settings])
            self._logbook = LogBook(log_path)
            self._operator = Operator(self.world, settings, proxy, self._logbook)
            with proxy:
                self._proxy = proxy
                self._process = Process(proxy.pid)
                self.world.port = proxy.port
                await self._live()
        self._logbook.poll()
        self.ledger.close()
        self._logbook.judge(self.ledger)
        counts = self.ledger.counts
        if counts["used too soon"] > max(5, counts["late octets"] * CHANCE):
            self.ledger.fail("connections on which an origin had spoken unasked were used again: "
                             f"{counts['used too soon']} of {counts['late octets']}")

    async def _live(self):
        numbers = range(CLIENTS) if self._options.only_client is None else [
            self._options.only_client]
        self._clients = [Client(number, self.world) for number in numbers]
        self._next = {client: self._options.first_visit for client in self._clients}
        descriptors = self._process.descriptors()
        await self.world.origins.start()
        try:
            await self._visits(self._options.minutes * 60)
            if not self.ledger.failures:
                await self._settle(descriptors)
                await self._drain()
        finally:
            await self.world.origins.stop()

    async def _visits(self, seconds):
        until = time.monotonic() + seconds
        watching = asyncio.create_task(self._watch())

        def is_over():
            return time.monotonic() > until or self.ledger.failures

        try:
            await asyncio.gather(self._operate(is_over), *(
                self._visit(client, is_over) for client in self._clients))
        finally:
            watching.cancel()

    async def _visit(self, client, is_over):
        self._next[client] = await client.run(is_over, self._next[client])

    async def _operate(self, is_over):
        try:
            await self._operator.run(is_over)
        except AssertionError as error:
            self.ledger.fail(f"the operator: {error}")

    async def _watch(self):
        while True:
            await asyncio.sleep(0.5)
            if not self._proxy.is_running():
                self.ledger.fail(f"the daemon is gone: {self._proxy.stderr()[-2000:]}")
                return
            self._samples.append(self._process.resident_kb())

    async def _settle(self, descriptors):
        """Everybody has gone, and a reload empties the pools: nothing may be left."""
        open_upstreams = self.world.origins.open
        until = time.monotonic() + STUCK
        # Repeatedly: a response to a departed client may end, and its connection enter the pool,
        # after the first reload.
        while open_upstreams and time.monotonic() < until:
            if await self._operator.reload() != "reloaded":
                self.ledger.fail("a reload at rest was refused")
            await asyncio.sleep(0.3)
        if open_upstreams:
            self.ledger.fail(f"connections to origins are left: {len(open_upstreams)}")

        def has_returned():
            others, pipes = self._process.descriptors()
            return others <= descriptors[0] and pipes <= descriptors[1] + POOLED_PIPE_ENDS

        await self._until(has_returned, lambda: (
            f"{self._process.descriptors()} descriptors and pipes, {descriptors} at the start"))
        self._judge_memory()

    async def _until(self, predicate, complaint):
        until = time.monotonic() + STUCK
        while not predicate():
            if time.monotonic() > until:
                self.ledger.fail(complaint())
                return
            await asyncio.sleep(0.05)

    def _judge_memory(self):
        samples = self._samples
        begin = min(WARM_UP * 2, len(samples) // 3)
        span = max(1, len(samples) // 10)
        before = statistics.median(samples[begin:begin + span] or [0])
        after = statistics.median(samples[-span:])
        print(f"  resident: {before:.0f} KB when warm, {after:.0f} KB at the end, "
              f"{self._process.resident_kb()} KB at rest, at most {max(samples)} KB", flush=True)
        bound = MEMORY_BOUND_KB if begin >= WARM_UP * 2 else SHORT_MEMORY_BOUND_KB
        # A sanitizer keeps freed memory, and the shortest runs never warm up.
        if SLOWNESS == 1 and begin >= WARM_ENOUGH * 2 and after > before + bound:
            self.ledger.fail(f"memory grew from {before} to {after} KB")

    async def _drain(self):
        """Sends SIGTERM during visits."""
        until = time.monotonic() + DRAIN_AFTER + GRACE_MS / 1000
        visits = [asyncio.create_task(self._visit(client, lambda: time.monotonic() > until))
                  for client in self._clients]
        await asyncio.sleep(DRAIN_AFTER)
        self.ledger.draining = True
        self._proxy.signal()
        try:
            code = await asyncio.to_thread(self._proxy.wait_exit, GRACE_MS / 1000 + STUCK)
            if code != 0:
                self.ledger.fail(f"the daemon ended with {code}: {self._proxy.stderr()[-2000:]}")
        except subprocess.TimeoutExpired:
            self.ledger.fail("the daemon did not end")
        await asyncio.gather(*visits)


def run_one(options):
    print(f"CHAOS seed {options.seed}, {options.minutes:g} minutes, {options.sockets} sockets",
          flush=True)
    os.environ["SAMI_DAEMON"] = options.daemon
    with tempfile.TemporaryDirectory(prefix="sami-chaos-") as folder:
        run = Run(options, folder)
        try:
            asyncio.run(run.run())
        except AssertionError as error:  # a sanitizer's report, a bad end
            run.ledger.fail(f"the daemon: {error}")
        if run.ledger.failures and options.keep_log:
            os.replace(os.path.join(folder, "log"), options.keep_log)
    counts = run.ledger.counts
    print("  " + ", ".join(f"{name} {counts[name]}" for name in sorted(counts)), flush=True)
    if run.ledger.failures:
        print(f"{len(run.ledger.failures)} failures; again: tests/chaos/run.py --seed "
              f"{options.seed} --minutes {options.minutes:g} --sockets {options.sockets} "
              f"--daemon {options.daemon}", flush=True)
    return 1 if run.ledger.failures else 0


def run_both(arguments):
    """Runs native and portable sockets side by side."""
    runs = [subprocess.Popen([sys.executable, __file__, *arguments, "--sockets", sockets])
            for sockets in ("native", "qt")]
    return max(run.wait() for run in runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--daemon", default=os.environ.get("SAMI_DAEMON"))
    parser.add_argument("--sockets", choices=("native", "qt", "both"), default="native")
    parser.add_argument("--only-client", type=int, metavar="K")
    parser.add_argument("--first-visit", type=int, default=0, metavar="V")
    parser.add_argument("--leave-out", default="", metavar="KIND[/VARIANT],…",
                        help="visits that are not made: something is known of them")
    parser.add_argument("--keep-log", metavar="FILE", help="where the log of a failed run goes")
    options = parser.parse_args()
    if not options.daemon:
        parser.error("--daemon, or SAMI_DAEMON in the environment, says what to run")
    if options.sockets == "both":
        arguments = sys.argv[1:] + ["--seed", str(options.seed)]
        return run_both(arguments)
    return run_one(options)


if __name__ == "__main__":
    sys.exit(main())
