#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Compares two daemons where they speak TLS with origins: https:// targets in absolute-form.

    bench/httpsorigins.py BEFORE AFTER LOAD [--rounds N]

BEFORE and AFTER are daemons, LOAD the load generator (sami-bench-load), all as built. Needs haproxy, which
speaks TLS for the load's origin, and openssl. In turn, pair by pair: CPU per request of 1 KB and per GB,
and the memory of an exchange that is silent before its answer and amid it. The medians are printed, those of
the pairs' ratios too.
"""
import argparse
import contextlib
import os
import pathlib
import queue
import random
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import loadgenerator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from sami_support import Proxy  # noqa: E402 (the path comes first)

HOSTS = [f"127.0.0.{host}" for host in range(1, 17)]  # the addresses of the load's origin
WARM_UP, SILENT = 100, 500  # exchanges
ANSWER_BEGUN = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
CONFIGURATION = """
global
    nbthread 1
    maxconn 9000
    no log
defaults
    mode tcp
    timeout connect 15s
    timeout client 20m
    timeout server 20m
listen origin
    bind {binds} ssl crt {pem}
    server origin 127.0.0.1:{origin}
"""


def free_port():
    """A port below the kernel's ephemeral range, free on every host."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("0.0.0.0", port))
            except OSError:
                continue
            return port


def make_certificate(folder, hosts):
    """A certificate for all these hosts; returns a PEM file with the key, and one without."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
    key, certificate, both = (folder / name for name in ("key.pem", "cert.pem", "both.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=origin",
                    "-addext", "subjectAltName=" + ",".join(f"IP:{host}" for host in hosts),
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both.write_text(certificate.read_text() + key.read_text())
    return both, certificate


@contextlib.contextmanager
def tls_for(origin, folder, pem):
    """HAProxy in front of the load's origin; yields its port."""
    port = free_port()
    path = folder / "haproxy.conf"
    path.write_text(CONFIGURATION.format(binds=",".join(f"{host}:{port}" for host in HOSTS),
                                         pem=pem, origin=origin))
    process = subprocess.Popen(["haproxy", "-db", "-f", path])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex((HOSTS[0], port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


class SilentOrigin:
    """Speaks TLS and reads a request, then stays silent, or falls silent after the beginning of a
    response."""

    def __init__(self, pem, answer):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._answer = answer
        self._listener = socket.create_server((HOSTS[0], 0), backlog=512)
        self.arrived = queue.SimpleQueue()
        self._held = []
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                accepted = self._listener.accept()[0]
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                channel = self._context.wrap_socket(accepted, server_side=True)
                channel.recv(65536)
                channel.sendall(self._answer)
            except OSError:
                return
            self._held.append(channel)
            self.arrived.put(channel)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        for channel in self._held:
            channel.close()


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))


def memory(proxy, pem, answer):
    """The memory of one silent exchange in bytes, in a proxy that trusts that certificate."""
    origin = SilentOrigin(pem, answer)
    request = (f"GET https://{HOSTS[0]}:{origin.port}/ HTTP/1.1\r\nHost: {HOSTS[0]}\r\n"
               "User-Agent: bench\r\nAccept: */*\r\n"
               "Authorization: Bearer sk-0123456789abcdef0123456789abcdef\r\n\r\n").encode()
    clients = []

    def ask(count):
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", proxy.port))
            client.sendall(request)
            clients.append(client)
            # One by one, so that concurrent handshakes do not count as part of an exchange.
            origin.arrived.get(timeout=60)
            if answer:
                client.recv(65536)
        time.sleep(1)
        return pss(proxy.pid)

    before = ask(WARM_UP)
    after = ask(SILENT)
    for client in clients:
        client.close()
    origin.close()
    return (after - before) / SILENT


def cpu(load, proxy, ports, *arguments):
    """The CPU time of one request, in µs."""
    return loadgenerator.run(load, "forward", "--proxy-port", proxy.port, "--pid", proxy.pid,
                             "--origin-port", ports[0], "--secure-origin-port", ports[1],
                             *arguments)["cpu_us_per_request"]


def measure(daemon, load, folder):
    """Measures one daemon, with a fresh start for each figure."""
    os.environ["SAMI_DAEMON"] = os.path.abspath(daemon)
    pem, certificate = make_certificate(folder, HOSTS)
    settings = {"PROXY_UPSTREAM_CA_FILE": str(certificate), "PROXY_THREADS": "2"}
    origin = free_port()
    figures = {}
    with tls_for(origin, folder, pem) as port:
        with Proxy(settings) as proxy:
            figures["CPU per request of 1 KB, µs"] = cpu(load, proxy, (origin, port),
                                                         "--total", "8000")
        with Proxy(settings) as proxy:
            per_megabyte = cpu(load, proxy, (origin, port), "--total", "300", "--in-flight", "8",
                               "--size", str(1_000_000))
            figures["CPU per GB, 8 at a time, s"] = per_megabyte * 1000 / 1e6
    pem, certificate = make_certificate(folder, HOSTS[:1])
    settings["PROXY_UPSTREAM_CA_FILE"] = str(certificate)
    for name, answer in (("before its answer", b""), ("amid its answer", ANSWER_BEGUN)):
        with Proxy(settings) as proxy:
            figures[f"memory of an exchange silent {name}, KB"] = memory(proxy, pem, answer) / 1024
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("load")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    pairs = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for _ in range(options.rounds):
            pairs.append([measure(daemon, options.load, folder)
                          for daemon in (options.before, options.after)])
            print(*(f"{value:.2f}" for figures in pairs[-1] for value in figures.values()),
                  f"load {os.getloadavg()[0]:.1f}", flush=True)
    for figure in pairs[0][0]:
        before, after = ([pair[i][figure] for pair in pairs] for i in (0, 1))
        ratio = statistics.median(b / a for a, b in zip(before, after))
        print(f"{figure:48} {statistics.median(before):8.2f} {statistics.median(after):8.2f} "
              f"ratio {ratio:.3f}")


if __name__ == "__main__":
    main()
