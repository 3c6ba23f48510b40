# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs the tray app with a Secret Service on a D-Bus session of its own: passwords of servers move out of
the settings file, are there after a restart, and a keychain that is missing, locked or silent is
not waited for. tst_passwordskeeper has the rules, tst_keychain the window."""

import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from sami_support.origin import Origin, answer, closed_port
from sami_support.waiting import WAIT, wait_until

PASSWORD = "s3cret-of-the-server"
KEYRING_PASSWORD = b"of the keyring"
# PasswordsKeeper::usualPatience
PATIENCE = 10

# No folder with services, so that the bus starts none by itself.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def lacking():
    """What this machine lacks for a Secret Service, or nothing."""
    return [name for name in ("dbus-daemon", "gnome-keyring-daemon") if not shutil.which(name)]


class KeychainTest(unittest.TestCase):
    def setUp(self):
        if lacking():
            self.skipTest(f"there is no {lacking()[0]}")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sami-keys-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.settings = self.folder / "settings.ini"
        self.port = closed_port()
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(runtime),
            "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8",
            "ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"}
        self.environment.update({name: value for name, value in os.environ.items()
                                 if name.endswith("SAN_OPTIONS")})
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.origin = stack.enter_context(Origin(answer(b"hello")))

    def run_until_end(self, *command, **keywords):
        process = subprocess.Popen(command, env=self.environment, **keywords)

        def end():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

        self.addCleanup(end)
        return process

    def start_bus(self):
        socket = self.folder / "bus"
        config = self.folder / "bus.conf"
        config.write_text(BUS.format(socket=socket))
        self.run_until_end("dbus-daemon", "--nofork", f"--config-file={config}",
                           stderr=subprocess.DEVNULL)
        wait_until(socket.exists, what="the bus")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"

    def start_keyring(self, is_unlocked=True):
        """The keyring; locked, if it is not told to unlock and has been made before."""
        process = self.run_until_end(
            "gnome-keyring-daemon", "--foreground", "--components=secrets",
            *(["--unlock"] if is_unlocked else []),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.stdin.write(KEYRING_PASSWORD if is_unlocked else b"")
        process.stdin.close()
        wait_until(self.has_service, what="the Secret Service")
        return process

    def has_service(self):
        done = subprocess.run(
            ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
             "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"],
            env=self.environment, capture_output=True, text=True, check=False)
        return "boolean true" in done.stdout

    def start_server(self):
        """A proxy that wants the password."""
        port = closed_port()
        environment = dict(self.environment, PROXY_AUTH_USERNAME="ann", PROXY_AUTH_PASSWORD=PASSWORD,
                           PROXY_PORT=str(port), PROXY_ADDRESS="127.0.0.1")
        process = subprocess.Popen([os.environ["SAMI_DAEMON"]], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return port

    def write_settings(self, server):
        self.settings.write_text("gui_first_start_done = true\n"
                                 f"parents = http://ann:{PASSWORD}@127.0.0.1:{server}\n")
        self.settings.chmod(0o600)

    def start_tray(self):
        return self.run_until_end(
            os.environ["SAMI_TRAY"], "--minimized", "--config", str(self.settings),
            "--port", str(self.port), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def quit_tray(self, process):
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT)

    def status_through(self):
        """The answer's status of a request through tray app and server; None if nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request("GET", self.origin.url("/"))
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def wait_until_it_connects(self, timeout=None):
        wait_until(lambda: self.status_through() == 200, timeout=timeout,
                   what="a request through the server")

    def wait_until_moved(self):
        wait_until(lambda: PASSWORD not in self.settings.read_text(), what="a file without it")
        self.assertIn("\ngui_passwords_in_keychain = ", self.settings.read_text())
        self.assertIn("parents = http://ann@127.0.0.1:", self.settings.read_text())
        self.assertEqual(self.settings.stat().st_mode & 0o777, 0o600)

    def skip_without_keychain(self):
        """A build without QtKeychain leaves the file as it is."""
        if os.environ.get("SAMI_HAS_KEYCHAIN") != "1":
            self.skipTest("this build has no keychain")

    def with_moved_password(self):
        """A server whose password is in the keyring; the tray app has ended."""
        self.skip_without_keychain()
        self.start_bus()
        keyring = self.start_keyring()
        self.write_settings(self.start_server())
        tray = self.start_tray()
        self.wait_until_it_connects()
        self.wait_until_moved()
        self.quit_tray(tray)
        return keyring

    def test_a_password_moves_and_is_there_after_a_restart(self):
        self.with_moved_password()
        before = self.settings.read_text()
        self.start_tray()
        self.wait_until_it_connects()
        self.assertEqual(self.settings.read_text(), before)

    def test_the_window_keeps_an_added_server(self):
        self.skip_without_keychain()
        self.start_bus()
        self.start_keyring()
        done = subprocess.run(
            [os.environ["SAMI_TST_KEYCHAIN"], "anAddedServerIsThereAfterARestart:the system's"],
            env=dict(self.environment, SAMI_SECRET_SERVICE="1"), capture_output=True, text=True,
            timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("SKIP", done.stdout)

    def test_without_a_service_the_file_keeps_it(self):
        self.start_bus()
        self.write_settings(self.start_server())
        before = self.settings.read_text()
        self.start_tray()
        self.wait_until_it_connects()
        self.assertEqual(self.settings.read_text(), before)

    def test_a_keyring_that_comes_later_is_asked_again(self):
        keyring = self.with_moved_password()
        keyring.terminate()
        keyring.wait(WAIT)
        self.start_tray()
        time.sleep(1)
        self.assertIsNone(self.status_through(), "it must not go out without the password")
        self.start_keyring()
        # PasswordsKeeper::retryInterval is 15 s.
        self.wait_until_it_connects(timeout=30 + WAIT)

    def test_a_silent_keyring_holds_nothing_up(self):
        keyring = self.with_moved_password()
        keyring.send_signal(signal.SIGSTOP)
        tray = self.start_tray()
        time.sleep(PATIENCE + 1)
        self.assertIsNone(tray.poll())
        self.assertIsNone(self.status_through(), "it must not go out without the password")
        keyring.send_signal(signal.SIGCONT)
        self.wait_until_it_connects(timeout=WAIT + 10)

    def test_a_locked_keyring_holds_nothing_up(self):
        keyring = self.with_moved_password()
        keyring.terminate()
        keyring.wait(WAIT)
        before = self.settings.read_text()
        self.start_keyring(is_unlocked=False)
        tray = self.start_tray()
        time.sleep(PATIENCE + 1)
        self.assertIsNone(self.status_through(), "it must not go out without the password")
        self.assertEqual(self.settings.read_text(), before)
        self.quit_tray(tray)


if __name__ == "__main__":
    unittest.main()
