# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""run.sh without its build: where it starts the proxy, and what it says of that."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from helpers_command import LIMIT, clean_environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
NO_BUILD = """say() { echo "$@"; }
build_packages=()
ensure_packages() { :; }
build_preset() { :; }
"""
# In the program's place: asks the real one about settings, and shows how it would have been started.
SHOWN = """#!/bin/sh
case " $* " in *" --check-config "*) exec "$SAMI_DAEMON" "$@" ;; esac
echo "address=${PROXY_ADDRESS-none} $*"
"""


class RunScript(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copy(ROOT / "run.sh", self.folder)
        (self.folder / "packaging").mkdir()
        (self.folder / "packaging" / "setup.sh").write_text(NO_BUILD)
        program = self.folder / "build" / "release" / "daemon" / "sami-llm-proxy"
        program.parent.mkdir(parents=True)
        program.write_text(SHOWN)
        program.chmod(0o755)
        self.settings = self.folder / "settings.ini"
        self.settings.write_text("address = 127.0.0.7\nport = 8181\n")

    def run_script(self, *arguments, **settings):
        done = subprocess.run(["bash", self.folder / "run.sh", *map(str, arguments)], text=True, timeout=LIMIT,
                              env=clean_environment(SAMI_DAEMON=os.environ["SAMI_DAEMON"], **settings),
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def test_address(self):
        """B§1: run.sh starts on loopback unless somebody names an address, and says where"""
        config = f"--config={self.settings}"
        for arguments, settings, address, place in (
                ((), {}, "127.0.0.1", "127.0.0.1:8080"),
                (("--port", "9090"), {}, "127.0.0.1", "127.0.0.1:9090"),
                ((config,), {}, "none", "127.0.0.7:8181"),
                ((config, "--port=1"), {"PROXY_ADDRESS": "127.0.0.8"}, "127.0.0.8", "127.0.0.8:1"),
                (("--address=0.0.0.0",), {}, "none", "0.0.0.0:8080")):
            said, started = self.run_script(*arguments, **settings)
            self.assertEqual(said, f"Starting on {place} (Ctrl+C ends it)")
            self.assertEqual(started, f"address={address} {' '.join(arguments)}")

    def test_others(self):
        """B§1: where nothing starts run.sh says nothing of a start"""
        self.assertEqual(self.run_script("--help"), ["address=none --help"])
        self.assertEqual(self.run_script("--bogus"), ["address=none --bogus"])
        self.assertEqual(len(self.run_script("user", "list")), 1)


if __name__ == "__main__":
    unittest.main()
