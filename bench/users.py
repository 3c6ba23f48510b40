#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What users of a file cost, what guessing does to the others, and whether the time betrays a name.

    bench/users.py cost|guesses|names PROXY LOAD

PROXY is the daemon, LOAD the load generator (sami-bench-load), both as built; a release build for figures.
Exits with 1 where a limit is missed.

    cost      CPU per CONNECT of a user whose bcrypt hash has cost 12, beside that of the settings' one pair;
              in pairs, the median of their ratios
    guesses   a minute of wrong passwords from 1,000 loopback addresses: delays of ticking streams, what it does to a
              user from an address that has signed in before, the hashing threads' CPU and the memory
    names     2,000 wrong passwords each of a known, an unknown and a disabled user, interleaved: the times until the
              answers, compared by rank
"""
import argparse
import base64
import hashlib
import itertools
import math
import multiprocessing
import os
import pathlib
import random
import socket
import statistics
import sys
import tempfile
import time

import loadgenerator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from sami_support import Proxy  # noqa: E402 (the path comes first)

PASSWORD = "bench-secret"
# bcrypt of PASSWORD: cost 12 is a quarter of a second.
DEAR = "$2y$12$abcdefghijklmnopqrstuuHLP9U1lXSeC4/HyGcXpxD82wtPM53RO"
MAX_COST_RATIO = 1.1
MAX_ADDED_P99_MS = 10
MAX_GROWTH_MB = 4
MOST_HASHING_THREADS = 2
# Of a rank test between equals one of 370 goes beyond it.
MAX_DEVIATION = 3.0


def basic(user, password=PASSWORD):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def pbkdf2(iterations):
    """A hash of PASSWORD as `sami-llm-proxy user add` writes them."""
    def text(octets):
        return base64.b64encode(octets).decode().rstrip("=").replace("+", ".")
    salt = b"a salt of 16 oct"
    digest = hashlib.pbkdf2_hmac("sha512", PASSWORD.encode(), salt, iterations)
    return f"$pbkdf2-sha512${iterations}${text(salt)}${text(digest)}"


def proxy_with(folder, *lines, **others):
    path = pathlib.Path(folder) / "users"
    path.write_text("".join(line + "\n" for line in lines))
    return Proxy({"PROXY_USERS_FILE": str(path), "PROXY_THREADS": "2", **others})


def ask(port, user, password, source="127.0.0.1"):
    """The status of one CONNECT to a closed port, and the seconds until it came."""
    with socket.create_connection(("127.0.0.1", port), source_address=(source, 0)) as client:
        client.settimeout(30)
        request = (f"CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: 127.0.0.1:9\r\n"
                   f"Proxy-Authorization: Basic {basic(user, password)}\r\n\r\n").encode()
        began = time.perf_counter()
        client.sendall(request)
        answer = client.recv(65536)
        return int(answer.split(b" ")[1] if answer else 0), time.perf_counter() - began


def cost(options, folder):
    def measure(proxy):
        ask(proxy.port, "ada", PASSWORD)  # the one hash
        return loadgenerator.run(options.load, "connect", "--proxy-port", proxy.port, "--pid", proxy.pid,
                        "--total", 10_000, "--credentials", basic("ada"))["cpu_us_per_connect"]
    pairs = []
    for _ in range(options.rounds):
        with Proxy({"PROXY_AUTH_USERNAME": "ada", "PROXY_AUTH_PASSWORD": PASSWORD,
                    "PROXY_THREADS": "2"}) as proxy:
            one_pair = measure(proxy)
        with proxy_with(folder, f"ada:{DEAR}") as proxy:
            pairs.append((one_pair, measure(proxy)))
        print(f"one pair {pairs[-1][0]:.1f} µs, of a file {pairs[-1][1]:.1f} µs, "
              f"load {os.getloadavg()[0]:.1f}", flush=True)
    ratio = statistics.median(after / before for before, after in pairs)
    print(f"CPU per CONNECT: ratio {ratio:.3f}, median of {options.rounds} pairs "
          f"(limit {MAX_COST_RATIO})")
    return ratio <= MAX_COST_RATIO


def guess(port, ends, told):
    """Wrong passwords from 1,000 addresses in turn, 64 of them under way at once."""
    os.nice(15)  # it is no part of what is measured
    sources = itertools.cycle(f"127.1.{number // 250}.{1 + number % 250}" for number in range(1000))
    waiting, sent, statuses = [], 0, {}
    while time.monotonic() < ends:
        client = socket.create_connection(("127.0.0.1", port), source_address=(next(sources), 0))
        client.sendall(f"CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nProxy-Authorization: "
                       f"Basic {basic('ada', f'guess {sent}')}\r\n\r\n".encode())
        waiting.append(client)
        sent += 1
        if len(waiting) == 64:
            oldest = waiting.pop(0)
            oldest.settimeout(2)
            try:
                status = oldest.recv(4096)[9:12].decode() or "closed"
            except TimeoutError:
                status = "left"
            statuses[status] = statuses.get(status, 0) + 1
            oldest.close()
        time.sleep(0.002)
    told.put((sent, statuses))


def hashing_cpu(pid):
    """Seconds of CPU of the threads that hash, and how many there are."""
    seconds = threads = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        stat = (task / "stat").read_text().rsplit(")", 1)[1].split()
        if int(stat[16]) == 19:  # nice: the lowest priority is theirs alone
            threads += 1
            seconds += (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return seconds, threads


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def ticks(options, proxy, seconds):
    result = loadgenerator.run(options.load, "wait", "--silent", 20, "--ticking", 20, "--seconds", seconds,
                      "--proxy-port", proxy.port, "--credentials", basic("ada"))
    return result["proxied_p99_ms"] - result["direct_p99_ms"]


def guesses(options, folder):
    with proxy_with(folder, f"ada:{DEAR}", f"eve:{pbkdf2(210_000)}",
                    AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1000000") as proxy:
        ask(proxy.port, "ada", PASSWORD)
        quiet = ticks(options, proxy, 5)
        told = multiprocessing.SimpleQueue()
        ends = time.monotonic() + options.seconds
        guesser = multiprocessing.Process(target=guess, args=(proxy.port, ends, told))
        guesser.start()
        time.sleep(5)
        before, began, cpu = resident(proxy.pid), time.monotonic(), hashing_cpu(proxy.pid)[0]
        good, delays = [], []
        while time.monotonic() < ends - 12:
            delays.append(ticks(options, proxy, 5))
            # Eve has another password's hash to be made: she comes from where ada has signed in.
            good.append(ask(proxy.port, "eve", PASSWORD))
        spent, threads = hashing_cpu(proxy.pid)
        share = (spent - cpu) / (time.monotonic() - began)
        growth = resident(proxy.pid) - before
        guesser.join()
        sent, statuses = told.get()
    added = statistics.median(delays) - quiet
    let_in = sum(status == 403 for status, _ in good)  # let in: ALLOWED_PORTS is looked at after the password
    print(f"{sent} guesses answered {statuses}")
    print(f"a ticking stream's p99: {added:.3f} ms more (limit {MAX_ADDED_P99_MS})")
    print(f"{let_in} of {len(good)} let in from a known address, after "
          f"{statistics.median(seconds for _, seconds in good):.3f} s")
    print(f"hashing: {threads} threads, {share:.2f} cores (limit {MOST_HASHING_THREADS}); "
          f"memory grew by {growth:.1f} MB (limit {MAX_GROWTH_MB})")
    return (added <= MAX_ADDED_P99_MS and let_in == len(good) and growth <= MAX_GROWTH_MB
            and threads <= MOST_HASHING_THREADS)


def deviation(left, right):
    """Of Mann and Whitney's U from its mean, in standard deviations."""
    ordered = sorted((value, side) for side, values in enumerate((left, right)) for value in values)
    ranks = sum(rank for rank, (_, side) in enumerate(ordered, 1) if side == 0)
    n, m = len(left), len(right)
    u = ranks - n * (n + 1) / 2
    return (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)


def names(options, folder):
    times = {"known": [], "unknown": [], "disabled": []}
    number = 0
    with proxy_with(folder, f"known:{pbkdf2(5_000)}", f"disabled:{pbkdf2(5_000)}:disabled",
                    AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1000000") as proxy:
        ask(proxy.port, "known", "warms up")
        for _ in range(options.tries):
            for user in random.sample(sorted(times), len(times)):
                number += 1
                source = f"127.2.{number // 250 % 250}.{1 + number % 250}"
                status, seconds = ask(proxy.port, user, f"guess {number}", source)
                if status != 407:
                    sys.exit(f"{user}: {status} instead of 407")
                times[user].append(seconds)
    worst = 0
    for user, found in times.items():
        print(f"{user:9} median {statistics.median(found) * 1000:.3f} ms")
    for left, right in itertools.combinations(times, 2):
        z = deviation(times[left], times[right])
        worst = max(worst, abs(z))
        print(f"{left} and {right}: {z:+.2f} standard deviations (limit {MAX_DEVIATION})")
    return worst <= MAX_DEVIATION


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("cost", "guesses", "names"))
    parser.add_argument("proxy")
    parser.add_argument("load")
    parser.add_argument("--rounds", type=int, default=5, help="cost: pairs")
    parser.add_argument("--seconds", type=int, default=60, help="guesses: how long")
    parser.add_argument("--tries", type=int, default=2000, help="names: of each user")
    options = parser.parse_args()
    os.environ["SAMI_DAEMON"] = os.path.abspath(options.proxy)
    with tempfile.TemporaryDirectory() as folder:
        held = {"cost": cost, "guesses": guesses, "names": names}[options.what](options, folder)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
