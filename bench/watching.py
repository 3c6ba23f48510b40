#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What it costs to watch a daemon: the events of its admin door, and scrapes of its metrics.

    bench/watching.py rows|ticks|scrape PROXY LOAD

PROXY is the daemon, LOAD the load generator (sami-bench-load), both as built; a release build for figures.
Exits with 1 where a limit is missed.

    rows      5,000 live tunnels, a tenth of which carry something each second: CPU and traffic of one watcher
    ticks     the delays of ticking streams beside three watchers and beside none, in pairs: the median of the
              differences of the p99
    scrape    the time of a scrape at 10,000 connections, idle ones for the sake of this machine's memory
"""
import argparse
import contextlib
import os
import pathlib
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time

import loadgenerator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "integration")]

from helpers_admin import AdminClient  # noqa: E402 (the paths come first)
from sami_support import Proxy  # noqa: E402
from sami_support.process import Process  # noqa: E402

ROWS, ROW_SECONDS = 5_000, 20
MAX_CORE_PERCENT, MAX_KILOBYTES = 5, 300
WATCHERS, MAX_ADDED_P99_MS = 3, 0.5
CONNECTIONS, MAX_SCRAPE_MS = 10_000, 20


class Watcher:
    """Takes the events of an admin door as fast as they come, and counts their octets."""

    def __init__(self, path):
        self._client = AdminClient(path)
        self._client.subscribe()
        self._client.socket.settimeout(None)
        self.octets = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with contextlib.suppress(OSError):
            while data := self._client.socket.recv(1 << 16):
                self.octets += len(data)

    def close(self):
        with contextlib.suppress(OSError):
            self._client.socket.shutdown(socket.SHUT_RDWR)
        self._client.socket.close()


@contextlib.contextmanager
def watched(folder, **settings):
    """A daemon with an admin door at a socket; yields it and the socket's path."""
    path = f"{folder}/admin.sock"
    with Proxy({"PROXY_ADMIN": f"unix:{path}", "PROXY_THREADS": "2", "LOG_LEVEL": "info", **settings}) as proxy:
        yield proxy, path


def percent_of_core(pid, seconds):
    process = Process(pid)
    began, before = time.monotonic(), process.cpu_seconds()
    time.sleep(seconds)
    return 100 * (process.cpu_seconds() - before) / (time.monotonic() - began)


def open_tunnels(port, count, accepted):
    """That many tunnels to an origin of our own that reads nothing."""
    origin = socket.create_server(("127.0.0.1", 0), backlog=4096)
    accepting = threading.Thread(target=lambda: accepted.extend(origin.accept()[0] for _ in range(count)))
    accepting.start()
    request = f"CONNECT 127.0.0.1:{origin.getsockname()[1]} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    tunnels = []
    for _ in range(count):
        tunnels.append(socket.create_connection(("127.0.0.1", port)))
        tunnels[-1].sendall(request)
        if not tunnels[-1].recv(4096).startswith(b"HTTP/1.1 200"):
            sys.exit("a tunnel was refused")
    accepting.join()
    return tunnels


def rows(_, folder):
    accepted = []
    with watched(folder) as (proxy, path):
        tunnels = open_tunnels(proxy.port, ROWS, accepted)
        over = threading.Event()

        def change():
            first = 0
            while not over.wait(1):
                for number in range(first, first + ROWS // 10):
                    tunnels[number % ROWS].send(b"x" * 100)
                    accepted[number % ROWS].recv(65536)
                first += ROWS // 10
        changing = threading.Thread(target=change)
        changing.start()
        alone = percent_of_core(proxy.pid, ROW_SECONDS)
        watcher = Watcher(path)
        time.sleep(4)  # until it has the first whole list
        octets = watcher.octets
        beside = percent_of_core(proxy.pid, ROW_SECONDS)
        kilobytes = (watcher.octets - octets) / ROW_SECONDS / 1000
        over.set()
        changing.join()
        watcher.close()
        for tunnel in [*tunnels, *accepted]:
            tunnel.close()
    print(f"{ROWS} rows, {ROWS // 10} change a second: {alone:.2f} % of a core alone, {beside:.2f} % beside a watcher, "
          f"{beside - alone:.2f} % for it (limit {MAX_CORE_PERCENT}), {kilobytes:.0f} KB/s (limit {MAX_KILOBYTES})")
    return beside - alone <= MAX_CORE_PERCENT and kilobytes <= MAX_KILOBYTES


def p99(load, proxy):
    result = loadgenerator.run(load, "wait", "--silent", 1000, "--ticking", 50, "--seconds", 5,
                               "--proxy-port", proxy.port)
    return result["proxied_p99_ms"] - result["direct_p99_ms"]


def ticks(options, folder):
    differences = []
    with watched(folder) as (proxy, path):
        for _ in range(options.rounds):
            alone = p99(options.load, proxy)
            watchers = [Watcher(path) for _ in range(WATCHERS)]
            beside = p99(options.load, proxy)
            for watcher in watchers:
                watcher.close()
            differences.append(beside - alone)
            print(f"added p99: {alone:.3f} ms alone, {beside:.3f} ms beside {WATCHERS} watchers, "
                  f"load {os.getloadavg()[0]:.1f}", flush=True)
    added = statistics.median(differences)
    print(f"{added:+.3f} ms, median of {options.rounds} pairs (limit {MAX_ADDED_P99_MS})")
    return added <= MAX_ADDED_P99_MS


def scrape(_, folder):
    with watched(folder, PROXY_METRICS="127.0.0.1:0", PROXY_HEADER_TIMEOUT_MS="120000",
                 MAX_CONCURRENT_CONNECTIONS=str(CONNECTIONS)) as (proxy, _path):
        door = next(line["at"] for line in proxy.log_lines() if line.get("message") == "metrics door open")
        clients = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(CONNECTIONS)]
        time.sleep(3)
        milliseconds = []
        for _ in range(40):
            with AdminClient(int(door.rsplit(":", 1)[1])) as client:
                began = time.monotonic()
                status, _fields, body = client.ask("GET", "/metrics")
                milliseconds.append((time.monotonic() - began) * 1000)
            if status != 200:
                sys.exit(f"the metrics door says {status}")
            time.sleep(0.1)
        for client in clients:
            client.close()
    median = statistics.median(milliseconds)
    print(f"a scrape at {CONNECTIONS} connections: {median:.1f} ms median, {max(milliseconds):.1f} ms at most, "
          f"{len(body)} octets (limit {MAX_SCRAPE_MS} ms)")
    return median <= MAX_SCRAPE_MS


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("rows", "ticks", "scrape"))
    parser.add_argument("proxy")
    parser.add_argument("load")
    parser.add_argument("--rounds", type=int, default=5, help="ticks: pairs")
    options = parser.parse_args()
    os.environ["SAMI_DAEMON"] = os.path.abspath(options.proxy)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        return not {"rows": rows, "ticks": ticks, "scrape": scrape}[options.what](options, folder)


if __name__ == "__main__":
    sys.exit(main())
