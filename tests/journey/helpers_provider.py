# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The provider of tests/clients in the laboratory, and the client scripts of that folder at the
desk."""

import json
import os
import pathlib
import subprocess
import threading
import urllib.parse

from helpers_lab import CLIENT_SCRIPTS, HOST, PROVIDER
from sami_support import WAIT, RawClient, TestCa

PYTHON = "/usr/bin/python3"  # Debian's: the packages of tests/clients are there


class Provider:
    """`with Provider(lab, git_root) as provider:` runs mock/server.mjs in the provider's network."""

    def __init__(self, lab, git_root=None):
        self._lab = lab
        self._git = ["--git-root", git_root] if git_root else []
        self._gates = 0
        self.ports = {}

    def __enter__(self):
        certificate, key = TestCa.shared().certificate(HOST)
        self._process = subprocess.Popen(
            [*self._lab.provider.prefix, "node", CLIENT_SCRIPTS / "mock" / "server.mjs",
             "--address", PROVIDER, "--cert", certificate, "--key", key, *self._git],
            env=self._lab.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self._process.stdout.readline()
        if not line:
            self.__exit__()
            raise AssertionError("the provider did not start")
        self.ports = json.loads(line)
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        try:
            self._process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def url(self, path="", scheme="https"):
        return f"{scheme}://{HOST}:{self.ports[scheme]}{path}"

    def _acknowledge(self, gate, number):
        """Bypasses the proxies: tells that the client has seen an event, so the next one may be
        sent."""
        with self._lab.provider.inside():
            client = RawClient(PROVIDER, self.ports["http"])
        with client:
            client.request("POST", f"/control/ack?gate={gate}&n={number}", "Content-Length: 0")
            client.read_response("POST")

    def perform(self, script, scenario, proxy, scheme="https", **more):
        """Makes a script of tests/clients perform a scenario at the desk. Returns its result and
        the events that it saw, each before the next one was sent."""
        self._gates += 1
        task = {"scenario": scenario, "scheme": scheme, "proxy": proxy, "target": self.url("", scheme),
                "ca": TestCa.shared().ca_file, "apiKey": "a-key-of-the-lab", "events": 5,
                "gate": f"lab{self._gates}", "together": [], "downloadSize": 5_000_000, **more}
        command = [PYTHON] if script.endswith(".py") else ["node"]
        environment = self._lab.environment(
            CLIENT_TASK=json.dumps(task, default=str), CLIENT_MODULES=os.environ.get("SAMI_NPM", ""),
            NODE_EXTRA_CA_CERTS=task["ca"])
        process = subprocess.Popen(
            [*self._lab.desk.prefix, *command, CLIENT_SCRIPTS / script], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        watchdog = threading.Timer(12 * WAIT, process.kill)
        watchdog.start()
        try:
            return self._follow(process, task["gate"])
        finally:
            watchdog.cancel()
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    def _follow(self, process, gate):
        seen, last = [], {}
        for line in process.stdout:
            last = json.loads(line)
            if "event" in last:
                seen.append(last["event"])
                self._acknowledge(gate, len(seen))
        assert "result" in last, f"{last} {process.stderr.read().decode()[-2000:]}"
        return last["result"], "".join(seen)


def make_repository(lab):
    """A repository with one commit; returns (folder of repositories, the commit)."""
    root = lab.folder / "repositories"
    work = lab.folder / "work"

    def git(*arguments):
        done = subprocess.run(["git", "-c", "user.name=Lab", "-c", "user.email=lab@example.org",
                               *map(str, arguments)], env=lab.environment(GIT_CONFIG_NOSYSTEM="1"),
                              capture_output=True, text=True, timeout=4 * WAIT, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    root.mkdir()
    git("init", "-q", "-b", "main", work)
    pathlib.Path(work, "blob").write_bytes(os.urandom(300_000))
    git("-C", work, "add", "blob")
    git("-C", work, "commit", "-q", "-m", "One")
    git("clone", "-q", "--bare", work, root / "one.git")
    return root, git("-C", work, "rev-parse", "HEAD")


def host_and_port(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port
