# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A state folder on a full disk, and clocks that are or were wrong."""

import os
import shutil
import ssl
import subprocess
import time
import unittest

from helpers_clock import clock_at
from helpers_command import LIMIT, clean_environment
from sami_support import Proxy, row
from sami_support.doorclient import DoorClient, context
from test_identity import IdentityCase, names_of, openssl

DAY = 86400


def why_no_mounts():
    """None, or why no disk can be mounted here."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return "mounting needs root and unshare"
    probe = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
                           capture_output=True, text=True, check=False)
    return f"nothing can be mounted here: {probe.stderr}" if probe.returncode else None


@unittest.skipIf(why_no_mounts(), why_no_mounts())
class DiskTest(IdentityCase):
    def setUp(self):
        super().setUp()
        self.kept = self.folder / "kept"

    def with_identity(self):
        """Makes an identity in the state folder and keeps a copy; returns its pin."""
        pin = self.pin_of_start()
        shutil.copytree(self.state, self.kept)
        return pin

    def full(self):
        """A command prefix: the folder is a full disk with the kept files."""
        self.state.mkdir(mode=0o700, exist_ok=True)
        fill = f"for f in '{self.kept}'/*; do [ ! -e \"$f\" ] || cp -p \"$f\" '{self.state}'; done"
        return self.mounted(f"mount -t tmpfs -o size=12k,mode=700 none '{self.state}' && {fill} && "
                            f"! head -c 99999 /dev/zero >'{self.state}/filler' 2>/dev/null")

    def read_only(self):
        self.state.mkdir(mode=0o700, exist_ok=True)
        return self.mounted(f"mount --bind '{self.state}' '{self.state}' && "
                            f"mount -o remount,bind,ro '{self.state}'")

    @staticmethod
    def mounted(script):
        return ["unshare", "--mount", "sh", "-c", script + ' && exec "$@"', "sh"]

    def ends(self, prefix, *arguments):
        done = subprocess.run([*prefix, os.environ["SAMI_DAEMON"], *arguments], capture_output=True,
                              text=True, check=False, timeout=LIMIT,
                              env=clean_environment(PROXY_STATE_DIR=self.state, PROXY_PORT=0))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        return done.stderr

    def starts(self, prefix, **settings):
        """The pin, the log, and the names that a client sees in the certificate."""
        with Proxy({"PROXY_STATE_DIR": self.state, **settings}, prefix=prefix) as proxy:
            line = self.started(proxy)
            tls = context()
            tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
            with DoorClient(proxy, tls).handshake() as client:
                shown = client.tls.getpeercert(binary_form=True)
            return line["pin"], proxy.log_text(), names_of(ssl.DER_cert_to_PEM_cert(shown))

    @row("B§12: a disk without room ends a start that has to make an identity, and the commands")
    def test_full(self):
        for arguments in ((), ("--pin",), ("--new-identity",)):
            with self.row("B§12: a full disk is named", arguments=arguments):
                said = self.ends(self.full(), *arguments)
                self.assertIn("No space left on device", said)
                self.assertIn(f'PROXY_STATE_DIR: "{self.state}"', said)

    @row("B§12: a read-only disk ends a start that has to make an identity, and the commands")
    def test_read_only(self):
        for arguments in ((), ("--pin",), ("--new-identity",)):
            with self.row("B§12: a read-only disk is named", arguments=arguments):
                said = self.ends(self.read_only(), *arguments)
                self.assertIn("Read-only file system", said)
                self.assertIn(f'PROXY_STATE_DIR: "{self.state}"', said)

    @row("B§12: an identity on a disk that takes nothing more works, renewed in memory alone")
    def test_kept(self):
        pin = self.with_identity()
        for reason, prefix in (("No space left on device", self.full()),
                               ("Read-only file system", self.read_only())):
            with self.row("B§12: the pin stays", reason=reason):
                self.assertEqual(self.starts(prefix)[0], pin)
                shown, log, names = self.starts(prefix, PROXY_TLS_NAMES="new.example")
                self.assertEqual(shown, pin)
                self.assertIn("new.example", names)
                self.assertIn("kept only in memory", log)
                self.assertIn(reason, log)

    @row("B§12: no certificate is exported that no proxy will ever show")
    def test_export(self):
        pin = self.with_identity()
        for folder in (self.state, self.kept):
            (folder / "identity.crt").unlink()
        for reason, prefix in (("No space left on device", self.full()),
                               ("Read-only file system", self.read_only())):
            for command in ("--export-cert", "--export-bundle"):
                with self.row("B§12: the command says why and ends with 2", command=command,
                              reason=reason):
                    said = self.ends(prefix, command)
                    self.assertIn(f'PROXY_STATE_DIR: "{self.state}"', said)
                    self.assertIn("a new one cannot be written", said)
                    self.assertIn(reason, said)
        self.assertEqual(self.command("--pin").strip(), pin)

    @row("B§12: --new-identity on a disk that takes nothing more leaves the old key")
    def test_new_identity(self):
        pin = self.with_identity()
        for prefix in (self.full(), self.read_only()):
            self.ends(prefix, "--new-identity")
        self.assertEqual(self.command("--pin").strip(), pin)


class ClockTest(IdentityCase):
    def dated(self, start, end):
        """Replaces the certificate with one of the identity's own key and these dates."""
        work = self.folder / "authority"
        work.mkdir()
        (work / "index").touch()
        (work / "config").write_text(
            f"[ca]\ndefault_ca = own\n[own]\ndatabase = {work}/index\nnew_certs_dir = {work}\n"
            f"rand_serial = yes\ndefault_md = sha256\npolicy = any\nx509_extensions = leaf\n"
            "[any]\ncommonName = supplied\n[leaf]\nbasicConstraints = critical, CA:FALSE\n"
            "subjectAltName = DNS:localhost, IP:127.0.0.1\n"
            "[req]\ndistinguished_name = name\n[name]\n", encoding="ascii")
        key = self.state / "identity.key"
        request = openssl("req", "-new", "-key", key, "-subj", "/CN=localhost", "-config",
                          work / "config")
        (work / "request").write_bytes(request)
        made = openssl("ca", "-batch", "-selfsign", "-notext", "-config", work / "config", "-keyfile", key,
                       "-in", work / "request", "-startdate", start, "-enddate", end)
        (self.state / "identity.crt").write_bytes(made)
        shutil.rmtree(work)

    def shown(self, proxy):
        """(not before, not after) of the certificate that a client gets. The client trusts the
        exported certificate and accepts it today."""
        tls = context()
        tls.load_verify_locations(cadata=self.command("--export-cert"))
        with DoorClient(proxy, tls).handshake() as client:
            shown = client.tls.getpeercert()
        return tuple(time.mktime(time.strptime(shown[end], "%b %d %H:%M:%S %Y %Z"))
                     for end in ("notBefore", "notAfter"))

    @row("B§12: a certificate that was signed by a wrong clock is signed once more, by the same key")
    def test_signed_by_a_wrong_clock(self):
        pin = self.pin_of_start()
        for start, end in (("20400101000000Z", "20410101000000Z"),
                           ("20100101000000Z", "20110101000000Z")):
            with self.row("B§12: the dates are of today", start=start):
                self.dated(start, end)
                with self.proxy() as proxy:
                    self.assertEqual(self.started(proxy)["pin"], pin)
                    began, ends = self.shown(proxy)
                self.assertLess(began, time.time())
                self.assertGreater(ends, time.time() + 300 * DAY)

    @unittest.skipUnless(clock_at("now"), "faketime is not installed")
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "sanitizers want to be loaded first")
    @row("B§12: a clock of 1970 is not believed: clients take the certificate of such a start")
    def test_clock_of_1970(self):
        with Proxy({"PROXY_STATE_DIR": self.state}, prefix=clock_at("1970-01-02 00:00:00")) as proxy:
            began, ends = self.shown(proxy)
        self.assertGreater(ends - began, 390 * DAY)

    @unittest.skipUnless(clock_at("now"), "faketime is not installed")
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "sanitizers want to be loaded first")
    @row("B§12: a clock that was ahead at one start is made good by the next")
    def test_clock_ahead(self):
        with Proxy({"PROXY_STATE_DIR": self.state}, prefix=clock_at("2041-01-01 00:00:00")) as proxy:
            pin = self.started(proxy)["pin"]
        with self.proxy() as proxy:
            self.assertEqual(self.started(proxy)["pin"], pin)
            self.shown(proxy)


if __name__ == "__main__":
    unittest.main()
