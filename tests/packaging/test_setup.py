#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""ensure_packages_asleep of packaging/setup.sh: no service of an installed program starts, and the machine's
own policy about that comes back whatever happens. apt and dpkg are played by scripts; root is not needed."""
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

setup = pathlib.Path(__file__).resolve().parents[2] / "packaging/setup.sh"

apt = """#!/bin/sh
[ "$1" = install ] || exit 0
"$policy" pretended start; echo "policy $?" >>"$log"
: >"$installed"
ln -s /lib/systemd/system/pretended.service "$boot/multi-user.target.wants/pretended.service"
"""


class SetupTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.policy = self.root / "sbin/policy-rc.d"
        self.log = self.root / "log"
        self.log.touch()
        (self.root / "boot/multi-user.target.wants").mkdir(parents=True)
        (self.root / "boot/multi-user.target.wants/cron.service").symlink_to("/lib/systemd/system/cron.service")
        for folder in ("bin", "sbin"):
            (self.root / folder).mkdir()
        self.program("id", "#!/bin/sh\necho 0\n")
        self.program("dpkg-query", '#!/bin/sh\n[ -e "$installed" ] && echo "install ok installed"\n')
        self.program("apt-get", apt)
        for name in ("systemctl", "update-rc.d"):
            self.program(name, f'#!/bin/sh\necho "{name} $*" >>"$log"\n')

    def program(self, name, text):
        path = self.root / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def install(self, prefix=""):
        script = (f". {setup}; service_policy=$policy boot_links=$boot\n{prefix}ensure_packages_asleep pretended\n")
        env = {"PATH": f"{self.root}/bin:/usr/bin:/bin", "policy": str(self.policy), "log": str(self.log),
               "boot": f"{self.root}/boot", "installed": f"{self.root}/installed"}
        return subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=env, capture_output=True, text=True,
                              timeout=30)

    def seen(self):
        return self.log.read_text().splitlines()

    def left(self):
        return sorted(path.name for path in self.policy.parent.iterdir())

    def test_no_service_starts_now_or_at_the_next_boot(self):
        done = self.install()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.seen(), ["policy 101", "systemctl --quiet disable pretended.service"])
        self.assertEqual(self.left(), [])
        self.assertIn("pretended.service does not start at boot", done.stdout)

    def test_the_machines_own_policy_comes_back(self):
        self.policy.write_text("#!/bin/sh\nexit 0\n")
        self.policy.chmod(0o711)
        self.assertEqual(self.install().returncode, 0)
        self.assertEqual(self.seen()[0], "policy 101")
        self.assertEqual(self.policy.read_text(), "#!/bin/sh\nexit 0\n")
        self.assertEqual(self.policy.stat().st_mode & 0o777, 0o711)
        self.assertEqual(self.left(), ["policy-rc.d"])

    def test_a_policy_that_is_a_link_stays_one(self):
        self.policy.symlink_to("/nowhere/policy")
        self.assertEqual(self.install().returncode, 0)
        self.assertEqual(os.readlink(self.policy), "/nowhere/policy")

    def test_the_policy_comes_back_when_apt_fails(self):
        self.policy.write_text("own")
        self.program("apt-get", "#!/bin/sh\nexit 100\n")
        self.assertEqual(self.install().returncode, 100)
        self.assertEqual((self.left(), self.policy.read_text()), (["policy-rc.d"], "own"))

    def test_apt_that_fails_is_seen_by_a_caller_that_asks(self):
        self.program("apt-get", "#!/bin/sh\nexit 100\n")
        self.assertEqual(self.install("! ").returncode, 0)
        self.assertEqual(self.left(), [])

    def test_the_policy_comes_back_after_a_signal(self):
        self.policy.write_text("own")
        self.program("apt-get", f"#!/bin/sh\nkill -{signal.SIGTERM.value} $PPID\n")
        self.assertEqual(self.install().returncode, 143)
        self.assertEqual((self.left(), self.policy.read_text()), (["policy-rc.d"], "own"))

    def test_the_policy_comes_back_after_a_run_that_was_killed(self):
        self.policy.write_text("own")
        self.program("apt-get", f"#!/bin/sh\nkill -{signal.SIGKILL.value} $PPID\n")
        self.assertEqual(self.install().returncode, 137)
        self.assertEqual(self.left(), ["policy-rc.d", "policy-rc.d.before-sami"])
        (self.root / "installed").touch()
        self.assertEqual(self.install().returncode, 0)
        self.assertEqual((self.left(), self.policy.read_text()), (["policy-rc.d"], "own"))

    def test_nothing_is_touched_where_nothing_is_missing(self):
        (self.root / "installed").touch()
        self.policy.write_text("own")
        self.assertEqual(self.install().returncode, 0)
        self.assertEqual((self.seen(), self.policy.read_text()), ([], "own"))

    def test_without_root_the_packages_are_named(self):
        self.program("id", "#!/bin/sh\necho 1000\n")
        done = self.install()
        self.assertEqual(done.returncode, 1)
        self.assertIn("sudo apt-get install pretended", done.stderr)
        self.assertEqual(self.seen(), [])


if __name__ == "__main__":
    unittest.main()
