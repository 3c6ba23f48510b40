#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Compares two daemons at what both can do: what a change costs those who do not use it.

    bench/pairs.py BEFORE AFTER LOAD [--rounds N] [--most RATIO]

BEFORE and AFTER are daemons, LOAD the load generator (sami-bench-load), all as built; release builds for figures.
Both run all the while and are measured in turn, in slices of a second or two, for on a shared machine the same work
can cost half as much again a minute later: CPU per CONNECT, per forwarded request, per GB through tunnels, per tick
beside 2,000 silent tunnels, and the memory of a silent tunnel. Prints the medians, and the median of the pairs' ratios
between their quartiles. Exits with 1 where a median is above RATIO (1.03).

Where iptables tracks connections, 200,000 of them fill its table and packets are dropped ("No answer within 15 s"). A
network namespace of its own has no such table:

    unshare -rn sh -c 'ip link set lo up && exec bench/pairs.py BEFORE AFTER LOAD'
"""
import argparse
import os
import statistics
import sys

import loadgenerator

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "support"))

from sami_support import Proxy  # noqa: E402 (the path comes first)

# The workload's arguments, then its figures: the name in its result, our name, and what makes our unit of it.
CASES = [
    (("connect", "--total", "3000"), [("cpu_us_per_connect", "CPU per CONNECT, µs", 1)]),
    (("forward", "--total", "8000"), [("cpu_us_per_request", "CPU per forwarded request of 1 KB, µs", 1)]),
    (("stream", "--tunnels", "8", "--megabytes", "80"),
     [("cpu_s_per_gigabyte", "CPU per GB, 8 tunnels, down, s", 1)]),
    (("stream", "--tunnels", "8", "--megabytes", "80", "--direction", "up"),
     [("cpu_s_per_gigabyte", "CPU per GB, 8 tunnels, up, s", 1)]),
    (("wait", "--silent", "2000", "--seconds", "2"),
     [("cpu_us_per_tick", "CPU per tick beside 2,000 silent tunnels, µs", 1),
      ("pss_bytes_per_silent", "memory of a silent tunnel, KB", 1 / 1024)]),
]


def start(daemon):
    os.environ["SAMI_DAEMON"] = os.path.abspath(daemon)
    return Proxy({"PROXY_THREADS": "2"})


def measure(proxy, load, arguments):
    """One slice; what the load says of it."""
    return loadgenerator.run(load, *arguments, "--proxy-port", proxy.port, "--pid", proxy.pid)


def compare(options, arguments, named):
    """Measures one case; yields each figure's name, its medians and the quartiles of the pairs' ratios."""
    pairs = []
    with start(options.before) as before, start(options.after) as after:
        for turn in range(options.rounds):
            # Every other pair begins with the other one, so that a drift of the machine favours neither.
            order = [before, after][::1 if turn % 2 == 0 else -1]
            measured = {proxy: measure(proxy, options.load, arguments) for proxy in order}
            pairs.append((measured[before], measured[after]))
    for theirs, ours, scale in named:
        figures = [(old[theirs] * scale, new[theirs] * scale) for old, new in pairs]
        medians = [statistics.median(side) for side in zip(*figures)]
        yield ours, *medians, statistics.quantiles([new / old for old, new in figures], n=4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("load")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--most", type=float, default=1.03)
    options = parser.parse_args()
    missed = False
    for arguments, named in CASES:
        for name, before, after, (low, ratio, high) in compare(options, arguments, named):
            missed = missed or ratio > options.most
            print(f"{name:48} {before:8.2f} {after:8.2f}   ratio {ratio:.3f} ({low:.3f} to {high:.3f})", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
