#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""How long ticking streams wait beside a flood of TLS handshakes at the same proxy; 1 where too long.

    bench/flood.py PROXY LOAD [--rate N] [--seconds N] [--rounds N]

PROXY is the daemon, LOAD the load generator (sami-bench-load), both as built. In turn: no flood, one from a
single loopback address, one from 64 of them. The flood is the dearest that costs its sender nothing: a
ClientHello, always the same, and no word after it; each makes the proxy sign. It is bounded in rate and time.
Printed are the delays of ticks, through the proxy and without it beside the same flood, the answers that the
flood had, and the load of the machine: with others busy on it a delay is the scheduler's.
"""
import argparse
import collections
import itertools
import multiprocessing
import os
import pathlib
import socket
import ssl
import statistics
import sys
import time

import loadgenerator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from sami_support import Proxy, doorclient  # noqa: E402 (the path comes first)

MAX_P99_MS = 10
STREAMS = 20
PATIENCE = 0.5  # seconds that the flood gives a hello for its answer
FLOODS = {"no flood": [], "from one address": ["127.0.0.2"],
          "from 64 addresses": [f"127.0.0.{host}" for host in range(2, 66)]}


def client_hello():
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def flood(port, addresses, rate, ends, told):
    """Reports how many hellos were sent and how many were answered in time."""
    os.nice(15)  # it is not part of what is measured
    hello, sources = client_hello(), itertools.cycle(addresses)
    waiting = collections.deque()
    sent = answered = 0
    began = time.monotonic()
    while (now := time.monotonic()) < ends:
        while waiting and waiting[0][0] <= now:
            client = waiting.popleft()[1]
            try:
                answered += bool(client.recv(1))
            except OSError:
                pass
            client.close()
        if sent >= (now - began) * rate:
            time.sleep(0.001)
            continue
        client = socket.create_connection(("127.0.0.1", port), source_address=(next(sources), 0))
        client.setblocking(False)
        client.send(hello)
        waiting.append((now + PATIENCE, client))
        sent += 1
    told.put((sent, answered))


def ticks(load, proxy, seconds):
    result = loadgenerator.run(load, "wait", "--silent", 20, "--ticking", STREAMS, "--seconds", seconds,
                               "--proxy-port", proxy.port)
    return {"p50": result["proxied_p50_ms"], "p99": result["proxied_p99_ms"],
            "p99 without the proxy": result["direct_p99_ms"]}


def measure(options, addresses):
    """Delays in ms, and the fate of the flood's hellos; None without a flood."""
    with Proxy(doorclient.settings(PROXY_THREADS="2")) as proxy:
        if not addresses:
            return ticks(options.load, proxy, options.seconds), None
        told = multiprocessing.SimpleQueue()
        # The load first measures itself without the proxy, for the same time but five seconds at
        # most.
        ends = time.monotonic() + min(5, options.seconds) + options.seconds + 5
        flooder = multiprocessing.Process(
            target=flood, args=(proxy.port, addresses, options.rate, ends, told))
        flooder.start()
        delays = ticks(options.load, proxy, options.seconds)
        flooder.join()
        return delays, told.get()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("proxy")
    parser.add_argument("load")
    parser.add_argument("--rate", type=int, default=600, help="hellos a second")
    parser.add_argument("--seconds", type=int, default=5, help="of ticks")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["SAMI_DAEMON"] = os.path.abspath(options.proxy)
    found = {name: [] for name in FLOODS}
    for _ in range(options.rounds):
        for name, addresses in FLOODS.items():
            delays, hellos = measure(options, addresses)
            found[name].append(delays)
            flooded = f"; {hellos[0]} hellos, {hellos[1]} answered" if hellos else ""
            print(f"{name:18}" + "".join(f" {key} {value:7.3f} ms" for key, value in delays.items())
                  + f"{flooded}; load {os.getloadavg()[0]:.1f}", flush=True)
    worst = 0
    for name, rounds in found.items():
        p99 = statistics.median(delays["p99"] for delays in rounds)
        worst = max(worst, p99)
        print(f"{name:18} p99 {p99:.3f} ms, median of {options.rounds} (limit {MAX_P99_MS})")
    return 1 if worst > MAX_P99_MS else 0


if __name__ == "__main__":
    sys.exit(main())
