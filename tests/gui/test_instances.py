# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs real copies of the tray app: the second raises the first, --quit ends it, and a crash leaves
nothing in the way. tst_singleinstance tests their protocol."""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from sami_support.origin import Origin, closed_port
from sami_support.rawclient import RawClient
from sami_support.waiting import WAIT, wait_until


class InstancesTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="sami-tray-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        runtime = pathlib.Path(self.folder, "runtime")
        runtime.mkdir(mode=0o700)
        self.settings = str(pathlib.Path(self.folder, "settings.ini"))
        self.port = closed_port()
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "XDG_RUNTIME_DIR": str(runtime),
            "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8",
            "ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"}
        self.environment.update({name: value for name, value in os.environ.items()
                                 if name.endswith("SAN_OPTIONS")})

    def start(self, *arguments, settings=None, port=None):
        process = subprocess.Popen(
            [os.environ["SAMI_TRAY"], "--minimized", "--config", settings or self.settings,
             "--port", str(port or self.port), *arguments],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)

        def end():
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def start_first(self, **keywords):
        process = self.start(**keywords)
        port = keywords.get("port", self.port)
        wait_until(lambda: self.answers(port) or process.poll() is not None, what="the first copy")
        self.assertIsNone(process.poll(), "it ended")
        return process

    @staticmethod
    def answers(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def run_once(self, *arguments, environment=None):
        return subprocess.run([os.environ["SAMI_TRAY"], *arguments],
                              env=self.environment if environment is None else environment,
                              capture_output=True, text=True, timeout=30 + WAIT, check=False)

    def start_asker(self):
        """--quit, which waits until the first copy has ended."""
        process = subprocess.Popen([os.environ["SAMI_TRAY"], "--quit", "--config", self.settings],
                                   env=self.environment, stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        return process

    def quit(self):
        return self.run_once("--quit", "--config", self.settings)

    # --- the second copy ---

    def test_the_second_ends_with_success_and_the_first_goes_on(self):
        first = self.start_first()
        second = self.start()
        self.assertEqual(0, second.wait(WAIT))
        self.assertIsNone(first.poll())
        self.assertTrue(self.answers(self.port))

    def test_many_at_once_leave_one(self):
        copies = [self.start() for _ in range(5)]
        wait_until(lambda: sum(copy.poll() is None for copy in copies) == 1,
                   timeout=3 * WAIT, what="one copy alone")
        self.assertEqual([0] * 4, [copy.poll() for copy in copies if copy.poll() is not None])
        wait_until(lambda: self.answers(self.port), what="the proxy")

    def test_another_settings_file_is_another_program(self):
        self.start_first()
        other = closed_port()
        second = self.start_first(settings=self.settings + ".other", port=other)
        self.assertIsNone(second.poll())
        self.assertTrue(self.answers(self.port))

    def test_a_crash_leaves_nothing_in_the_way(self):
        first = self.start_first()
        first.send_signal(signal.SIGKILL)
        first.wait(WAIT)
        self.start_first()
        self.assertEqual(0, self.start().wait(WAIT))

    # --- the link of a server ---

    LINK = "sami-proxy://ann:s3cret@fra.example.com:8443?name=fra"

    @staticmethod
    def command_line(process):
        return pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()

    @unittest.skipUnless(pathlib.Path("/proc/self/cmdline").exists(), "no /proc here")
    def test_a_link_is_in_no_list_of_processes(self):
        first = self.start(self.LINK)
        wait_until(lambda: self.answers(self.port), what="the first copy")
        self.assertIn(b"--minimized", self.command_line(first))
        self.assertNotIn(b"s3cret", self.command_line(first))
        self.assertNotIn(b"fra.example.com", self.command_line(first))

    def test_a_link_goes_to_the_copy_that_runs(self):
        first = self.start_first()
        for argument in (self.LINK, self.link_file(self.LINK)):
            self.assertEqual(0, self.start(argument).wait(WAIT))
        self.assertIsNone(first.poll())

    def test_a_file_that_others_may_read_is_refused(self):
        path = self.link_file(self.LINK, mode=0o644)
        done = self.run_once("--config", self.settings, path)
        self.assertEqual(2, done.returncode)
        self.assertIn("chmod 600", done.stderr)
        self.assertNotIn("s3cret", done.stderr)

    def link_file(self, link, mode=0o600):
        path = pathlib.Path(self.folder, "link")
        path.write_text(link + "\n", encoding="utf-8")
        path.chmod(mode)
        return f"@{path}"

    # --- quit ---

    def test_quit_ends_the_first(self):
        first = self.start_first()
        done = self.quit()
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual(0, first.wait(WAIT))
        self.assertFalse(self.answers(self.port))

    def test_quit_asks_nothing_while_a_tunnel_is_open(self):
        self.environment["PROXY_SHUTDOWN_GRACE_MS"] = "1000"
        with Origin(lambda connection: connection.recv_all()) as origin:
            first = self.start_first()
            with RawClient("127.0.0.1", self.port) as client:
                client.connect_tunnel(origin.host, origin.port)
                self.assertEqual(0, self.quit().returncode)
                self.assertEqual(0, first.wait(WAIT))

    # --- four ways to end the program during a stream ---

    def end_amid_a_stream(self, order, finishes=True):
        """Gives the order while a tunnel is open: the tunnel goes on, ends, and then the program
        ends."""
        if not finishes:
            self.environment["PROXY_SHUTDOWN_GRACE_MS"] = "1000"
        with Origin(lambda connection: connection.send(connection.recv_all()[0])) as origin:
            first = self.start_first()
            with RawClient("127.0.0.1", self.port) as client:
                client.connect_tunnel(origin.host, origin.port)
                order(first)
                if finishes:
                    wait_until(lambda: not self.answers(self.port), what="no new requests")
                    client.send(b"to the end")
                    client.half_close()
                    self.assertEqual(b"to the end", client.recv_all()[0])
                self.assertEqual(0, first.wait(WAIT))
        self.assertIn("gui_window_geometry", pathlib.Path(self.settings).read_text("utf-8"))

    def test_signals_let_a_stream_finish(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number.name):
                self.end_amid_a_stream(lambda first, number=number: first.send_signal(number))

    def test_quit_lets_a_stream_finish(self):
        asker = []
        self.end_amid_a_stream(
            lambda first: asker.append(self.start_asker()))
        self.assertEqual(0, asker[0].wait(WAIT))

    def test_a_signal_gives_a_stream_its_time_and_no_more(self):
        self.end_amid_a_stream(lambda first: first.send_signal(signal.SIGTERM), finishes=False)

    def test_the_second_signal_cuts(self):
        with Origin(lambda connection: connection.recv_all()) as origin:
            first = self.start_first()
            with RawClient("127.0.0.1", self.port) as client:
                client.connect_tunnel(origin.host, origin.port)
                first.send_signal(signal.SIGTERM)
                wait_until(lambda: not self.answers(self.port), what="no new requests")
                self.assertIsNone(first.poll())
                first.send_signal(signal.SIGTERM)
                # Well before the grace time of nine seconds.
                self.assertEqual(0, first.wait(5))

    def test_a_signal_that_was_ignored_from_outside_stays_ignored(self):
        # As nohup does, and shells that start a background job.
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            first = self.start_first()
        finally:
            signal.signal(signal.SIGHUP, before)
        first.send_signal(signal.SIGHUP)
        self.assertTrue(self.answers(self.port))
        first.send_signal(signal.SIGTERM)
        self.assertEqual(0, first.wait(WAIT))

    def test_the_daemons_commands_leave_the_first_alone(self):
        first = self.start_first()
        for words in (["status"], ["status", "--json"], ["link"], ["user", "list"], ["token", "list"],
                      ["--pin"], ["--healthcheck"], ["--print-settings-table"]):
            with self.subTest(words=words):
                done = self.run_once(*words, "--config", self.settings)
                self.assertEqual(done.returncode, 2)
                self.assertIn("is the daemon's, sami-llm-proxy", done.stderr)
                self.assertIsNone(first.poll())

    def test_quit_without_a_first_is_a_success(self):
        self.assertEqual(0, self.quit().returncode)

    def test_quit_after_a_crash_is_a_success(self):
        first = self.start_first()
        first.send_signal(signal.SIGKILL)
        first.wait(WAIT)
        self.assertEqual(0, self.quit().returncode)

    def die_while_asked(self, first):
        """The first copy dies before it answers those that have been started by now."""
        time.sleep(0.5)  # they wait for its answer; if not, they find nobody
        first.kill()
        first.wait(WAIT)  # reaped: until then it is there
        return time.monotonic()

    def test_quit_sees_that_the_first_dies(self):
        first = self.start_first()
        first.send_signal(signal.SIGSTOP)
        asker = self.start_asker()
        died = self.die_while_asked(first)
        self.assertEqual(0, asker.wait(30))
        self.assertLess(time.monotonic() - died, 10, "it waits for the dead")

    def test_a_later_copy_takes_the_place_of_one_that_dies(self):
        first = self.start_first()
        first.send_signal(signal.SIGSTOP)
        later = self.start()
        self.die_while_asked(first)
        wait_until(lambda: self.answers(self.port) or later.poll() is not None, what="the later copy")
        self.assertIsNone(later.poll(), "it gave up")

    def test_quit_leaves_another_settings_file_alone(self):
        first = self.start_first()
        self.assertEqual(0, self.run_once("--quit", "--config",
                                          self.settings + ".other").returncode)
        self.assertIsNone(first.poll())

    def test_quit_says_when_the_first_does_not_end(self):
        first = self.start_first()
        first.send_signal(signal.SIGSTOP)
        try:
            done = self.quit()
        finally:
            first.send_signal(signal.SIGCONT)
        self.assertEqual(1, done.returncode)
        self.assertIn("does not end", done.stderr)

    # --- a damaged settings file ---

    def test_a_damaged_file_holds_up_no_start_and_lets_nobody_in(self):
        settings = pathlib.Path(self.settings)
        content = "log_level = debug\nallowed_ips = somebody\naddress = 0.0.0.0\n"
        settings.write_text(content, "utf-8")
        first = self.start_first()
        with socket.socket() as outside:
            # Another loopback address, which 0.0.0.0 would include.
            self.assertNotEqual(0, outside.connect_ex(("127.0.0.2", self.port)))
        first.send_signal(signal.SIGTERM)
        self.assertEqual(0, first.wait(WAIT))
        # Nobody has seen the damage, so nothing was written over it, not even the window's
        # geometry.
        self.assertEqual(content, settings.read_text("utf-8"))
        self.assertEqual({"runtime", "settings.ini"},
                         {path.name for path in pathlib.Path(self.folder).iterdir()
                          if not path.name.startswith(".")})

    # --- start at login ---

    def test_start_at_login_and_the_box_agree(self):
        done = self.run_once("--start-at-login", "--config", self.settings)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        entry = pathlib.Path(self.folder, ".config/autostart/sami-llm-proxy-tray.desktop")
        # Whether a window opens is stored in only one place.
        self.assertNotIn("--minimized", entry.read_text("utf-8"))
        self.assertIn("gui_start_minimized = true",
                      pathlib.Path(self.settings).read_text("utf-8"))
        self.assertEqual(0, self.run_once("--no-start-at-login").returncode)
        self.assertFalse(entry.exists())

    # --- without a screen ---

    def without_screen(self, *arguments):
        environment = {name: value for name, value in self.environment.items()
                       if name != "QT_QPA_PLATFORM"}
        return self.run_once(*arguments, environment=environment)

    def test_help(self):
        for flag in ("--help", "-h"):
            done = self.without_screen(flag)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            for part in ("sami-llm-proxy-tray [options]", "--minimized", "--portable", "--quit",
                         "--port VALUE   PROXY_PORT", "Default: 127.0.0.1"):
                self.assertIn(part, done.stdout)
            # Options of the daemon alone.
            self.assertNotIn("--healthcheck", done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 90)

    def test_version(self):
        done = self.without_screen("--version")
        self.assertRegex(done.stdout, r"^sami-llm-proxy-tray \d+\.\d+\.\d+\n$")
        self.assertEqual(0, done.returncode)

    def test_wrong_option(self):
        """Nobody is there to close a message box."""
        done = self.run_once("--bogus")
        self.assertEqual(2, done.returncode)
        self.assertIn("--bogus: unknown option", done.stderr)

    def test_wrong_option_in_a_terminal(self):
        """In a terminal it ends with its sentence, before it asks for a screen."""
        environment = {name: value for name, value in self.environment.items()
                       if name != "QT_QPA_PLATFORM"}
        terminal, end = os.openpty()
        self.addCleanup(os.close, terminal)
        done = subprocess.run([os.environ["SAMI_TRAY"], "--bogus"], env=environment, timeout=WAIT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=end, check=False)
        os.close(end)
        self.assertEqual(2, done.returncode)
        self.assertIn(b"--bogus: unknown option", os.read(terminal, 4096))

    def test_quit_needs_no_screen(self):
        self.assertEqual(0, self.without_screen("--quit", "--config", self.settings).returncode)


if __name__ == "__main__":
    unittest.main()
