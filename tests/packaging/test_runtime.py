#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The AppImage's runtime before a small image of its own: what it unpacks, mounts and leaves behind."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = "#include <squashfuse/ll.h>\n#include <fuse3/fuse_lowlevel.h>\n#include <lzma.h>\n#include <zstd.h>\n"
# Unpacking it takes a while, in which it can be stopped, and packed it is nothing.
BIG = 64 << 20
LIMIT = 20


def missing():
    """Why the runtime cannot be built here; empty when it can."""
    for tool, package in (("gcc", "gcc"), ("mksquashfs", "squashfs-tools")):
        if not shutil.which(tool):
            return f"{tool} (package {package}) is not here"
    done = subprocess.run(["gcc", "-E", "-DFUSE_USE_VERSION=32", "-D_FILE_OFFSET_BITS=64", "-"], input=HEADERS,
                          capture_output=True, text=True, check=False)
    return "the packages that packaging/appimage/build.sh installs for the runtime are not here" \
        if done.returncode else ""


def wait_until(fact, what):
    end = time.monotonic() + LIMIT
    while not (found := fact()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.005)
    return found


def make_appimage(folder, files):
    """An AppImage of these files; AppRun is a script, text that begins with "->" a link."""
    tree = folder / "tree"
    for name, content in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, int):
            with path.open("wb") as file:
                file.truncate(content)
        elif content.startswith("->"):
            path.symlink_to(content[2:])
        else:
            path.write_text(content, encoding="utf-8")
    (tree / "AppRun").chmod(0o755)
    image = folder / "image"
    subprocess.run(["mksquashfs", tree, image, "-comp", "gzip", "-Xcompression-level", "1", "-all-root", "-quiet",
                    "-no-progress"], check=True, stdout=subprocess.DEVNULL)
    runtime = folder / "runtime"
    subprocess.run([ROOT / "packaging/appimage/runtime.sh", runtime], check=True)
    appimage = folder / "sami.AppImage"
    appimage.write_bytes(runtime.read_bytes() + image.read_bytes())
    appimage.chmod(0o755)
    return appimage


REASON = missing()


@unittest.skipIf(REASON, REASON)
class RuntimeCase(unittest.TestCase):
    SCRIPT = "#!/bin/sh\n[ $# -gt 0 ] || exit 0\necho started\nexec \"$@\"\n"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sami-runtime-")))
        cls.appimage = make_appimage(cls.folder, {"AppRun": cls.SCRIPT, "a": "first\n", "sub/below/file": "deep\n",
                                                  "sub/link": "->below/file", "z": BIG})

    def setUp(self):
        self.here = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="here-", dir=self.folder)))
        self.temporary = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tmp-", dir=self.folder)))

    def options(self):
        return {"cwd": self.here, "env": {**os.environ, "TMPDIR": str(self.temporary)}}

    def run_here(self, *arguments):
        return subprocess.run([self.appimage, *arguments], capture_output=True, text=True, timeout=LIMIT, check=False,
                              **self.options())

    @contextlib.contextmanager
    def started(self, *arguments, **options):
        with subprocess.Popen([self.appimage, *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True,
                              **self.options(), **options) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()

    def processes(self):
        """Those that are this AppImage: its keeper is one when the program has taken the first one's place."""
        found = []
        for exe in pathlib.Path("/proc").glob("[0-9]*/exe"):
            with contextlib.suppress(OSError):
                if os.readlink(exe) == str(self.appimage):
                    found.append(exe.parent)
        return found


class Extraction(RuntimeCase):
    def test_unpacks_what_is_in_it(self):
        done = self.run_here("--appimage-extract")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        root = self.here / "squashfs-root"
        self.assertEqual(root.stat().st_mode & 0o777, 0o755)
        self.assertEqual((root / "AppRun").stat().st_mode & 0o777, 0o755)
        self.assertEqual((root / "sub/below/file").read_text(encoding="utf-8"), "deep\n")
        self.assertEqual(os.readlink(root / "sub/link"), "below/file")
        self.assertEqual((root / "z").stat().st_size, BIG)
        wait_until(lambda: not self.processes(), "the end of all processes")
        self.assertTrue((root / "z").exists())

    def test_is_not_led_elsewhere(self):
        """Somebody else has put a squashfs-root there, or a link in it that leads to a file of this user's."""
        def prepare(what, root, elsewhere, precious):
            if what == "a file":
                root.touch()
            elif what == "a link to a folder":
                root.symlink_to(elsewhere)
            elif what == "a link to nothing":
                root.symlink_to(elsewhere / "nothing")
            else:
                root.mkdir()
                if what == "a link in it":
                    (root / "a").symlink_to(precious)

        for what in ("a folder", "a link in it", "a link to a folder", "a link to nothing", "a file"):
            with self.subTest(what):
                self.setUp()
                root, elsewhere, precious = (self.here / name for name in ("squashfs-root", "elsewhere", "precious"))
                elsewhere.mkdir()
                precious.write_text("precious\n", encoding="utf-8")
                prepare(what, root, elsewhere, precious)
                done = self.run_here("--appimage-extract")
                self.assertEqual(precious.read_text(encoding="utf-8"), "precious\n")
                self.assertEqual(list(elsewhere.iterdir()), [])
                self.assertFalse((root / "AppRun").exists())
                self.assertEqual(done.returncode, 127)
                self.assertIn("squashfs-root", done.stderr)


class Leftovers(RuntimeCase):
    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL)

    def unpacked(self):
        return [path for path in (*self.temporary.iterdir(), self.here / "squashfs-root") if path.exists()]

    def is_in_the_middle(self):
        return any((path / "a").exists() and (not (path / "z").exists() or (path / "z").stat().st_size < BIG)
                   for path in self.unpacked())

    def stop_while_it_unpacks(self, number, *arguments):
        for _ in range(20):
            with self.started(*arguments) as process:
                wait_until(lambda: self.is_in_the_middle() or process.poll() is not None or
                           any((path / "z").exists() for path in self.unpacked()), "the first file")
                process.send_signal(signal.SIGSTOP)
                caught = process.poll() is None and self.is_in_the_middle()
                if caught:
                    # Nobody else's meanwhile.
                    self.assertEqual([path.stat().st_mode & 0o777 for path in self.unpacked()], [0o700])
                process.send_signal(number if caught else signal.SIGKILL)
                process.send_signal(signal.SIGCONT)
                output, _ = process.communicate(timeout=LIMIT)
            if caught:
                self.assertEqual((process.returncode, output), (-number, ""))
                wait_until(lambda: not self.unpacked(), f"the removal after {number.name}")
                return
            # This machine was too slow to catch it.
            for path in self.unpacked():
                shutil.rmtree(path, ignore_errors=True)
        self.fail("it was never caught in the middle")

    def test_a_signal_while_it_unpacks_to_run(self):
        for number in self.SIGNALS:
            with self.subTest(number.name):
                self.stop_while_it_unpacks(number, "--appimage-extract-and-run", "sleep", "60")

    def test_a_signal_while_it_unpacks_to_stay(self):
        for number in self.SIGNALS:
            with self.subTest(number.name):
                self.stop_while_it_unpacks(number, "--appimage-extract")

    def test_a_signal_while_the_program_runs(self):
        for number in self.SIGNALS:
            with self.subTest(number.name), \
                    self.started("--appimage-extract-and-run", "sleep", "60") as process:
                self.assertEqual(process.stdout.readline(), "started\n")
                process.send_signal(number)
                self.assertEqual(process.wait(LIMIT), -number)
                wait_until(lambda: not self.unpacked(), "the removal")

    def test_the_programs_end(self):
        done = self.run_here("--appimage-extract-and-run", "sh", "-c", "exit 7")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (7, "started\n", ""))
        wait_until(lambda: not self.unpacked(), "the removal")

    def test_a_full_disk(self):
        with self.started("--appimage-extract-and-run", stderr=subprocess.PIPE,
                          preexec_fn=self.small_files) as process:
            _, said = process.communicate(timeout=LIMIT)
        self.assertEqual(process.returncode, 127, said)
        self.assertIn("z: ", said)
        wait_until(lambda: not self.unpacked(), "the removal")

    @staticmethod
    def small_files():
        import resource  # pylint: disable=import-outside-toplevel
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


class Keeper(RuntimeCase):
    def check_keeper(self, *arguments):
        """It holds nothing of the caller's: a folder cannot be unmounted otherwise, a pipe has no end."""
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        with self.started(*arguments, "sleep", "60", pass_fds=[write]) as process:
            os.close(write)
            self.assertEqual(process.stdout.readline(), "started\n")
            # The program has the caller's folder and streams.
            self.assertEqual(os.readlink(f"/proc/{process.pid}/cwd"), str(self.here))
            pipe = os.readlink(f"/proc/self/fd/{read}")
            self.assertEqual(os.readlink(f"/proc/{process.pid}/fd/{write}"), pipe)
            [keeper] = [path for path in self.processes() if int(path.name) != process.pid]
            self.assertEqual(os.readlink(keeper / "cwd"), "/")
            targets = {path.name: os.readlink(path) for path in (keeper / "fd").iterdir()}
            self.assertNotIn(pipe, targets.values())
            self.assertFalse([target for target in targets.values() if target.startswith(str(self.here))], targets)
            self.assertEqual({targets[number] for number in "012"}, {"/dev/null"})
            process.terminate()
            self.assertEqual(process.wait(LIMIT), -signal.SIGTERM)
        wait_until(lambda: not self.processes(), "the keeper's end")
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_of_a_mount(self):
        done = self.run_here()
        if "fuse3" in done.stderr:
            self.skipTest("this machine cannot mount by FUSE")
        self.check_keeper()

    def test_of_an_unpacked_image(self):
        self.check_keeper("--appimage-extract-and-run")


if __name__ == "__main__":
    if REASON:
        print(f"skipped: {REASON}", file=sys.stderr)
    unittest.main(verbosity=2)
