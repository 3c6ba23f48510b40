# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Settings that are changed by the admin API: what may be, what is kept, what counts from when on."""

import json
import os
import signal
import stat
import tempfile
import unittest

from helpers_admin import AdminCase
from helpers_command import run_daemon
from sami_support import Origin, Proxy, answer, row, wait_until

SETTINGS = "/api/v1/settings"


class SettingsCase(AdminCase):
    def rows(self, admin):
        return {found["name"]: found for found in admin.json(SETTINGS)["rows"]}

    def tag(self, admin):
        return admin.ask("GET", SETTINGS)[1]["etag"]

    def put(self, admin, name, value, tag=None):
        """(status, fields, body) of a PUT with the tag of the settings as they are."""
        body = json.dumps({"value": value}).encode()
        return admin.ask("PUT", f"{SETTINGS}/{name}", f"If-Match: {tag or self.tag(admin)}", body=body)

    def set(self, admin, name, value):
        status, fields, body = self.put(admin, name, value)
        self.assertEqual(status, 200, body)
        self.assertEqual(fields["etag"], self.tag(admin))
        return json.loads(body)

    @property
    def file(self):
        return os.path.join(self.state, "settings.ini")


class Setting(SettingsCase):
    @row("B§18: a list of clients that is set counts from the answer on, and is kept for its owner alone")
    def test_clients(self):
        self.start()
        origin = self.enter(Origin(answer(b"")))
        admin = self.admin(self.manage)
        self.assertEqual(self.proxy.get(origin.url("/")).status, 200)
        done = self.set(admin, "allowed_ips", "192.0.2.0/24")
        self.assertEqual(done["setting"], {"name": "allowed_ips", "value": "192.0.2.0/24", "source": "state",
                                           "settable": True, "locked": False})
        self.assertEqual((done["kept"], done["leaves_out_caller"], done["hints"]), (True, True, []))
        self.assertEqual(self.proxy.get(origin.url("/")).status, 403)
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        with open(self.file, encoding="utf-8") as file:
            self.assertEqual(file.read(), "allowed_ips = 192.0.2.0/24\n")
        done = self.set(admin, "allowed_ips", "192.0.2.0/24,127.0.0.1")
        self.assertFalse(done["leaves_out_caller"])
        self.assertEqual(self.proxy.get(origin.url("/")).status, 200)
        line = self.proxy.wait_for_log(lambda line: line.get("did") == "set_setting")
        self.assertEqual((line["token"], line["of"], line["to"]), ("keeper", "allowed_ips", "192.0.2.0/24"))

    @row("B§18: a list of hosts and a level of the log are set; hints come with the answer")
    def test_hosts_and_level(self):
        self.start()
        admin = self.admin(self.manage)
        self.set(admin, "allowed_hosts", "only.example")
        self.assertEqual(self.proxy.get("http://another.example/").status, 403)
        self.assertTrue(self.set(admin, "allowed_hosts", "only.example,openai")["hints"])
        self.set(admin, "log_level", "error")
        count = len(self.proxy.access_lines())
        self.assertEqual(self.proxy.get("http://another.example/").status, 403)
        self.set(admin, "log_level", "info")
        self.assertEqual(self.proxy.get("http://another.example/last").status, 403)
        wait_until(lambda: len(self.proxy.access_lines()) == count + 1, what="one line more")
        wait_until(lambda: [line["to"] for line in self.proxy.log_lines() if line.get("did") == "set_setting"][-2:]
                   == ["error", "info"], what="both changes in the log")

    @row("B§18: what was set outlives a restart, ranks below the environment, and --check-config names it")
    def test_restart(self):
        self.start()
        self.set(self.admin(self.manage), "log_level", "debug")
        self.assertEqual(self.admin(self.read).json("/api/v1/status")["set_from_afar"], ["log_level"])
        self.assertIn("set by the admin API: log_level\n", self.command("status").stdout)
        self.assertEqual(self.proxy.stop(), 0)
        done = run_daemon("--check-config", PROXY_STATE_DIR=self.state)
        self.assertIn("LOG_LEVEL = debug   (state folder)\n", done.stdout)
        self.start()
        found = self.rows(self.admin(self.read))["log_level"]
        self.assertEqual((found["value"], found["source"], found["locked"]), ("debug", "state", False))
        self.assertEqual(self.proxy.stop(), 0)
        self.start(LOG_LEVEL="info")
        found = self.rows(self.admin(self.read))["log_level"]
        self.assertEqual((found["value"], found["source"], found["locked"]), ("info", "environment", True))

    @row("B§18: nothing forgets what was set, and the settings file counts again")
    def test_forget(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        config = os.path.join(folder, "sami.ini")
        with open(config, "w", encoding="ascii") as file:
            file.write(f"log_level = info\nadmin = unix:{self.path}\n")
        proxy = self.enter(Proxy({"PROXY_STATE_DIR": self.state}, ["--config", config]))
        admin = self.admin(where=self.path)
        self.assertEqual(self.set(admin, "log_level", "debug")["setting"]["source"], "state")
        self.assertEqual(self.set(admin, "log_level", "")["setting"]["source"], "file")
        self.assertEqual(os.stat(self.file).st_size, 0)
        self.assertTrue(proxy.is_running())

    @row("B§18: who is left out by the list that counts again is told so")
    def test_forget_leaves_out(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        config = os.path.join(folder, "sami.ini")
        with open(config, "w", encoding="ascii") as file:
            file.write("allowed_ips = 10.0.0.0/8\nadmin = 127.0.0.1:0\n")
        proxy = self.enter(Proxy({"PROXY_STATE_DIR": self.state}, ["--config", config]))
        origin = self.enter(Origin(answer(b"")))
        opened = proxy.wait_for_log(lambda line: line.get("message") == "admin door open")
        admin = self.admin(self.manage, int(opened["at"].rsplit(":", 1)[1]))
        self.assertFalse(self.set(admin, "allowed_ips", "127.0.0.0/8")["leaves_out_caller"])
        self.assertEqual(proxy.get(origin.url("/")).status, 200)
        self.assertTrue(self.set(admin, "allowed_ips", "")["leaves_out_caller"])
        self.assertEqual(proxy.get(origin.url("/")).status, 403)

    @row("B§18: a reload reads what was set again, and refuses to run without it when it has gone")
    def test_reload(self):
        self.start()
        admin = self.admin(self.manage)
        self.set(admin, "allowed_hosts", "only.example")
        with open(self.file, "w", encoding="ascii") as file:
            file.write("allowed_hosts = other.example\n")
        self.proxy.signal(signal.SIGHUP)
        self.proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        self.assertEqual(self.rows(admin)["allowed_hosts"]["value"], "other.example")
        os.rename(self.file, self.file + ".away")
        self.proxy.signal(signal.SIGHUP)
        self.proxy.wait_for_log(lambda line: line.get("message", "").startswith("not reloaded: settings.ini"))
        self.assertEqual(self.rows(admin)["allowed_hosts"]["value"], "other.example")

    @row("B§18: a settings file that was changed and not reloaded counts no more after a PUT than before")
    def test_waiting_file(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        config = os.path.join(folder, "sami.ini")
        with open(config, "w", encoding="ascii") as file:
            file.write(f"allowed_ports = 443\nadmin = unix:{self.path}\n")
        proxy = self.enter(Proxy({"PROXY_STATE_DIR": self.state}, ["--config", config]))
        admin = self.admin(where=self.path)
        with open(config, "w", encoding="ascii") as file:
            file.write(f"allowed_ports = 1-65535\nadmin = unix:{self.path}\n")
        self.set(admin, "log_level", "debug")
        self.assertEqual(self.rows(admin)["allowed_ports"]["value"], "443")
        with open(config, "w", encoding="ascii") as file:
            file.write("allowed_ports = x\n")
        self.problem(self.put(admin, "log_level", "info"), 503, "unavailable")
        line = proxy.wait_for_log(lambda line: "a start would refuse" in line.get("message", ""))
        self.assertIn("allowed_ports", line["reason"])

    @row("B§18: without a state folder it holds until the restart, reloads included, and the answer says so")
    def test_without_folder(self):
        proxy = self.enter(Proxy({"PROXY_ADMIN": f"unix:{self.path}"}))
        admin = self.admin(where=self.path)
        self.assertFalse(self.set(admin, "log_level", "debug")["kept"])
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        self.assertEqual(self.rows(admin)["log_level"]["source"], "state")
        self.assertEqual(proxy.stop(), 0)
        self.enter(Proxy({"PROXY_ADMIN": f"unix:{self.path}"}))
        self.assertEqual(self.rows(self.admin(where=self.path))["log_level"]["source"], "default")

    @row("B§18: running streams keep the settings that they began with")
    def test_running(self):
        self.start()
        origin = self.enter(Origin(lambda connection: connection.send(connection.recv_exactly(4))))
        with self.proxy.client() as client:
            client.connect_tunnel(origin.host, origin.port)
            self.set(self.admin(self.manage), "allowed_ips", "192.0.2.0/24")
            client.send(b"tick")
            self.assertEqual(client.recv_exactly(4), b"tick")


class Refusing(SettingsCase):
    @row("B§18: of two who change the settings that they both have read one is told to read them again")
    def test_stale(self):
        self.start()
        admin, other = self.admin(self.manage), self.admin(self.manage)
        tag = self.tag(admin)
        self.assertEqual(self.put(admin, "log_level", "debug", tag)[0], 200)
        self.problem(self.put(other, "log_level", "error", tag), 412, "precondition_failed")
        self.assertEqual(self.rows(admin)["log_level"]["value"], "debug")
        self.assertEqual(self.put(other, "log_level", "error", "*")[0], 200)

    @row("B§18: of many at once with one tag exactly one changes something")
    def test_at_once(self):
        self.start()
        admins = [self.admin(where=self.path) for _ in range(4)]
        admins += [self.admin(self.manage) for _ in range(4)]
        tag = self.tag(admins[0])
        for number, admin in enumerate(admins):
            admin.request("PUT", f"{SETTINGS}/allowed_hosts", f"If-Match: {tag}",
                          body=json.dumps({"value": f"host{number}.example"}).encode())
        statuses = sorted(admin.response()[0] for admin in admins)
        self.assertEqual(statuses[0], 200)
        self.assertLessEqual(set(statuses[1:]), {409, 412})

    @row("B§18: a PUT without If-Match, of a bad value, of bad JSON or of anything else changes nothing")
    def test_refused(self):
        self.start()
        admin = self.admin(self.manage)
        before = self.rows(admin)
        tag = f"If-Match: {self.tag(admin)}"
        level = f"{SETTINGS}/log_level"
        self.problem(admin.ask("PUT", level, body=b'{"value": "debug"}'), 428, "precondition_required")
        self.problem(admin.ask("PUT", level, tag, body=b'{"value": debug}'), 400, "bad_request")
        self.problem(admin.ask("PUT", level, tag, body=b'{"value": 1}'), 422, "bad_value")
        answer = self.put(admin, "allowed_ips", "127.0.0.1,10.0.0.0/33,nobody")
        self.problem(answer, 422, "bad_value")
        detail = json.loads(answer[2])["detail"]
        self.assertIn('allowed_ips: "10.0.0.0/33": ', detail)
        self.assertIn('allowed_ips: "nobody": ', detail)
        self.problem(self.put(admin, "allowed_ips", "127.0.0.1\nadmin = 0.0.0.0:1"), 422, "bad_value")
        self.problem(self.put(admin, "log_level", '"debug"'), 422, "bad_value")
        for name in ("proxy_state_dir", "proxy_admin", "allow_private_targets", "proxy_users_file", "LOG_LEVEL"):
            self.problem(self.put(admin, name, "true"), 404, "not_found")
        self.problem(self.admin(self.read).ask("PUT", level, tag, body=b'{"value": "debug"}'), 403, "forbidden")
        self.problem(self.admin(self.manage).ask("POST", level, tag), 405, "method_not_allowed")
        self.assertEqual(self.rows(self.admin(self.read)), before)
        self.assertFalse(os.path.exists(self.file))

    @row("B§18: what environment or command line say is locked, and the answer names it")
    def test_locked(self):
        self.start(ALLOWED_HOSTS="only.example")
        answer = self.put(self.admin(self.manage), "allowed_hosts", "other.example")
        self.problem(answer, 409, "locked")
        self.assertIn("The environment has ALLOWED_HOSTS", json.loads(answer[2])["detail"])

    @row("B§18: what cannot be kept does not count")
    def test_not_kept(self):
        self.start()
        admin = self.admin(self.manage)
        os.mkdir(self.file)
        self.problem(self.put(admin, "log_level", "debug"), 503, "unavailable")
        self.assertEqual(self.rows(admin)["log_level"]["source"], "default")
        os.rmdir(self.file)
        os.chmod(self.state, 0o755)
        self.problem(self.put(admin, "log_level", "debug"), 503, "unavailable")
        os.chmod(self.state, 0o700)
        self.set(admin, "log_level", "debug")

    @row("B§18: a settings.ini that is damaged, or others may write, stops a start and names itself")
    def test_damaged(self):
        for content, mode, word in (("allowed_ips = x\n", 0o600, "settings.ini:1: allowed_ips"),
                                    ("port = 1\n", 0o600, "settings.ini:1: port"),
                                    ("log_level = info\n", 0o622, "chmod 600")):
            with self.subTest(content):
                with open(self.file, "w", encoding="ascii") as file:
                    file.write(content)
                os.chmod(self.file, mode)
                done = run_daemon(PROXY_PORT="0", PROXY_STATE_DIR=self.state)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(word, done.stderr)


if __name__ == "__main__":
    unittest.main()
