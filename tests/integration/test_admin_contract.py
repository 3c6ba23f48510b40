# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The admin API held against its own contract: calls made from core/admin/openapi.json, a thousand, or ten
thousand with SAMI_LONG=1. SAMI_SEED chooses others than the usual ones."""

import os
import random
import unittest

from helpers_admin import AdminCase, AdminClient
from helpers_contract import Calls, event_faults, faults
from helpers_users import UsersFile, line
from sami_support import Origin, row

IS_LONG = os.environ.get("SAMI_LONG") == "1"
SEED = int(os.environ.get("SAMI_SEED", "26"))
COUNT = 10_000 if IS_LONG else 1_000


class Contract(AdminCase):
    def setUp(self):
        super().setUp()
        users = self.enter(UsersFile(line("ada"), line("bob"), line("Анна")))
        self.start(LOG_LEVEL="info", **users.settings())  # the level is locked
        self.client = None

    def connected(self):
        if not self.client:
            where = self.path if self.random.random() < 0.2 else self.port
            self.client = AdminClient(where)
        return self.client

    def leave(self):
        if self.client:
            self.client.socket.close()
        self.client = None

    def answer(self, call):
        client = self.connected()
        client.send(call.octets)
        status, fields, body = client.response(call.method == "HEAD")
        found = faults(call, status, fields, body)
        if call.is_stream and status == 200:
            for _ in range(2):
                name, _, data = client.next_event()
                found += event_faults(name, data)
        # What a hostile call may have left behind is no part of the next one.
        if call.is_stream or call.operation is None or fields.get("connection") == "close":
            self.leave()
        return status, found

    @row("B§18: no call makes a 500, and every answer is what the contract says")
    def test_generated(self):
        self.random = random.Random(SEED)
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        known = {right: self.admin(token) for right, token in (("read", self.read), ("manage", self.manage))}
        for admin in known.values():
            admin.json("/api/v1/status")
        seen = {}
        calls = Calls(self.random, {"read": self.read, "manage": self.manage}, ["ada", "bob", "Анна"],
                      lambda: known["read"].ask("GET", "/api/v1/settings")[1]["etag"],
                      lambda: [row["id"] for row in known["read"].json("/api/v1/connections")["rows"]])
        self.addCleanup(self.leave)
        for number in range(COUNT):
            if number % 50 == 0:
                self.enter(self.proxy.client()).request("CONNECT", f"{origin.host}:{origin.port}")
            call = calls.next()
            try:
                status, found = self.answer(call)
            except (OSError, EOFError, ValueError) as error:
                self.fail(f"SAMI_SEED={SEED}, call {number}, {call}: {error!r}")
            self.assertEqual(found, [], f"SAMI_SEED={SEED}, call {number}, {call}: {status}")
            seen[status] = seen.get(status, 0) + 1
        self.assertEqual(known["read"].json("/api/v1/status")["state"], "running")
        self.assertGreaterEqual(set(seen), {200, 204, 400, 401, 403, 404, 405, 409, 412, 421, 422, 428, 429}, seen)
        self.assertNotIn(503, seen, seen)
        if IS_LONG:
            print(f"{COUNT} calls: {dict(sorted(seen.items()))}")


if __name__ == "__main__":
    unittest.main()
