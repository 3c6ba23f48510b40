#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The admin doors and the users file: listing users, turning them out and letting them in again."""

import signal
import unittest

from helpers_access import basic
from helpers_admin import AdminCase
from helpers_users import UsersFile, line
from sami_support import Origin, row, wait_until


class Users(AdminCase):
    def setUp(self):
        super().setUp()
        self.users = self.enter(UsersFile(line("ada", keys="connections=3;hosts=*.example;note=<b>desk</b>"),
                                          line("bob", keys="until=2020-01-31"), line("Анна")))
        self.origin = self.enter(Origin(lambda connection: connection.recv_all()))

    def start_with_users(self, **others):
        self.start(**self.users.settings(**others))

    def content(self):
        with open(self.users.path, encoding="utf-8") as file:
            return file.read()

    def state_of(self, admin, name):
        return {user["name"]: user for user in admin.json("/api/v1/users")["rows"]}[name]["state"]

    @row("B§18: the users are shown, the settings' own first, and no hash")
    def test_list(self):
        self.start_with_users(PROXY_AUTH_USERNAME="sami", PROXY_AUTH_PASSWORD="secret and long")
        answer = self.admin(self.read).ask("GET", "/api/v1/users")
        self.assertNotIn(b"pbkdf2", answer[2])
        self.assertEqual(self.admin(self.read).json("/api/v1/users")["rows"], [
            {"name": "sami", "source": "settings", "state": "enabled", "live": 0},
            {"name": "ada", "source": "file", "state": "enabled", "live": 0, "connections": 3,
             "hosts": ["*.example"], "note": "<b>desk</b>"},
            {"name": "bob", "source": "file", "state": "expired", "live": 0, "until": "2020-01-31"},
            {"name": "Анна", "source": "file", "state": "enabled", "live": 0}])

    @row("B§18: a user who is turned out loses the streams that run, and comes back when let in")
    def test_disable(self):
        self.start_with_users()
        admin = self.admin(self.manage)
        client = self.proxy.client()
        client.connect_tunnel("127.0.0.1", self.origin.port, basic("Анна", "secret"))
        wait_until(lambda: admin.json("/api/v1/users")["rows"][2]["live"] == 1, what="the live one")
        path = "/api/v1/users/%D0%90%D0%BD%D0%BD%D0%B0/"
        self.assertEqual(admin.ask("POST", path + "disable")[0], 204)
        self.assertEqual(self.state_of(admin, "Анна"), "disabled")
        [closed] = self.proxy.wait_for_access()
        self.assertEqual((closed["how"], closed["reason"]), ("closed", "user_disabled"))
        self.assertEqual(admin.ask("POST", path + "enable")[0], 204)
        self.assertEqual(self.state_of(admin, "Анна"), "enabled")

    @row("B§18: a slash in a name is escaped, and parts nothing")
    def test_slash(self):
        self.users.write(line("team/ada"))
        self.start_with_users()
        admin = self.admin(self.manage)
        self.assertEqual(admin.ask("POST", "/api/v1/users/team%2Fada/disable")[0], 204)
        self.assertEqual(self.state_of(admin, "team/ada"), "disabled")
        self.assertEqual(admin.ask("POST", "/api/v1/users/team%2fada/enable")[0], 204)
        self.problem(admin.ask("POST", "/api/v1/users/team/ada/disable"), 404, "not_found")

    @row("B§18: nobody else's line changes when a user is turned out")
    def test_other_lines(self):
        self.start_with_users()
        before = self.content().splitlines()
        self.assertEqual(self.admin(self.manage).ask("POST", "/api/v1/users/ada/disable")[0], 204)
        after = self.content().splitlines()
        self.assertEqual(before[1:], after[1:])
        self.assertNotEqual(before[0], after[0])

    @row("B§18: the settings' own user, one who is not there and a token that may read change nothing")
    def test_refused(self):
        self.start_with_users(PROXY_AUTH_USERNAME="sami", PROXY_AUTH_PASSWORD="secret and long")
        before = self.content()
        admin = self.admin(self.manage)
        self.problem(admin.ask("POST", "/api/v1/users/sami/disable"), 409, "not_in_file")
        self.problem(admin.ask("POST", "/api/v1/users/eve/disable"), 404, "not_found")
        self.problem(self.admin(self.read).ask("POST", "/api/v1/users/ada/disable"), 403, "forbidden")
        self.assertEqual(self.content(), before)

    @row("B§18: a users file with a bad line is a 503, and the log names the line")
    def test_bad_file(self):
        self.start_with_users()
        self.users.write("ada:plain")
        self.problem(self.admin(self.read).ask("GET", "/api/v1/users"), 503, "unavailable")
        wait_until(lambda: any("line 1" in line.get("reason", "") for line in self.proxy.log_lines()),
                   what="the log line")


class Nobody(AdminCase):
    @row("B§18: without a users file the list is empty and nobody can be turned out")
    def test_without(self):
        self.start()
        self.assertEqual(self.admin(self.read).json("/api/v1/users")["rows"], [])
        self.problem(self.admin(self.manage).ask("POST", "/api/v1/users/ada/disable"), 404, "not_found")


if __name__ == "__main__":
    unittest.main()
