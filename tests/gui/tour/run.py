#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Brings an X display with a window manager and runs a program of the tour on it.

    run.py [--modules FOLDER] [--tray KIND] PROGRAM [QTest's arguments …]
    run.py --network PROGRAM                   with a phone and a provider beside this machine
    run.py --screenshots docs/img PROGRAM      the pictures of the papers

KIND is the tray that the program will start (xembed, statusnotifier, none). StatusNotifier needs a
session bus, so it gets its own. The exit code is 77 if a program that the display needs is missing.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import network

SKIPPED = 77
NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "trayer": "trayer", "xdotool": "xdotool",
          "curl": "curl", "xprop": "x11-utils"}
NEEDED_FOR_TRAY = {"statusnotifier": {"xfce4-panel": "xfce4-panel",
                                      "xfconf-query": "xfconf",
                                      "dbus-run-session": "dbus-daemon"}}
PANEL_SETTINGS = Path("xfce4", "xfconf", "xfce-perchannel-xml", "xfce4-panel.xml")
START_SECONDS = 20


def ended(process):
    """Ends a child process of this program."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Display:
    """An X server that chooses its own number, and openbox on it."""

    def __init__(self, home, screen):
        ready, self.number_written = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(self.number_written), "-screen", "0", f"{screen}x24",
             "-nolisten", "tcp", "-noreset"],
            pass_fds=[self.number_written], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(self.number_written)
        with os.fdopen(ready) as pipe:
            number = pipe.readline().strip()
        if not number:
            ended(self.server)
            raise RuntimeError("Xvfb did not start")
        # Nothing from the user's desktop: no bus, tray, theme or settings.
        self.environment = {
            **{name: value for name, value in os.environ.items()
               if not name.startswith(("QT_", "XDG_", "GTK_", "KDE_", "WAYLAND_", "XMODIFIERS"))},
            "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": home, "LC_ALL": "C.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:", "XDG_RUNTIME_DIR": home,
            "XDG_CONFIG_HOME": str(Path(home, "config")), "NO_AT_BRIDGE": "1",
            "GSETTINGS_BACKEND": "memory", "GIO_USE_VFS": "local"}
        for name in ("XAUTHORITY", "SESSION_MANAGER", "http_proxy", "all_proxy"):
            self.environment.pop(name, None)
        self.manager = subprocess.Popen(["openbox", "--sm-disable"], env=self.environment,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.await_manager()

    def await_manager(self):
        """A panel that starts before the window manager gets no place on the screen."""
        end = time.monotonic() + START_SECONDS
        while "window id" not in subprocess.run(
                ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], env=self.environment, text=True,
                capture_output=True, check=False).stdout:
            if time.monotonic() > end:
                self.close()
                raise RuntimeError("openbox did not start")
            time.sleep(0.05)

    def close(self):
        ended(self.manager)
        ended(self.server)


def with_session(command, environment):
    """The command with its own session bus, and settings that make xfce4-panel show only the tray.
    """
    settings = Path(environment["XDG_CONFIG_HOME"], PANEL_SETTINGS)
    settings.parent.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("xfce4-panel.xml"), settings)
    del environment["DBUS_SESSION_BUS_ADDRESS"]
    return ["dbus-run-session", "--", *command]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modules", default="", help="tests/clients' npm packages")
    parser.add_argument("--screenshots", metavar="DIR", help="where the pictures go")
    parser.add_argument("--tray", choices=["xembed", "statusnotifier", "none"], default="xembed")
    parser.add_argument("--network", action="store_true", help="in a network of its own: network.py")
    parser.add_argument("--pictures", metavar="DIR", help="where the tour leaves what it saw")
    parser.add_argument("--screen", metavar="WxH", default="1280x800", help="of the display")
    parser.add_argument("--scale", metavar="FACTOR", default="1", help="QT_SCALE_FACTOR")
    parser.add_argument("--need", metavar="PROGRAM=PACKAGE", action="append", default=[],
                        help="skips where it is missing")
    parser.add_argument("program", help="gui_tour, gui_trays, gui_screenshots, …")
    arguments, rest = parser.parse_known_args()

    needed = {**NEEDED, **NEEDED_FOR_TRAY.get(arguments.tray, {}),
              **dict(need.split("=") for need in arguments.need)}
    missing = sorted(package for program, package in needed.items() if not shutil.which(program))
    if missing:
        print("skipped: no", ", ".join(missing), "here (Debian's packages)")
        return SKIPPED
    if arguments.network and (reason := network.enter()):
        print("skipped:", reason)
        return SKIPPED
    # A terminated test must still end what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    with tempfile.TemporaryDirectory() as home:
        display = Display(home, arguments.screen)
        around = None
        try:
            environment = display.environment
            if arguments.network:
                around = network.Network()
                environment.update(around.environment())
            if arguments.pictures:
                folder = Path(arguments.pictures)
                folder.mkdir(parents=True, exist_ok=True)
                environment["TOUR_PICTURES"] = str(folder.resolve())
            modules = Path(arguments.modules) if arguments.modules else None
            if (modules and (modules / "node_modules" / "openai").is_dir()
                    and shutil.which("node")):
                environment["TOUR_MODULES"] = str(modules.resolve())
            command = [str(Path(arguments.program).resolve()), *rest]
            environment["TOUR_TRAY"] = arguments.tray
            environment["QT_SCALE_FACTOR"] = arguments.scale
            if arguments.tray == "statusnotifier":
                command = with_session(command, environment)
            if arguments.screenshots:
                folder = Path(arguments.screenshots)
                folder.mkdir(parents=True, exist_ok=True)
                environment["TOUR_SCREENSHOTS"] = str(folder.resolve())
            program = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
            try:
                return program.wait()
            finally:
                ended(program)
        finally:
            if around:
                around.close()
            display.close()


if __name__ == "__main__":
    sys.exit(main())
