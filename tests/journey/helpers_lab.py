# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The laboratory: a desk, servers at the far ends of long lines, a provider beyond them.

    desk ══ line0 ══ server A ── cable ┐
      ╚════ line1 ══ server B ── cable ┴ provider

Each is a network namespace. The desk has no other way out, and no name server that knows a provider:
what reaches one went through a server, by name.
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
# Public by every list; they never leave the namespaces. The networks are too wide to be one's own.
SERVERS = ("11.22.33.2", "11.23.33.2")
CABLES = (("11.44.33.1", "11.44.33.2"), ("11.45.33.1", "11.45.33.2"))  # server's end, provider's
PROVIDER = "11.99.1.2"
HOST = "api.provider.test"

PORT = 8443
USER, PASSWORD = "lab-user", "a-password-of-the-lab"

# Between desk and server, either way: a round trip is twice that.
FAR_AWAY_MS = 60

# The scripts of tests/clients, which are told by CLIENT_TASK what to do.
CLIENT_SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "clients"


def only_real():
    """Raises unless ./test.sh --real asked for programs that are large and tests that take long."""
    if os.environ.get("SAMI_REAL") != "1":
        raise unittest.SkipTest("needs ./test.sh --real")


def only_long(what):
    return unittest.skipUnless(os.environ.get("SAMI_LONG") == "1",
                               f"takes {what}: ./test.sh --long")


def is_journey(line):
    """Whether an access line is of a journey to a provider, not of a look at an own page."""
    return "provider.test" in line.get("target", "")


def credentials(user=USER, password=PASSWORD):
    """As Basic authentication writes them."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class Site:
    """Where one server stands: its network, its line to the desk, its way to the provider."""

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
        """Of a daemon as an operator sets it up; a setting of None is not given at all."""
        return {"PROXY_ADDRESS": self.address, "PROXY_PORT": PORT, "PROXY_STATE_DIR": self.state,
                "PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD,
                "ALLOW_PRIVATE_TARGETS": None, **others}

    def daemon(self, **others):
        """A server's daemon, to be entered. One that a test kills is not asked for its exit code."""
        proxy = Proxy(self.settings(**others), prefix=self.namespace.prefix, check_exit=False)
        proxy.address = self.address
        return proxy

    def link(self, *arguments, **others):
        """What the server prints for the desk, by the same settings."""
        return self._command("link", "--host", self.address, *arguments, **others)

    def pin(self, **others):
        """The server's pin as a parent's URL takes it."""
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
        """Something that stands where the daemon would, and speaks as the script says."""
        with self.namespace.inside():
            return Origin(handler, host=self.address, **options)

    def connections(self):
        """How many TCP connections the desk has to here, as the desk's kernel sees it."""
        return len(self._lab.desk.run("ss", "-tnH", "state", "established", "dst",
                                      self.address).splitlines())


class Lab:
    """`lab = Lab(self.enter)`: the networks end with whatever `enter` belongs to. What its methods
    return is to be entered, and ends with whatever enters it."""

    def __init__(self, enter, sites=1, delay_ms=FAR_AWAY_MS):
        if why_no_lines():
            raise unittest.SkipTest(why_no_lines())
        self.enter = enter
        self.folder = pathlib.Path(enter(tempfile.TemporaryDirectory(prefix="sami-lab-")))
        self.desk = enter(Namespace(nameserver="127.0.0.1"))
        self.provider = enter(Namespace())
        self.provider.run("ip", "address", "add", PROVIDER + "/32", "dev", "lo")
        # The desk's own name server knows no provider, and remembers what it was asked.
        self.names = enter(NameServer(self.desk, {}))
        self.sites = [Site(self, number, delay_ms) for number in range(sites)]

    @property
    def site(self):
        """The first server's, or the only one's."""
        return self.sites[0]

    def desk_daemon(self, *parents, **settings):
        """The daemon that the desk's programs speak with."""
        return Proxy({"ALLOW_PRIVATE_TARGETS": None, "PROXY_PARENTS": ",".join(parents), **settings},
                     prefix=self.desk.prefix)

    def client(self, proxy, **options):
        """A raw client at the desk."""
        with self.desk.inside():
            return RawClient(proxy.address, proxy.port, **options)

    def accepts(self, proxy):
        """Waits until a daemon that has started accepts: it loads the list of authorities first, and
        on a busy machine that takes longer than anything that is to be timed."""
        with self.client(proxy, timeout=4 * WAIT) as client:
            client.request("GET", "/health", "Host: a")
            assert client.read_response().status == 200
        return proxy

    def origin(self, handler=None, **options):
        """A provider's server that speaks as the script says."""
        with self.provider.inside():
            return Origin(handler, host=PROVIDER, **options)

    def environment(self, **others):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", **others}

    def run(self, *command, timeout=8 * WAIT, **environment):
        """A program at the desk: the finished process, whatever it came to."""
        return subprocess.run([*self.desk.prefix, *map(str, command)], capture_output=True,
                              env=self.environment(**environment), stdin=subprocess.DEVNULL,
                              cwd=self.folder, timeout=timeout, check=False)

    def curl(self, *arguments, timeout=8 * WAIT):
        return self.run("curl", "-sS", "--max-time", timeout, "--cacert", TestCa.shared().ca_file,
                        *arguments, timeout=timeout + WAIT)

    def wait_until_quiet(self, line):
        """Until nothing has been on a line for three of its round trips."""
        def is_quiet():
            before = line.mark()
            time.sleep(6 * FAR_AWAY_MS / 1000)  # no event tells of silence
            return line.mark() == before

        wait_until(is_quiet, timeout=4 * WAIT, what="a silent line")


class LabCase(RowCase):
    """A laboratory for the whole class. `sites` servers, `delay_ms` away."""

    sites = 1
    delay_ms = FAR_AWAY_MS
    is_real = True

    @classmethod
    def setUpClass(cls):
        if cls.is_real:
            only_real()
        cls.lab = Lab(cls.enterClassContext, cls.sites, cls.delay_ms)

    # What ends with the test.

    def desk(self, *parents, **settings):
        return self.lab.accepts(self.enter(self.lab.desk_daemon(*parents, **settings)))

    def client(self, proxy, **options):
        return self.enter(self.lab.client(proxy, **options))

    def origin(self, handler=None, **options):
        return self.enter(self.lab.origin(handler, **options))

    def succeeds(self, done):
        self.assertEqual(0, done.returncode, done.stdout[-2000:] + b"\n" + done.stderr[-2000:])
        return done.stdout
