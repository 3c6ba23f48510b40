#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What the way from a desk through a server costs at each of them.

    bench/twohops.py PROXY LOAD [--rounds N]

PROXY is the daemon, LOAD the load generator (sami-bench-load), both as built; a release build for figures. The server
makes its own identity and prints a link, the desk takes the link, and every tunnel goes through both: clear text to the
desk, TLS between the two. 1,000 tunnels are silent, 100 carry a tick of 200 octets every 20 ms. Beside it stands one
proxy alone, in clear text and in the same rounds. Prints medians.
"""
import argparse
import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import loadgenerator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from sami_support import Proxy  # noqa: E402 (the path comes first)

SILENT, TICKING, SECONDS = 1_000, 100, 10
# Every tunnel of the desk reaches the server from one address.
SERVER = {"PROXY_THREADS": "2", "PROXY_AUTH_USERNAME": "desk", "PROXY_AUTH_PASSWORD": "bench-secret",
          "MAX_CONNECTIONS_PER_IP": "2000"}
COLUMNS = ("KB a silent tunnel", "CPU a tick, µs", "added p50, ms", "added p99, ms")


def measure(load, port, pid):
    """One row: the memory and the CPU of that process, the delays of the whole way."""
    found = loadgenerator.run(load, "wait", "--silent", SILENT, "--ticking", TICKING, "--seconds", SECONDS,
                              "--proxy-port", port, "--pid", pid)
    return (found["pss_bytes_per_silent"] / 1024, found["cpu_us_per_tick"], found["added_p50_ms"],
            found["added_p99_ms"])


@contextlib.contextmanager
def both(folder):
    """A server, and a desk that has its link."""
    settings = {**SERVER, "PROXY_STATE_DIR": folder}
    with Proxy(settings) as server:
        link = subprocess.run([os.environ["SAMI_DAEMON"], "link", "--host", f"127.0.0.1:{server.port}"],
                              env={**os.environ, **settings}, capture_output=True, text=True, check=True).stdout.strip()
        if "pin=" not in link:
            sys.exit(f"the server's link has no pin: {link}")
        with Proxy({"PROXY_THREADS": "2", "PROXY_PARENTS": link}) as desk:
            yield desk, server


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("proxy")
    parser.add_argument("load")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    os.environ["SAMI_DAEMON"] = os.path.abspath(options.proxy)
    rows = {"the desk": [], "the server": [], "one proxy alone, in clear text": []}
    for _ in range(options.rounds):
        # Processes of their own for each figure: memory that one run has freed hides what the next one takes.
        for index, name in enumerate(("the desk", "the server")):
            with tempfile.TemporaryDirectory() as folder, both(folder) as pair:
                rows[name].append(measure(options.load, pair[0].port, pair[index].pid))
        with Proxy({"PROXY_THREADS": "2"}) as alone:
            rows["one proxy alone, in clear text"].append(measure(options.load, alone.port, alone.pid))
        print({name: [round(value, 3) for value in each[-1]] for name, each in rows.items()}, flush=True)
    print(" | ".join(("", *COLUMNS)))
    for name, each in rows.items():
        print(" | ".join([name, *(f"{statistics.median(column):.2f}" for column in zip(*each))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
