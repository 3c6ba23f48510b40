# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Where somebody could read a password who should not: all output of the daemon, for every way to
pass it a password."""

import base64
import os
import signal
import subprocess
import tempfile
import unittest

from drill import drill
from sami_support import Origin, Proxy, RowCase, row

PASSWORD = "hunter2-hunter2:päß wörd"
TOKEN = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()


def traces(password=PASSWORD):
    """What must not be seen: the password, its encoded forms, its recognisable parts."""
    octets = password.encode()
    return {password, "hunter2", base64.b64encode(octets).decode(), TOKEN, octets.hex(),
            repr(octets)[2:-1], octets.decode("latin-1")}


class SecretsTest(RowCase):
    def daemon(self, *arguments, **environment):
        done = subprocess.run([os.environ["SAMI_DAEMON"], *arguments], timeout=20, check=False,
                              env={**environment, "PATH": os.environ["PATH"]},
                              capture_output=True, encoding="utf-8", errors="replace")
        return done.stdout + done.stderr

    def shows_none(self, text, where):
        for trace in traces():
            self.assertNotIn(trace, text, where)

    def file(self, content):
        handle = tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="sami-secret-")
        self.addCleanup(handle.close)
        handle.write(content)
        handle.flush()
        return handle.name

    @drill("--check-config, --help, --healthcheck and every error of the settings, password given as "
           "variable, flag, file, INI line",
           seen="*** or nothing in its place, in each")
    @row("B§1: no output of the settings shows a password")
    def test_settings_output(self):
        user = {"PROXY_AUTH_USERNAME": "alice"}
        variable = {"PROXY_AUTH_PASSWORD": PASSWORD}
        secret_file = self.file(PASSWORD + "\n")
        ini = self.file(f"auth_username = alice\nauth_password = {PASSWORD}\n")
        broken_ini = self.file(f"auth_username = alice\nauth_password : {PASSWORD}\nport = x\n")
        cases = {
            "variable": ((), {**user, **variable}),
            "flag": (("--auth-password", PASSWORD), user),
            "flag with =": ((f"--auth-password={PASSWORD}",), user),
            "flag without a user": ((f"--auth-password={PASSWORD}",), {}),
            "flag misspelled": ((f"--auth-pasword={PASSWORD}",), user),
            "flag misspelled, in two": (("--auth-pasword", PASSWORD), user),
            "a word too many": ((PASSWORD,), user),
            "file": ((), {**user, "PROXY_AUTH_PASSWORD_FILE": secret_file}),
            "file and variable": ((), {**user, **variable, "PROXY_AUTH_PASSWORD_FILE": secret_file}),
            "the password for the file": ((), {**user, "PROXY_AUTH_PASSWORD_FILE": PASSWORD}),
            "ini": (("--config", ini), {}),
            "broken ini": (("--config", broken_ini), {}),
            "without a user": ((), variable),
            "with another error": ((), {**user, **variable, "PROXY_PORT": "x"}),
            "a control character": ((), {**user, "PROXY_AUTH_PASSWORD": PASSWORD + "\x01"}),
        }
        for what, (arguments, environment) in cases.items():
            for command in ("--check-config", "--healthcheck", "--help"):
                with self.subTest(what, command=command):
                    text = self.daemon(command, *arguments, PROXY_PORT="1" if "PROXY_PORT" not in
                                       environment else "x", **{k: v for k, v in environment.items()
                                                                if k != "PROXY_PORT"})
                    self.shows_none(text, text)

    @drill("LOG_LEVEL=debug: right and wrong credentials, a reload, a broken reload",
           seen="no trace in any line of the log, on any stream")
    @row("B§8: no log line at any level shows a credential")
    def test_log(self):
        ini = self.file(f"auth_username = alice\nauth_password = {PASSWORD}\n")
        for level in ("debug", "info", "error"):
            with self.subTest(level), Origin() as origin, Proxy(
                    {"LOG_LEVEL": level if level != "error" else "info"},
                    arguments=["--config", ini]) as proxy:
                for field in (f"Proxy-Authorization: Basic {TOKEN}",
                              f"Proxy-Authorization: Basic {TOKEN}x",
                              f"Proxy-Authorization: Bearer {TOKEN}",
                              f"Authorization: Basic {TOKEN}", f"Cookie: {TOKEN}",
                              f"Proxy-Authorization: Basic {TOKEN}\r\nBad Field: {TOKEN}",
                              f"{TOKEN}: x"):
                    for target in (origin.url("/"), "/missing",
                                   f"http://alice:hunter2@{origin.authority}/?hunter2"):
                        proxy.get(target, field, "Connection: close")
                proxy.signal(signal.SIGHUP)
                proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
                with open(ini, "a", encoding="utf-8") as settings:
                    settings.write(f"auth_password_file = {PASSWORD}\nport = hunter2\n")
                proxy.signal(signal.SIGHUP)
                proxy.wait_for_log(lambda line: "not reloaded" in line.get("message", ""))
                proxy.stop()
                self.shows_none(proxy.log_text() + proxy.stderr(), level)
            ini = self.file(f"auth_username = alice\nauth_password = {PASSWORD}\n")


if __name__ == "__main__":
    unittest.main()
