# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A restless operator: rewrites the settings file, sends SIGHUP, and stops the daemon for moments.
"""

import asyncio
import random
import signal

from sami_support import closed_port
from sami_support.peer import STUCK
from wire import PASSWORD, USER

_KINDS = ("touch", "timeouts", "rules", "rules", "move", "move", "bad_file", "pause")
GRACE_MS = 3000


class Operator:
    """`world.port` follows the listener; `world.moving` is set while it moves."""

    def __init__(self, world, path, proxy, logbook):
        self._world = world
        self._path = path
        self._proxy = proxy
        self._logbook = logbook
        self._rng = random.Random(f"{world.seed}/operator")
        self._port = closed_port()
        self._timeout_ms = 600_000
        self._refused_port = 0
        self.write()

    def write(self, port=None, extra=()):
        lines = [f"port = {port or self._port}", f"auth_username = {USER}",
                 f"auth_password = {PASSWORD}", f"timeout_ms = {self._timeout_ms}",
                 f"shutdown_grace_ms = {GRACE_MS}", *extra]
        if self._refused_port:
            lines.append(f"allowed_ports = 80,1024-{self._refused_port - 1},"
                         f"{self._refused_port + 1}-65535")
        with open(self._path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    async def run(self, is_over):
        while not is_over():
            await asyncio.sleep(self._rng.uniform(0.5, 2.5))
            kind = self._rng.choice(_KINDS)
            self._world.ledger.counts["operator: " + kind] += 1
            if kind == "move":
                await self._move()
            elif kind == "pause":
                # Simulates a machine that is too busy: what arrives meanwhile comes all at once.
                self._proxy.signal(signal.SIGSTOP)
                await asyncio.sleep(self._rng.uniform(0.02, 0.3))
                self._proxy.signal(signal.SIGCONT)
            elif kind == "bad_file":
                self.write(extra=("connect_timeout_ms = soon",))
                assert await self.reload() == "not reloaded", "a bad file was taken"
                self.write()
            else:
                if kind == "timeouts":
                    self._timeout_ms = self._rng.randint(400_000, 900_000)
                elif kind == "rules":
                    flapping = self._world.origins.port("flapping")
                    self._refused_port = 0 if self._refused_port else flapping
                self.write()
                assert await self.reload() == "reloaded", "good settings were not taken"

    async def _move(self):
        port = closed_port()
        self.write(port)
        self._world.moving = True
        # Another program may have taken the port meanwhile.
        if await self.reload() == "reloaded":
            self._world.port = self._port = port
        self._world.moves += 1
        self._world.moving = False

    async def reload(self):
        """Sends SIGHUP; returns the daemon's verdict."""
        self._logbook.poll()
        seen = len(self._logbook.reloads)
        self._proxy.signal(signal.SIGHUP)
        until = asyncio.get_running_loop().time() + STUCK
        while len(self._logbook.reloads) == seen:
            assert asyncio.get_running_loop().time() < until, "no word of the reload"
            await asyncio.sleep(0.02)
            self._logbook.poll()
        return self._logbook.reloads[seen]
