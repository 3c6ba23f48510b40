# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The laboratory: a desk, servers at the far ends of long lines, a provider beyond them.

    desk ══ line0 ══ server A ── cable ┐
      ╚════ line1 ══ server B ── cable ┴ provider

Each is a network namespace. The desk has no other way out, and no name server that knows a
provider, so what reaches one went through a server, by name.
"""

import base64
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from sami_support import WAIT, Origin, Proxy, RawClient, RowCase, TestCa, wait_until
from sami_support.line import Line, why_no_lines
from sami_support.network import NameServer, Namespace, connect

DESK = "192.0.2.2"
# Public by every list, but they never leave the namespaces. Their networks are too wide to count as
# the proxy's own.
SERVERS = ("11.22.33.2", "11.23.33.2")
CABLES = (("11.44.33.1", "11.44.33.2"), ("11.45.33.1", "11.45.33.2"))  # server's end, provider's
PROVIDER = "11.99.1.2"
HOST = "api.provider.test"

PORT = 8443
USER, PASSWORD = "lab-user", "a-password-of-the-lab"

# One way between desk and server: a round trip takes twice as long.
FAR_AWAY_MS = 60

# The scripts of tests/clients, which are told by CLIENT_TASK what to do.
CLIENT_SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "clients"


def only_real():
    """Skips unless it runs under ./test.sh --real, for tests that need large programs or take long.
    """
    if os.environ.get("SAMI_REAL") != "1":
        raise unittest.SkipTest("needs ./test.sh --real")


def only_long(what):
    return unittest.skipUnless(os.environ.get("SAMI_LONG") == "1",
                               f"takes {what}: ./test.sh --long")


def is_journey(line):
    """Whether an access line belongs to a journey to a provider, not to a page of our own."""
    return "provider.test" in line.get("target", "")


def credentials(user=USER, password=PASSWORD):
    """The Basic authentication token."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class Site:
    """A server's site: its network, its line to the desk, its way to the provider."""

    def __init__(self, lab, number, delay_ms):
        self.address = SERVERS[number]
        self._lab = lab
        self.namespace = lab.enter(Namespace(nameserver="127.0.0.1"))
        self.line = lab.enter(Line(lab.desk, DESK, self.namespace, self.address, delay_ms,
                                   name=f"line{number}"))
        own, theirs = CABLES[number]
        connect(self.namespace, "out", [own + "/20"], lab.provider, f"in{number}", [theirs + "/20"])
        self.namespace.run("ip", "route", "add", PROVIDER, "via", theirs)
        self.names = lab.enter(NameServer(self.namespace, {HOST: [PROVIDER]}))
        self.state = lab.folder / f"state{number}"

    def settings(self, **others):
        """Settings as an operator would choose them; a setting of None is left out."""
        return {"PROXY_ADDRESS": self.address, "PROXY_PORT": PORT, "PROXY_STATE_DIR": self.state,
                "PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD,
                "ALLOW_PRIVATE_TARGETS": None, **others}

    def daemon(self, **others):
        """A server's daemon, to be entered. Its exit code is not checked, because tests kill it."""
        proxy = Proxy(self.settings(**others), prefix=self.namespace.prefix, check_exit=False)
        proxy.address = self.address
        return proxy

    def link(self, *arguments, **others):
        """The link that the server prints for the desk, with the same settings."""
        return self._command("link", "--host", self.address, *arguments, **others)

    def pin(self, **others):
        """The server's pin in the syntax of a parent's URL."""
        text = self._command("--pin", **others).removeprefix("sha256//")
        return text.rstrip("=").replace("+", "-").replace("/", "_")

    def _command(self, *arguments, **others):
        settings = {name: str(value) for name, value in self.settings(**others).items()
                    if value is not None}
        done = subprocess.run([*self.namespace.prefix, os.environ["SAMI_DAEMON"], *arguments],
                              env={"PATH": os.environ["PATH"], **settings}, capture_output=True,
                              text=True, timeout=4 * WAIT, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def origin(self, handler, **options):
        """Takes the daemon's place and follows a script."""
        with self.namespace.inside():
            return Origin(handler, host=self.address, **options)

    def connections(self):
        """The number of TCP connections from the desk to here, as the desk's kernel sees them."""
        return len(self._lab.desk.run("ss", "-tnH", "state", "established", "dst",
                                      self.address).splitlines())


class Lab:
    """`lab = Lab(self.enter)`: the networks end with the owner of `enter`. What its methods return
    must be entered, and ends with whatever enters it."""

    def __init__(self, enter, sites=1, delay_ms=FAR_AWAY_MS):
        if why_no_lines():
            raise unittest.SkipTest(why_no_lines())
        self.enter = enter
        self.folder = pathlib.Path(enter(tempfile.TemporaryDirectory(prefix="sami-lab-")))
        self.desk = enter(Namespace(nameserver="127.0.0.1"))
        self.provider = enter(Namespace())
        self.provider.run("ip", "address", "add", PROVIDER + "/32", "dev", "lo")
        # The desk's own name server knows no provider, and records the questions.
        self.names = enter(NameServer(self.desk, {}))
        self.sites = [Site(self, number, delay_ms) for number in range(sites)]

    @property
    def site(self):
        """The first server's, or the only one's."""
        return self.sites[0]

    def desk_daemon(self, *parents, **settings):
        """The daemon that the desk's programs use."""
        return Proxy({"ALLOW_PRIVATE_TARGETS": None, "PROXY_PARENTS": ",".join(parents), **settings},
                     prefix=self.desk.prefix)

    def client(self, proxy, **options):
        """A raw client at the desk."""
        with self.desk.inside():
            return RawClient(proxy.address, proxy.port, **options)

    def accepts(self, proxy):
        """Waits until a started daemon accepts connections. It loads the list of authorities first,
        which on a busy machine takes longer than anything to be timed."""
        with self.client(proxy, timeout=4 * WAIT) as client:
            client.request("GET", "/health", "Host: a")
            assert client.read_response().status == 200
        return proxy

    def origin(self, handler=None, **options):
        """A provider's server that follows a script."""
        with self.provider.inside():
            return Origin(handler, host=PROVIDER, **options)

    def environment(self, **others):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", **others}

    def run(self, *command, timeout=8 * WAIT, **environment):
        """Runs a program at the desk; returns the finished process, whatever its result."""
        return subprocess.run([*self.desk.prefix, *map(str, command)], capture_output=True,
                              env=self.environment(**environment), stdin=subprocess.DEVNULL,
                              cwd=self.folder, timeout=timeout, check=False)

    def curl(self, *arguments, timeout=8 * WAIT):
        return self.run("curl", "-sS", "--max-time", timeout, "--cacert", TestCa.shared().ca_file,
                        *arguments, timeout=timeout + WAIT)

    def wait_until_quiet(self, line):
        """Waits until the line has been silent for three of its round trips."""
        def is_quiet():
            before = line.mark()
            time.sleep(6 * FAR_AWAY_MS / 1000)  # no event signals silence
            return line.mark() == before

        wait_until(is_quiet, timeout=4 * WAIT, what="a silent line")


class LabCase(RowCase):
    """A laboratory for the whole class, with `sites` servers, each `delay_ms` away."""

    sites = 1
    delay_ms = FAR_AWAY_MS
    is_real = True

    @classmethod
    def setUpClass(cls):
        if cls.is_real:
            only_real()
        cls.lab = Lab(cls.enterClassContext, cls.sites, cls.delay_ms)

    # These end with the test.

    def desk(self, *parents, **settings):
        return self.lab.accepts(self.enter(self.lab.desk_daemon(*parents, **settings)))

    def client(self, proxy, **options):
        return self.enter(self.lab.client(proxy, **options))

    def origin(self, handler=None, **options):
        return self.enter(self.lab.origin(handler, **options))

    def succeeds(self, done):
        self.assertEqual(0, done.returncode, done.stdout[-2000:] + b"\n" + done.stderr[-2000:])
        return done.stdout
