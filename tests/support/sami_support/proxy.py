# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The real daemon, started with given settings, its log read line by line."""

import json
import os
import signal
import subprocess
import threading
import time

from .rawclient import RawClient
from .rows import uses_qt_sockets
from .waiting import WAIT

_SANITIZER_MARKS = (
    "ERROR: AddressSanitizer",
    "ERROR: LeakSanitizer",
    "WARNING: ThreadSanitizer",
    "runtime error:",
    "ASSERT",
    "QThread: Destroyed",
)
_DEFAULTS = {
    "PROXY_ADDRESS": "127.0.0.1",
    "PROXY_PORT": "0",
    "ALLOW_PRIVATE_TARGETS": "127.0.0.0/8",
    "LOG_FORMAT": "json",
}
# Variables for the daemon's runtime, never for the proxy itself.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
              "TSAN_OPTIONS", "QT_PLUGIN_PATH", "LD_LIBRARY_PATH")


class Proxy:
    """`with Proxy({"ALLOWED_PORTS": "80"}) as proxy:` starts a daemon and ends it.

    A setting of None is left out. `address` is where to reach it (127.0.0.1 also when it listens on
    all addresses). With `expect_start=False` the constructor does not wait for the "started" line;
    use `wait_exit()`. `prefix` is a command that executes the daemon: prlimit, nsenter.
    """

    def __init__(self, environment=None, arguments=(), expect_start=True, check_exit=True,
                 stdout=None, prefix=()):
        settings = dict(_DEFAULTS)
        if uses_qt_sockets():
            settings["PROXY_SOCKETS"] = "qt"
        if "SAMI_EVENT_DISPATCHER" in os.environ:
            settings["PROXY_EVENT_DISPATCHER"] = os.environ["SAMI_EVENT_DISPATCHER"]
        settings.update(environment or {})
        self._environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._environment.update(
            {name: str(value) for name, value in settings.items() if value is not None})
        self._command = [*prefix, os.environ["SAMI_DAEMON"], *map(str, arguments)]
        self._expect_start = expect_start
        self._check_exit = check_exit
        self._stdout = stdout
        self._changed = threading.Condition()
        self._raw = []
        self._lines = []
        self._errors = []
        self._clients = []
        self._process = None
        self.port = None
        self.address = "127.0.0.1"

    # --- life ---

    def start(self):
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._stdout is None else self._stdout,
            stderr=subprocess.PIPE)
        self._readers = [threading.Thread(target=self._read_errors, daemon=True)]
        if self._stdout is None:
            self._readers.append(threading.Thread(target=self._read_log, daemon=True))
        for reader in self._readers:
            reader.start()
        if self._expect_start:
            try:
                self.port = self.wait_for_log(lambda line: line.get("message") == "started")["port"]
            except BaseException:
                self._kill()
                raise
        return self

    @property
    def pid(self):
        return self._process.pid

    @property
    def url(self):
        return f"http://{self.address}:{self.port}"

    def signal(self, number=signal.SIGTERM):
        self._process.send_signal(number)

    def is_running(self):
        return self._process.poll() is None

    def wait_exit(self, timeout=None):
        """Waits for the process and its output to end; returns the exit code."""
        code = self._process.wait(WAIT if timeout is None else timeout)
        for reader in self._readers:
            reader.join(WAIT)
        return code

    def stop(self, timeout=None):
        """SIGTERM; returns the exit code."""
        if self.is_running():
            self._process.terminate()
        return self.wait_exit(12 + WAIT if timeout is None else timeout)

    def _kill(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(WAIT)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        for client in self._clients:
            client.close()
        code = self._process.poll()
        try:
            if code is None:
                self._process.terminate()
                # The second signal cuts everything that still runs.
                try:
                    code = self._process.wait(0.5)
                except subprocess.TimeoutExpired:
                    self._process.terminate()
                    code = self._process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self._kill()
            if kind is None:
                raise AssertionError("the daemon did not end after two signals") from None
        for reader in self._readers:
            reader.join(WAIT)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        errors = self.stderr()
        if any(mark in errors for mark in _SANITIZER_MARKS):
            raise AssertionError(f"the daemon's stderr has a report:\n{errors}")
        if kind is None and self._check_exit and self._expect_start and code != 0:
            raise AssertionError(f"the daemon ended with {code}\n{errors}")
        return False

    # --- talking to it ---

    def client(self, **options):
        """A raw client connected to the proxy; it closes with the proxy."""
        client = RawClient(self.address, self.port, **options)
        self._clients.append(client)
        return client

    def get(self, url, *fields, method="GET", body=b"", version="1.1"):
        """One request on its own connection; returns the response."""
        with self.client() as client:
            client.request(method, url, *fields, body=body, version=version)
            return client.read_response(method)

    # --- the log ---

    def _read_log(self):
        for raw in self._process.stdout:
            text = raw.decode("utf-8", "replace").rstrip("\n")
            try:
                line = json.loads(text)
            except ValueError:
                line = {"text": text}
            with self._changed:
                self._raw.append(text)
                self._lines.append(line)
                self._changed.notify_all()

    def _read_errors(self):
        for raw in self._process.stderr:
            with self._changed:
                self._errors.append(raw.decode("utf-8", "replace"))

    def stderr(self):
        with self._changed:
            return "".join(self._errors)

    def log_text(self):
        """Everything on stdout so far, verbatim."""
        with self._changed:
            return "\n".join(self._raw)

    def log_lines(self):
        with self._changed:
            return list(self._lines)

    def wait_for_log(self, predicate, timeout=None):
        """The first line, past or future, for which `predicate` is true."""
        deadline = time.monotonic() + (WAIT if timeout is None else timeout)
        seen = 0
        with self._changed:
            while True:
                for line in self._lines[seen:]:
                    if predicate(line):
                        return line
                seen = len(self._lines)
                left = deadline - time.monotonic()
                ended = self._process.poll() is not None and not any(
                    reader.is_alive() for reader in self._readers[1:])
                if left <= 0 or (ended and seen == len(self._lines)):
                    raise AssertionError(
                        "no such log line; the log:\n" + "\n".join(self._raw[-40:])
                        + "\nstderr:\n" + "".join(self._errors))
                self._changed.wait(min(left, 0.1))

    def access_lines(self):
        return [line for line in self.log_lines() if line.get("message") == "closed"]

    def wait_for_access(self, count=1, predicate=lambda line: True):
        """Waits for `count` access lines that match; returns them."""
        found = []

        def enough(line):
            if line.get("message") == "closed" and predicate(line):
                found.append(line)
            return len(found) >= count

        self.wait_for_log(enough)
        return found
