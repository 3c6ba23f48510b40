#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""`./test.sh --retry`: a drill that failed runs once more, anything else that failed has failed. CMake, CTest and dpkg
are played by scripts."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

root = pathlib.Path(__file__).resolve().parents[2]

ctest = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
*" -N "*) printf 'Test project /x\\n  Test #3: hardening_origin\\n  Test #40: clients_curl\\n\\nTotal Tests: 2\\n'; exit 0 ;;
*--rerun-failed*) exit "$SECOND" ;;
esac
[ -z "$FAILED" ] && exit 0
mkdir -p build/dev/Testing/Temporary
printf "$FAILED" >build/dev/Testing/Temporary/LastTestsFailed.log
exit 8
"""


class RetryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        for path in ("test.sh", "packaging/setup.sh", "packaging/shell.sh", "tests/clients/packages.txt"):
            (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / path, self.tree / path)
        (self.tree / "bin").mkdir()
        for name, text in (("ctest", ctest), ("cmake", "#!/bin/sh\n"),
                           ("dpkg-query", "#!/bin/sh\necho install ok installed\n")):
            (self.tree / "bin" / name).write_text(text)
            (self.tree / "bin" / name).chmod(0o755)

    def run_tests(self, *arguments, failed="", second=0):
        """The exit code, and whether anything ran again."""
        calls = self.tree / "calls"
        calls.unlink(missing_ok=True)
        env = {"PATH": f"{self.tree}/bin:/usr/bin:/bin", "CALLS": str(calls), "FAILED": failed,
               "SECOND": str(second)}
        done = subprocess.run([self.tree / "test.sh", *arguments], env=env, capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, "--rerun-failed" in calls.read_text()

    def test_what_passes_is_not_repeated(self):
        self.assertEqual(self.run_tests("--retry"), (0, False))

    def test_a_drill_runs_once_more(self):
        self.assertEqual(self.run_tests("--retry", failed=r"3:hardening_origin\n"), (0, True))

    def test_a_drill_that_fails_twice_has_failed(self):
        self.assertEqual(self.run_tests("--retry", failed=r"40:clients_curl\n", second=8), (8, True))

    def test_a_unit_that_failed_has_failed(self):
        self.assertEqual(self.run_tests("--retry", failed=r"7:tst_cidr\n"), (8, False))

    def test_a_unit_beside_a_drill_has_failed(self):
        self.assertEqual(self.run_tests("--retry", failed=r"3:hardening_origin\n7:tst_cidr\n"), (8, False))

    def test_nothing_runs_again_unless_asked(self):
        self.assertEqual(self.run_tests(failed=r"3:hardening_origin\n"), (8, False))

    def test_an_older_runs_failures_do_not_count(self):
        old = self.tree / "build/dev/Testing/Temporary/LastTestsFailed.log"
        old.parent.mkdir(parents=True)
        old.write_text("7:tst_cidr\n")
        self.assertEqual(self.run_tests("--retry", failed=r"3:hardening_origin\n"), (0, True))


if __name__ == "__main__":
    unittest.main()
