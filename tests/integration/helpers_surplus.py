# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Bytes that an origin sends after a response, and when it does."""

import contextlib
import os
import signal
import sys
import threading
import time

from sami_support import WAIT, wait_until

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SURPLUS = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


def _has_stopped(pid):
    """A thread that is running at that moment goes on for a little while."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/stat", encoding="ascii") as stat:
            if stat.read().rpartition(")")[2].split()[0] != "T":
                return False
    return True


@contextlib.contextmanager
def standing_still(proxy):
    """Stops the proxy's threads, so that what arrives meanwhile is all there when they continue."""
    os.kill(proxy.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: _has_stopped(proxy.pid), what="the stop of all threads")
        yield
    finally:
        os.kill(proxy.pid, signal.SIGCONT)


class LateOrigin:
    """Answers; its first connection sends surplus bytes on command."""

    def __init__(self, case, options):
        self.send = threading.Event()
        self.sent = threading.Event()
        case.addCleanup(self.send.set)
        self.origin = case.origin(self._serve, **options)
        self.url = self.origin.url(host="localhost")

    def _serve(self, connection):
        connection.read_request()
        connection.send(OK)
        if connection.number == 0:
            self.send.wait(4 * WAIT)
            connection.send(SURPLUS)
            self.sent.set()
            connection.recv_all()

    def send_surplus(self):
        self.send.set()
        assert self.sent.wait(WAIT), "the origin did not send"


def check_surplus(case, options):
    """The rows about surplus bytes, for an origin with these options."""
    for delay in (0, 1, 5, 50):
        with case.row("B§5: octets that arrive between a response and the next request are no response",
                      delay=delay), case.proxy.client() as client:
            late = LateOrigin(case, options)
            client.request("GET", late.url)
            case.assertEqual(client.read_response().body, b"ok")
            time.sleep(delay / 1000)
            late.send_surplus()
            client.request("GET", late.url)
            case.assertEqual(client.read_response().body, b"ok")
            case.assertEqual(len(late.origin.connections), 2)
    if not os.path.isdir("/proc/self/task"):
        print("skipped: only Linux tells whether all threads stand still", file=sys.stderr)
        return
    for surplus_first in (True, False):
        with case.row("B§5: octets that arrive at the moment of the next request are no response",
                      surplus_first=surplus_first), case.proxy.client() as client:
            late = LateOrigin(case, options)
            client.request("GET", late.url)
            case.assertEqual(client.read_response().body, b"ok")
            # The connection must be back in the pool before everything stops.
            with case.proxy.client() as other:
                other.request("GET", "/health")
                other.read_response()
            with standing_still(case.proxy):
                if surplus_first:
                    late.send_surplus()
                client.request("GET", late.url)
                if not surplus_first:
                    late.send_surplus()
            case.assertEqual(client.read_response().body, b"ok")
            case.assertEqual(len(late.origin.connections), 2)
