#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Uses the Windows programs under Wine, in the prefix $WINEPREFIX. Run by test.sh."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "support"))

from sami_support import Origin, RawClient, answer, closed_port, wait_until  # noqa: E402

WINE = "/usr/lib/wine/wine64"
PREFIX = pathlib.Path(os.environ["WINEPREFIX"])
TREE = ROOT / "build" / "windows" / "sami"
PROGRAM = TREE / "program"
[SETUP] = (ROOT / "build" / "packages").glob("Sami_LLM_Proxy-*-windows-*.exe")
[ARCHIVE] = (ROOT / "build" / "packages").glob("Sami_LLM_Proxy-*-windows-*.zip")
VERSION = SETUP.name.split("-")[1]
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\sami-llm-proxy"
LINK_KEY = r"HKCU\Software\Classes\sami-proxy"
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
START = 40

# What only Wine gets wrong or lacks. Everything else must pass.
NOT_UNDER_WINE = {
    "tst_accessibility": "it takes each label of each window apart: minutes under Wine",
    "tst_autostart": "it would touch the user's own Run key; the installer's test does that in a prefix of its own",
}


def late(peer):
    """An origin that takes its time."""
    peer.read_request()
    time.sleep(4)
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")


def windows(path):
    return "Z:" + str(path).replace("/", "\\")


def wine(*words, **options):
    options.setdefault("timeout", 120)
    return subprocess.run([WINE, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, **options)


class QtTests(unittest.TestCase):
    """The project's own test programs, with Windows' sockets and windows."""

    def test_programs(self):
        folders = [os.environ["SAMI_WINDOWS_QT"] + "/bin", PROGRAM]
        environment = {**os.environ, "WINEPATH": ";".join(map(windows, folders))}
        programs = sorted(TREE.glob("tests/**/tst_*.exe"))
        self.assertGreater(len(programs), 50)
        total = 0
        for program in programs:
            with self.subTest(program.stem), tempfile.TemporaryDirectory() as folder:
                if program.stem in NOT_UNDER_WINE:
                    print(f"skipped {program.stem}: {NOT_UNDER_WINE[program.stem]}")
                    continue
                result = pathlib.Path(folder) / "result.txt"
                try:
                    ended = wine(program, "-o", windows(result) + ",txt", env=environment).returncode
                except subprocess.TimeoutExpired:
                    ended = "not within two minutes"
                text = result.read_text(encoding="utf-8", errors="replace") if result.exists() else ""
                totals = [line for line in text.splitlines() if line.startswith("Totals: ")]
                self.assertEqual((ended, len(totals)), (0, 1), text[-3000:])
                passed = int(totals[0].split()[1])
                # A test program that runs nothing would pass too.
                self.assertGreater(passed, 2)
                total += passed
        print(f"{total} test rows passed in {len(programs) - len(NOT_UNDER_WINE)} programs")


class Daemon(unittest.TestCase):
    """sami-llm-proxy.exe with a console, a pipe and a file."""

    @contextlib.contextmanager
    def running(self, **settings):
        port = closed_port()
        environment = {**os.environ, "PROXY_ADDRESS": "127.0.0.1", "PROXY_PORT": str(port),
                       "ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", **settings}
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            with open(log, "wb") as file:
                process = subprocess.Popen([WINE, PROGRAM / "sami-llm-proxy.exe"], stdin=subprocess.DEVNULL,
                                           stdout=file, stderr=file, env=environment)
            try:
                wait_until(lambda: healthy(port), START)
                process.port, process.log = port, lambda: log.read_text(encoding="utf-8")
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()

    def test_words(self):
        """Help, version and complaints arrive in a pipe and in a file."""
        daemon = PROGRAM / "sami-llm-proxy.exe"
        self.assertEqual(wine(daemon, "--version").stdout.split()[:2], ["sami-llm-proxy", VERSION])
        self.assertIn("PROXY_TIMEOUT_MS", wine(daemon, "--help").stdout)
        wrong = wine(daemon, "--port", "many")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("many", wrong.stderr)
        with tempfile.TemporaryFile("w+") as file:
            subprocess.run([WINE, daemon, "--check-config"], stdin=subprocess.DEVNULL, stdout=file, check=True,
                           timeout=60)
            file.seek(0)
            self.assertIn("PROXY_PORT = 8080", file.read())

    def test_stream(self):
        """An event stream passes piece by piece, forwarded and through a tunnel, curl reading it."""
        pieces = 5

        def stream(peer):
            peer.read_request()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            for piece in range(pieces):
                peer.send(b"data: %d\n\n" % piece)
                time.sleep(0.5)

        for how in ([], ["--proxytunnel"]):
            with self.subTest(how), Origin(stream) as origin, self.running() as daemon:
                curl = subprocess.Popen(
                    ["curl", "-sN", *how, "-x", f"http://127.0.0.1:{daemon.port}",
                     origin.url()], stdout=subprocess.PIPE)
                arrivals = []
                for line in curl.stdout:
                    if line.strip():
                        arrivals.append(time.monotonic())
                self.assertEqual((curl.wait(), len(arrivals)), (0, pieces))
                # Not all at the end.
                self.assertGreater(arrivals[-1] - arrivals[0], 1)
                wait_until(lambda: "closed id=" in daemon.log())

    def test_healthcheck(self):
        with self.running() as daemon:
            address = {**os.environ, "PROXY_ADDRESS": "127.0.0.1", "PROXY_PORT": str(daemon.port)}
            self.assertEqual(wine(PROGRAM / "sami-llm-proxy.exe", "--healthcheck", env=address).returncode, 0)
        self.assertEqual(wine(PROGRAM / "sami-llm-proxy.exe", "--healthcheck", env=address).returncode, 1)

    def test_credentials(self):
        with self.running(PROXY_AUTH_USERNAME="admin", PROXY_AUTH_PASSWORD="пароль") as daemon:
            statuses = []
            for user in ("admin:wrong", "admin:пароль"):
                with Origin(answer(b"fine")) as origin:
                    statuses.append(subprocess.run(
                        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-U", user, "-x",
                         f"http://127.0.0.1:{daemon.port}", origin.url()],
                        capture_output=True, text=True, check=True).stdout)
            self.assertEqual(statuses, ["407", "200"])
            self.assertNotIn("пароль", daemon.log())

    def test_end(self):
        """Ctrl+C lets a stream finish; the log, in a file, says how all went."""
        with Origin(late) as origin, self.running() as daemon:
            with RawClient("127.0.0.1", daemon.port) as client:
                client.request("GET", origin.url())
                time.sleep(1)
                daemon.send_signal(signal.SIGINT)
                self.assertEqual(client.read_response().body, b"late")
            self.assertEqual(daemon.wait(START), 0)
            self.assertIn("how=complete", daemon.log())
            self.assertIn("stopped", daemon.log())


def healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as page:
            return json.load(page)["version"] == VERSION
    except OSError:
        return False


class Installer(unittest.TestCase):
    """Install, run, update and uninstall, as a Windows user does."""

    def setUp(self):
        wine("wineboot", "--init")
        [self.user] = (PREFIX / "drive_c" / "users").glob(os.environ.get("USER", "root"))
        self.folder = self.user / "AppData/Local/Programs/Sami LLM Proxy"
        self.shortcut = (self.user / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Sami LLM Proxy.lnk")
        self.settings = self.user / "AppData/Local/sami-llm-proxy/sami-llm-proxy-tray/sami-llm-proxy-tray.ini"
        self.port = closed_port()
        self.addCleanup(self.remove)

    def remove(self):
        if (self.folder / "uninstall.exe").exists():
            self.uninstall("/REMOVE")

    def run_tray(self, *arguments, program=None):
        tray = subprocess.Popen([WINE, program or self.folder / "sami-llm-proxy-tray.exe", "--port", str(self.port),
                                 "--allow-private-targets", "127.0.0.0/8", *arguments],
                                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: tray.poll() is None and tray.kill())
        wait_until(lambda: healthy(self.port), START)
        return tray

    def install(self, *switches):
        self.assertEqual(wine(SETUP, "/S", *switches).returncode, 0)

    def uninstall(self, *switches):
        self.assertEqual(wine(self.folder / "uninstall.exe", "/S", *switches).returncode, 0)
        # It continues as a copy of itself, because its own file must go.
        wait_until(lambda: not self.folder.exists(), START)

    def starts_at_login(self):
        return "sami-llm-proxy-tray.exe" in wine("reg", "query", RUN_KEY).stdout

    def test_cycle(self):
        self.install("/LOGIN")
        self.assertTrue(self.shortcut.exists())
        self.assertTrue(self.starts_at_login())
        self.assertIn(VERSION, wine("reg", "query", UNINSTALL_KEY).stdout)
        self.assertIn('sami-llm-proxy-tray.exe" "%1"',
                      wine("reg", "query", LINK_KEY + r"\shell\open\command", "/ve").stdout)
        for licence in ("sami-llm-proxy/LICENSE", "qt6-base/LGPL-3.0-only.txt", "VERSIONS"):
            self.assertTrue((self.folder / "licenses" / licence).exists(), licence)

        tray = self.run_tray()
        with Origin(answer(b"through")) as origin:
            page = subprocess.run(["curl", "-s", "-x", f"http://127.0.0.1:{self.port}",
                                   origin.url()], capture_output=True, check=True)
        self.assertEqual(page.stdout, b"through")
        time.sleep(2)
        picture = ROOT / "build" / "windows" / "window.png"
        subprocess.run(["import", "-window", "root", picture], check=True)
        colours = subprocess.run(["identify", "-format", "%k", picture], capture_output=True, text=True, check=True)
        self.assertGreater(int(colours.stdout), 50, "nothing is drawn")
        print(f"the window: {picture}")

        # An update ends the running copy and keeps the user's choices.
        (self.folder / "stale.dll").write_bytes(b"")
        self.install()
        self.assertEqual(tray.wait(START), 0)
        self.assertTrue(self.starts_at_login())
        self.assertTrue((self.folder / "sami-llm-proxy-tray.exe").exists())
        self.assertTrue(self.settings.exists())
        # Not our file, so it stays.
        self.assertTrue((self.folder / "stale.dll").exists())
        (self.folder / "stale.dll").unlink()

        tray = self.run_tray()
        self.uninstall()
        self.assertEqual(tray.wait(START), 0)
        self.assertFalse(self.shortcut.exists())
        self.assertFalse(self.starts_at_login())
        self.assertNotEqual(wine("reg", "query", UNINSTALL_KEY).returncode, 0)
        self.assertNotEqual(wine("reg", "query", LINK_KEY).returncode, 0)
        self.assertTrue(self.settings.exists(), "the settings stay")

    def test_removal_with_settings(self):
        self.install()
        self.assertFalse(self.starts_at_login())
        self.run_tray("--minimized")
        wait_until(self.settings.exists, START)
        self.uninstall("/REMOVE")
        self.assertFalse(self.settings.parent.exists())

    def test_streams_finish(self):
        """Removal waits for a stream, within the time that the settings give it."""
        self.install()
        tray = self.run_tray()
        with Origin(late) as origin, RawClient("127.0.0.1", self.port) as client:
            client.request("GET", origin.url())
            time.sleep(1)
            self.uninstall()
            self.assertEqual(client.read_response().body, b"late")
        self.assertEqual(tray.wait(START), 0)

    def test_portable(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["unzip", "-q", ARCHIVE, "-d", folder], check=True)
            [unpacked] = pathlib.Path(folder).iterdir()
            program = unpacked / "sami-llm-proxy-tray.exe"
            tray = self.run_tray(program=program)
            self.assertEqual(wine(program, "--quit").returncode, 0)
            self.assertEqual(tray.wait(START), 0)
            self.assertTrue((unpacked / "sami-llm-proxy-tray.ini").exists())


class Papers(unittest.TestCase):
    def test_resources(self):
        """Version and manifest are in the programs."""
        for program in ("sami-llm-proxy.exe", "sami-llm-proxy-tray.exe"):
            octets = (PROGRAM / program).read_bytes()
            self.assertIn("ProductVersion".encode("utf-16-le"), octets)
            self.assertIn(VERSION.encode("utf-16-le"), octets)
            self.assertIn(b"asInvoker", octets)

    def test_subsystem(self):
        """The daemon has a console, the desktop app opens none."""
        kinds = {}
        for program in ("sami-llm-proxy.exe", "sami-llm-proxy-tray.exe"):
            header = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", PROGRAM / program], capture_output=True,
                                    text=True, check=True).stdout
            [line] = [line for line in header.splitlines() if line.startswith("Subsystem")]
            kinds[program] = line.split()[-1].strip("()")
        self.assertEqual(kinds, {"sami-llm-proxy.exe": "CUI", "sami-llm-proxy-tray.exe": "GUI"})


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    outcome = program.result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"{outcome.testsRun - failed} passed, {failed} failed")
    sys.exit(failed != 0)
