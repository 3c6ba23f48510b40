#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Counts the system calls of one CONNECT and of one forwarded request, with strace.

    bench/syscalls.py PROXY LOAD [--total N] [--in-flight N]

PROXY is the daemon, LOAD the load generator (sami-bench-load), both as built. Calls of all threads
count, those of the log's writer too. How often the threads wait and wake each other depends on how
much comes at once; the rest does not depend on the machine.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import tempfile
import threading
import time

import loadgenerator

WARM_UP = 1000  # the most that the load generator does beforehand
SETTLING = 1.0  # seconds to finish closing and logging
CALL = re.compile(r"^\d+ +(\w+)\(", re.M)


class TracedProxy:
    """The daemon on its own port, under strace."""

    def __init__(self, proxy, trace):
        settings = {"PROXY_ADDRESS": "127.0.0.1", "PROXY_PORT": "0", "PROXY_THREADS": "2",
                    "ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", "LOG_FORMAT": "json"}
        self.trace = trace
        self.process = subprocess.Popen(["strace", "-D", "-f", "-o", trace, proxy],
                                        env={"PATH": os.environ["PATH"], **settings},
                                        stdout=subprocess.PIPE, text=True)
        self.port = next(line["port"] for line in map(json.loads, self.process.stdout)
                         if line["message"] == "started")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def calls_of(self, command, total):
        """System calls per operation, by name, for a load of `total` operations."""
        begin = os.path.getsize(self.trace)
        loadgenerator.run(*command, "--proxy-port", self.port, "--total", total)
        time.sleep(SETTLING)
        with open(self.trace, encoding="utf-8", errors="replace") as trace:
            trace.seek(begin)
            names = CALL.findall(trace.read())
        operations = total + min(total, WARM_UP)
        return {name: count / operations
                for name, count in collections.Counter(names).most_common()}

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("proxy")
    parser.add_argument("load")
    parser.add_argument("--total", type=int, default=500)
    parser.add_argument("--in-flight", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        proxy = TracedProxy(os.path.abspath(options.proxy), os.path.join(folder, "trace"))
        try:
            for kind in ("connect", "forward"):
                command = [options.load, kind, "--in-flight", str(options.in_flight)]
                proxy.calls_of(command, 2 * options.in_flight)  # threads, pools, arenas
                calls = proxy.calls_of(command, options.total)
                print(f"{kind}: {sum(calls.values()):.1f} system calls")
                for name, count in calls.items():
                    if count >= 0.05:
                        print(f"  {count:5.1f}  {name}")
        finally:
            proxy.stop()


if __name__ == "__main__":
    main()
