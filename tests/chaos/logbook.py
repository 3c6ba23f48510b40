# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Reads the daemon's log as it grows, and counts the access lines of each id."""

import re

import tunnels

_TARGET = re.compile(r'"target":"(?:https?://[^/"]+)?/(?:chaos|nowhere)/([0-9]+-[0-9]+-[0-9]+)"')
_TUNNEL = re.compile(r'"method":"CONNECT","target":"(127\.[0-9]+\.[0-9]+\.[0-9]+):[0-9]+"')
_STATUS = re.compile(r'"status":([0-9]+)')
_CONNECTION = re.compile(r'"id":([0-9]+)')
_RELOAD = re.compile(r'"message":"((?:not )?reloaded)')


class LogBook:
    def __init__(self, path):
        self._path = path
        self._offset = 0
        self.lines = {}  # id: [count, status of the last]
        self.reloads = []  # "reloaded" or "not reloaded", in order
        self.has_gaps = False
        self.leaks = []
        self.accepted = set()
        self.ended = set()

    def poll(self):
        with open(self._path, encoding="utf-8", errors="replace", newline="\n") as file:
            file.seek(self._offset)
            while (text := file.readline()).endswith("\n"):
                self._offset = file.tell()
                self._take(text)

    def _take(self, text):
        if "?q=" in text or "secret" in text:
            self.leaks.append(text)
        if '"message":"closed"' in text:
            self._take_access_line(text)
        elif '"message":"accepted"' in text:
            self.accepted.add(int(_CONNECTION.search(text)[1]))
        elif found := _RELOAD.search(text):
            self.reloads.append(found[1])
        elif "log lines dropped" in text:
            self.has_gaps = True

    def _take_access_line(self, text):
        self.ended.add(int(_CONNECTION.search(text)[1]))
        if found := _TARGET.search(text):
            identity = found[1]
        elif found := _TUNNEL.search(text):
            identity = tunnels.identity_at(found[1]) + "-t"
        else:
            return
        status = _STATUS.search(text)
        entry = self.lines.setdefault(identity, [0, 0])
        entry[0] += 1
        entry[1] = int(status[1]) if status else 0

    def judge(self, ledger):
        """Compares the lines with what was sent and answered."""
        if self.leaks:
            ledger.fail(f"a query in the log: {self.leaks[:2]}")
        wrong = []
        for identity, (least, status) in ledger.due.items():
            count, logged = self.lines.get(identity, (0, 0))
            if count > 1 or (count < least and not self.has_gaps):
                wrong.append(f"{count} access lines for {identity}, which has at least {least}")
            elif status and count and status != logged:
                wrong.append(f"the access line of {identity} says {logged}, its client got {status}")
        wrong += [f"an access line for {identity}, which nobody sent" for identity in self.lines
                  if identity not in ledger.due and identity not in ledger.tainted]
        for text in wrong[:5]:
            ledger.fail(text)
        # Only a log of all levels has these.
        if self.accepted and not self.has_gaps:
            if missing := self.accepted - self.ended:
                ledger.fail(f"connections without a line: {sorted(missing)[:5]}")
