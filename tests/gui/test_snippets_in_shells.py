# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs each text that the tray app copies in its shell or program: it must bring a client through
the real daemon, with hostile credentials."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from sami_support.origin import Origin, answer
from sami_support.proxy import Proxy
from sami_support.waiting import WAIT

KINDS = ("posix", "fish", "powershell", "cmd", "dotenv", "docker-run", "docker-config", "git",
         "claude-code", "node", "tls", "socks5")
USER = "ann"
PASSWORD = "p@s:s/ %\"'$"
BODY = b"through the proxy"
# Loopback, but not a name that NO_PROXY exempts.
HOST = "127.0.0.2"

FETCH = """
fetch(process.argv[1]).then((answer) => answer.text()).then((text) => console.log(text));
"""


class SnippetsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        resources = contextlib.ExitStack()
        cls.addClassCleanup(resources.close)
        cls.proxy = resources.enter_context(Proxy({
            "PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD}))
        cls.origin = resources.enter_context(Origin(answer(BODY), host=HOST))
        cls.url = cls.origin.url()
        cls.home = resources.enter_context(tempfile.TemporaryDirectory(prefix="sami-snippets-"))
        cls.environment = {"HOME": cls.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                           "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}

    def snippet(self, kind, *more, port=None):
        index = kind if kind == "url" else str(KINDS.index(kind))
        return subprocess.run(
            [os.environ["SAMI_PRINTSNIPPET"], index, "127.0.0.1",
             str(port or self.proxy.port),
             USER, PASSWORD, *more], capture_output=True, check=True, text=True).stdout

    def run_program(self, command, environment=None):
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              timeout=4 * WAIT, cwd=self.home,
                              env={**self.environment, **(environment or {})})

    def program(self, name):
        """The path of a program from the suite's packages."""
        path = shutil.which(name)
        self.assertTrue(path, f"{name} is missing: ./test.sh installs it")
        return path

    def assertThrough(self, done):
        self.assertEqual((0, BODY.decode()), (done.returncode, done.stdout.strip()),
                         done.stderr)

    def through_curl(self, environment):
        before = len(self.origin.requests)
        done = self.run_program([self.program("curl"), "-sS", self.url], environment)
        self.assertThrough(done)
        self.assertTrue(self.origin.requests[before].has("Via"), "not through the proxy")

    # --- shells ---

    def in_shell(self, kind, *command):
        before = len(self.origin.requests)
        script = self.snippet(kind) + f"curl -sS {self.url}\n"
        self.assertThrough(self.run_program([*command, script]))
        self.assertTrue(self.origin.requests[before].has("Via"), "not through the proxy")

    def test_bash(self):
        self.in_shell("posix", self.program("bash"), "--norc", "-c")

    def test_sh(self):
        self.in_shell("posix", self.program("sh"), "-c")

    def test_zsh(self):
        self.in_shell("posix", self.program("zsh"), "-f", "-c")

    def test_fish(self):
        self.in_shell("fish", self.program("fish"), "--no-config", "-c")

    def test_powershell(self):
        if not shutil.which("pwsh"):
            self.skipTest("no PowerShell here: pwsh is in no Debian package")
        self.in_shell("powershell", "pwsh", "-NoProfile", "-Command")

    def test_cmd(self):
        if not shutil.which("cmd"):
            self.skipTest("cmd is a part of Windows")
        for line in self.snippet("cmd").splitlines():
            self.run_program(["cmd", "/c", line])

    def test_without_the_password_the_proxy_asks_for_it(self):
        script = (self.snippet("posix", "without")
                  + f"curl -sS -o /dev/null -w '%{{http_code}}' {self.url}\n")
        self.assertEqual("407", self.run_program(["sh", "-c", script]).stdout)

    def test_loopback_is_asked_without_the_proxy(self):
        with Origin(answer(BODY)) as origin:
            script = self.snippet("posix") + f"curl -sS {origin.url()}\n"
            self.assertThrough(self.run_program(["sh", "-c", script]))
            self.assertFalse(origin.requests[0].has("Via"))

    def test_socks5(self):
        self.assertThrough(self.run_program(
            ["sh", "-c", self.snippet("socks5") + f"curl -sS {self.url}\n"]))
        self.proxy.wait_for_access(1, lambda line: line.get("front") == "socks5")

    def test_over_tls(self):
        with tempfile.TemporaryDirectory(prefix="sami-state-") as folder, Proxy({
                "PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD,
                "PROXY_TLS": "require", "PROXY_STATE_DIR": folder}) as proxy:
            script = self.snippet("tls", port=proxy.port) + (
                f"curl -sS --proxy-cacert {folder}/identity.crt {self.url}\n")
            self.assertThrough(self.run_program(["sh", "-c", script]))
            proxy.wait_for_access(1, lambda line: line.get("tls") == "1.3")

    # --- files ---

    def test_the_address_alone(self):
        done = self.run_program([self.program("curl"), "-sS", "-x", self.snippet("url"), self.url])
        self.assertThrough(done)

    def test_env_file(self):
        """Parses as docker --env-file does: NAME=value, the rest of the line verbatim."""
        lines = self.snippet("dotenv").splitlines()
        self.through_curl(dict(line.split("=", 1) for line in lines))

    def test_env_file_in_a_shell(self):
        path = pathlib.Path(self.home, ".env")
        path.write_text(self.snippet("dotenv"), encoding="utf-8")
        self.assertThrough(self.run_program(
            ["sh", "-c", f"set -a; . ./.env; curl -sS {self.url}"]))

    def test_claude_code(self):
        self.through_curl(json.loads(self.snippet("claude-code"))["env"])

    # --- Docker: a stand-in prints the arguments that the shell passes ---

    def docker_environment(self, shell, *flags):
        fake = pathlib.Path(self.home, "bin", "docker")
        fake.parent.mkdir(exist_ok=True)
        fake.write_text("#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done\n",
                        encoding="ascii")
        fake.chmod(0o755)
        done = self.run_program([self.program(shell), *flags, "-c", self.snippet("docker-run")],
                                {"PATH": f"{fake.parent}:{self.environment['PATH']}"})
        words = done.stdout.splitlines()
        self.assertEqual(("run", "IMAGE"), (words[0], words[-1]), done)
        pairs = [words[i + 1] for i, word in enumerate(words) if word == "-e"]
        return dict(pair.split("=", 1) for pair in pairs)

    def test_docker_run(self):
        for shell, *flags in (["bash", "--norc"], ["zsh", "-f"], ["fish", "--no-config"]):
            with self.subTest(shell):
                environment = self.docker_environment(shell, *flags)
                self.assertIn("host.docker.internal", environment["HTTPS_PROXY"])
                # What the name resolves to inside a container.
                self.through_curl({name: value.replace("host.docker.internal", "127.0.0.1")
                                   for name, value in environment.items()})

    def test_docker_config(self):
        proxies = json.loads(self.snippet("docker-config"))["proxies"]["default"]
        self.assertEqual({"httpProxy", "httpsProxy", "noProxy"}, set(proxies))
        self.through_curl({"http_proxy": proxies["httpProxy"].replace("host.docker.internal",
                                                                     "127.0.0.1")})

    # --- programs ---

    def test_git(self):
        commit = "0123456789abcdef" * 2 + "01234567"
        refs = f"{commit}\trefs/heads/main\n".encode()
        # Git's dumb protocol: one file lists the references.
        with Origin(answer(refs, "200 OK", "Content-Type: text/plain"), host=HOST) as origin:
            done = self.run_program(["sh", "-c", self.snippet("git")])
            self.assertEqual(0, done.returncode, done.stderr)
            done = self.run_program(["git", "ls-remote", origin.url("/one.git")])
            self.assertIn(commit, done.stdout, done.stderr)
            self.assertTrue(origin.requests[0].has("Via"), "not through the proxy")

    def test_node(self):
        node = self.program("node")
        version = tuple(map(int, self.run_program([node, "-p", "process.versions.node"])
                            .stdout.strip().split(".")))
        if version < (22, 21) or (23,) <= version < (24,):
            self.skipTest(f"Node.js {version} does not know NODE_USE_ENV_PROXY yet (22.21, 24)")
        before = len(self.origin.requests)
        script = self.snippet("node") + f"node -e '{FETCH}' {self.url}\n"
        self.assertThrough(self.run_program(["sh", "-c", script]))
        self.assertGreater(len(self.origin.requests), before)
        self.proxy.wait_for_access(1, lambda line: line.get("method") == "CONNECT"
                                   or line.get("target", "").startswith(HOST))

    def test_npm(self):
        packument = json.dumps({"name": "nothing", "dist-tags": {"latest": "1.0.0"},
                                "versions": {"1.0.0": {"name": "nothing", "version": "1.0.0"}}})
        with Origin(answer(packument.encode(), "200 OK", "Content-Type: application/json"),
                    host=HOST) as origin:
            self.program("npm")
            done = self.run_program(["sh", "-c", self.snippet("node")
                                     + f"npm view nothing version --registry {origin.url()}"])
            self.assertEqual("1.0.0", done.stdout.strip(), done.stderr)
            self.assertTrue(origin.requests[0].has("Via"), "not through the proxy")


if __name__ == "__main__":
    unittest.main()
