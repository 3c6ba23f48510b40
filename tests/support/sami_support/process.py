# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A daemon for long tests: what /proc says of it, and a log that stays in a file."""

import json
import os
import pathlib

from .proxy import Proxy
from .waiting import wait_until


class Process:
    """What /proc says of the daemon."""

    def __init__(self, pid):
        self._folder = pathlib.Path(f"/proc/{pid}")

    def descriptors(self):
        """(sockets and the like, pipes)"""
        targets = []
        for entry in (self._folder / "fd").iterdir():
            try:
                targets.append(os.readlink(entry))
            except FileNotFoundError:
                pass  # closed meanwhile
        pipes = sum(target.startswith("pipe:") for target in targets)
        return len(targets) - pipes, pipes

    def _status(self, name, folder=None):
        for line in ((folder or self._folder) / "status").read_text("ascii").splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise KeyError(name)

    def threads(self):
        return self._status("Threads")

    def resident_kb(self):
        return self._status("VmRSS")

    def cpu_seconds(self):
        fields = (self._folder / "stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def switches(self):
        """How often its threads have gone to sleep."""
        return sum(self._status("voluntary_ctxt_switches", task)
                   for task in (self._folder / "task").iterdir())


class LoggedProxy(Proxy):
    """A daemon that logs everything to a file, read at the end: a soak's log is long."""

    def __init__(self, file, settings, arguments=()):
        super().__init__({"LOG_LEVEL": "debug", **settings}, arguments, stdout=file,
                         expect_start=False)
        self._path = file.name

    def start(self):
        super().start()
        self.port = wait_until(self._started, what="the started line")["port"]
        return self

    def _started(self):
        return next((line for line in self.lines() if line["message"] == "started"), None)

    def lines(self, *messages):
        with open(self._path, encoding="utf-8", errors="replace") as file:
            for text in file:
                if text.endswith("\n") and (not messages or any(
                        f'"{message}"' in text for message in messages)):
                    line = json.loads(text)
                    if not messages or line["message"] in messages:
                        yield line
