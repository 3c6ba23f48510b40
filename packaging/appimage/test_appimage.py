#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Uses the AppImage in a root without Qt (SAMI_ROOT). Run by test.sh."""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "support"))

from sami_support import Origin, RawClient, TestCa, answer, closed_port, wait_until  # noqa: E402

BARE = os.environ["SAMI_ROOT"]
[FILE] = (ROOT / "build" / "packages").glob("*.AppImage")
APPDIR = ROOT / "build" / "appimage" / "AppDir"
INSIDE = "/inside/proxy.AppImage"
# The README names these: Ubuntu 22.04, Debian 12, Fedora 36.
FLOOR = (2, 35)
START = 30


def mounts():
    with open("/proc/mounts", encoding="utf-8") as file:
        return [line for line in file if "sami-llm-proxy" in line]


class AppImageCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sami-")))
        subprocess.run(["cp", FILE, self.folder / "proxy.AppImage"], check=True)
        self.port = closed_port()

    def command(self, *arguments, environment=(), fuse=True):
        """A command in the bare root: its files, this test's folder as /inside, the sockets of the displays."""
        sandbox = ["bwrap", "--bind", BARE, "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
                   "--bind", str(self.folder), "/inside", "--chdir", "/inside", "--die-with-parent",
                   "--cap-add", "ALL", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin",
                   "--setenv", "HOME", "/inside", "--setenv", "XDG_RUNTIME_DIR", "/inside"]
        if fuse:
            sandbox += ["--dev-bind", "/dev/fuse", "/dev/fuse"]
        if os.path.isdir("/tmp/.X11-unix"):
            sandbox += ["--bind", "/tmp/.X11-unix", "/tmp/.X11-unix"]
        settings = {"PROXY_ADDRESS": "127.0.0.1", "PROXY_PORT": self.port,
                    "ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", **dict(environment)}
        for name, value in settings.items():
            sandbox += ["--setenv", name, str(value)]
        return [*sandbox, INSIDE, *arguments]

    def run_here(self, *arguments, **options):
        return subprocess.run(self.command(*arguments, **options), capture_output=True, text=True,
                              timeout=60, check=False)

    @contextlib.contextmanager
    def running(self, *arguments, **options):
        """Runs the program; its own process, below bwrap, is `inner`."""
        with open(self.folder / "output", "w", encoding="utf-8") as output, \
                subprocess.Popen(self.command(*arguments, **options), stdout=output,
                                 stderr=subprocess.STDOUT) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()

    def output(self):
        return (self.folder / "output").read_text(encoding="utf-8", errors="replace")

    def inner(self, process):
        """The process id of the program inside bwrap's."""
        def find():
            for status in pathlib.Path("/proc").glob("[0-9]*/status"):
                with contextlib.suppress(OSError):
                    pid = int(status.parent.name)
                    if "sami-llm-proxy" in os.readlink(status.parent / "exe") and self.is_below(
                            pid, process.pid):
                        return pid
            return None
        return wait_until(find, START, "the program's start")

    @staticmethod
    def folders_of_keepers():
        """The working directories of the AppImage's own processes."""
        folders = set()
        for exe in pathlib.Path("/proc").glob("[0-9]*/exe"):
            with contextlib.suppress(OSError):
                if os.readlink(exe) == INSIDE:
                    folders.add(os.readlink(exe.parent / "cwd"))
        return folders

    @staticmethod
    def is_below(pid, ancestor):
        while pid > 1:
            if pid == ancestor:
                return True
            text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            pid = int(re.search(r"PPid:\t(\d+)", text)[1])
        return False

    def wait_for_health(self):
        def answers():
            done = subprocess.run(["curl", "-s", "-m", "5", f"http://127.0.0.1:{self.port}/health"],
                                  capture_output=True, text=True, check=False)
            return done.stdout and json.loads(done.stdout)["status"] == "ok"
        wait_until(answers, START, "the proxy's answer")

    def origin(self, handler=None, **options):
        return self.enterContext(Origin(handler or answer(b"from the origin"), **options))


class FileTest(AppImageCase):
    def test_needs_no_newer_c_library(self):
        newest = (0, 0)
        for path in APPDIR.rglob("*"):
            if path.is_file() and path.read_bytes()[:4] == b"\x7fELF":
                done = subprocess.run(["readelf", "-V", path], capture_output=True, text=True, check=True)
                for version in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", done.stdout):
                    self.assertLessEqual(tuple(map(int, version)), FLOOR, path)
                    newest = max(newest, tuple(map(int, version)))
        print(f"newest glibc symbol: {newest}; {FILE.stat().st_size:,} bytes", file=sys.stderr)
        self.assertEqual(newest, FLOOR)

    def test_is_an_appimage_with_what_a_desktop_reads(self):
        with FILE.open("rb") as file:
            self.assertEqual(file.read(11)[8:], b"AI\x02")
        for name in ("AppRun", ".DirIcon", "sami-llm-proxy-tray.desktop", "sami-llm-proxy-tray.png",
                     "usr/share/metainfo/sami-llm-proxy-tray.metainfo.xml"):
            self.assertTrue((APPDIR / name).exists(), name)
        licences = APPDIR / "usr" / "share" / "licenses"
        for package in ("libqt6core6", "libqrencode4", "libssl3", "libicu72", "libsquashfuse-dev", "libfuse3-dev"):
            self.assertTrue((licences / package / "copyright").exists(), package)

    def test_the_same_tree_makes_the_same_octets(self):
        before = hashlib.sha256(FILE.read_bytes()).hexdigest()
        subprocess.run([ROOT / "packaging" / "appimage" / "build.sh"], stdout=subprocess.DEVNULL, check=True)
        self.assertEqual(hashlib.sha256(FILE.read_bytes()).hexdigest(), before)


class DaemonTest(AppImageCase):
    def test_answers_flags_with_the_daemons_exit_codes(self):
        done = self.run_here("--daemon", "--version")
        self.assertRegex(done.stdout, r"^sami-llm-proxy \d", done.stderr)
        done = self.run_here("--daemon", "--check-config", environment={"PROXY_PORT": "x"})
        self.assertEqual(done.returncode, 2)
        self.assertIn("PROXY_PORT", done.stderr)

    def test_finishes_a_stream_when_it_is_stopped(self):
        def stream(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for number in range(4):
                connection.send(b"data: %d\n\n" % number)
                time.sleep(0.7)

        origin = self.origin(stream)
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name), self.running("--daemon") as process:
                self.wait_for_health()
                with RawClient("127.0.0.1", self.port, timeout=START) as client:
                    client.connect_tunnel("127.0.0.1", origin.port)
                    client.request("GET", "/", "Host: origin")
                    client.recv_until(b"data: 0\n\n")
                    os.kill(self.inner(process), number)
                    rest, _ = client.recv_all()
                self.assertTrue(rest.endswith(b"data: 3\n\n"), rest)
                self.assertEqual(process.wait(START), 0)
                self.assertIn("stopped", self.output())

    def test_speaks_tls_with_its_own_openssl(self):
        authority = TestCa.shared()
        subprocess.run(["cp", authority.ca_file, self.folder / "ca.pem"], check=True)
        origin = self.origin(tls=authority.server_context("127.0.0.1"))
        with self.running("--daemon", environment={"PROXY_UPSTREAM_CA_FILE": "/inside/ca.pem"}) as process:
            self.wait_for_health()
            with RawClient("127.0.0.1", self.port) as client:
                client.request("GET", origin.url())
                response = client.read_response()
            self.assertEqual((response.status, response.body), (200, b"from the origin"), self.output())
            maps = pathlib.Path(f"/proc/{self.inner(process)}/maps").read_text(encoding="utf-8")
            libraries = set(re.findall(r"\S+/lib(?:ssl|crypto|Qt6\w+)\.so\S*", maps))
            self.assertGreaterEqual(len(libraries), 4)
            for library in libraries:
                self.assertIn("/.mount_sami-", library)

    def test_leaves_no_mount_and_no_folder(self):
        with self.running("--daemon") as process:
            self.wait_for_health()
            # The process that serves the mount must not keep a folder of the caller busy.
            self.assertEqual(self.folders_of_keepers(), {"/"})
            os.kill(self.inner(process), signal.SIGTERM)
            self.assertEqual(process.wait(START), 0)
        wait_until(lambda: not mounts(), START, "the end of the mount")

    def test_unpacks_where_there_is_no_fuse(self):
        done = self.run_here("--daemon", "--version", fuse=False)
        self.assertRegex(done.stdout, r"^sami-llm-proxy \d")
        self.assertIn("fuse3", done.stderr)
        for how in ({"environment": {"APPIMAGE_EXTRACT_AND_RUN": "1"}}, {}):
            options = () if how else ("--appimage-extract-and-run",)
            done = self.run_here(*options, "--daemon", "--check-config",
                                 environment={**how.get("environment", {}), "PROXY_PORT": "x"}, fuse=False)
            self.assertEqual(done.returncode, 2)
            self.assertNotIn("fuse3", done.stderr)
        self.assertEqual(self.run_here("--appimage-extract", fuse=False).returncode, 0)
        self.assertTrue((self.folder / "squashfs-root" / "AppRun").stat().st_mode & 0o100)
        done = subprocess.run(["diff", "-r", "--no-dereference", APPDIR, self.folder / "squashfs-root"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout[:400]), (0, ""))
        again = self.run_here("--appimage-extract", fuse=False)
        self.assertEqual(again.returncode, 127)
        self.assertIn("squashfs-root", again.stderr)
        self.assertEqual(self.run_here("--appimage-nonsense").returncode, 2)
        self.assertIn("--daemon", self.run_here("--appimage-help").stdout)


class WindowTest(AppImageCase):
    def display(self):
        read, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24",
                                   "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        with os.fdopen(read) as pipe:
            return ":" + pipe.readline().strip()

    def test_shows_its_window_in_russian_and_proxies(self):
        display = self.display()
        origin = self.origin()
        environment = {"DISPLAY": display, "LANG": "C.UTF-8", "LANGUAGE": "ru", "LC_MESSAGES": "ru_RU.UTF-8"}
        with self.running(environment=environment) as process:
            self.wait_for_health()

            def window():
                done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Sami LLM Proxy"],
                                      env={**os.environ, "DISPLAY": display}, capture_output=True,
                                      text=True, check=False)
                return done.stdout.split()
            wait_until(window, START, "the window")
            done = subprocess.run(["curl", "-s", "-x", f"http://127.0.0.1:{self.port}", origin.url()],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.stdout, "from the origin")
            pid = self.inner(process)
            variables = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            # Start at login records this, because the program's path inside changes.
            self.assertIn(b"APPIMAGE=" + INSIDE.encode(), variables)
            time.sleep(2)
            picture = ROOT / "build" / "appimage" / "window.png"
            subprocess.run(["import", "-display", display, "-window", "root", picture], check=True)
            colours = subprocess.run(["identify", "-format", "%k", picture], capture_output=True, text=True,
                                     check=True).stdout
            self.assertGreater(int(colours), 50)
            self.assertEqual(self.run_here("--quit", environment=environment).returncode, 0)
            self.assertEqual(process.wait(START), 0, self.output())

    def test_shows_its_window_on_wayland(self):
        compositor = subprocess.Popen(
            ["weston", "--backend=headless-backend.so", "--socket=wayland-test", "--idle-time=0"],
            env={**os.environ, "XDG_RUNTIME_DIR": str(self.folder)}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(compositor.wait)
        self.addCleanup(compositor.terminate)
        wait_until((self.folder / "wayland-test").exists, START, "weston's start")
        environment = {"WAYLAND_DISPLAY": "wayland-test", "QT_QPA_PLATFORM": "wayland", "WAYLAND_DEBUG": "1"}
        with self.running(environment=environment) as process:
            self.wait_for_health()
            wait_until(lambda: re.search(r'set_title\(".*Sami LLM Proxy', self.output()), START,
                       "the window's title at the compositor")
            self.assertRegex(self.output(), r'set_app_id\("sami-llm-proxy-tray"\)')
            self.assertEqual(self.run_here("--quit", environment=environment).returncode, 0)
            self.assertEqual(process.wait(START), 0)


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False, argv=sys.argv).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed", flush=True)
    sys.exit(not result.wasSuccessful())
