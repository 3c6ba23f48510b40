# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The server's state folder, identity and certificate files, and the commands for them."""

import os
import pathlib
import re
import shutil
import signal
import ssl
import stat
import subprocess
import tempfile
import unittest

from helpers_command import run_daemon
from sami_support import Proxy, RowCase, TestCa, row, wait_until

PIN = r"sha256//[A-Za-z0-9+/]{43}="


class IdentityCase(RowCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enter(tempfile.TemporaryDirectory()))
        self.state = self.folder / "state"

    def proxy(self, **settings):
        return Proxy({"PROXY_STATE_DIR": self.state, **settings})

    @staticmethod
    def started(proxy, message="started"):
        return proxy.wait_for_log(lambda line: line.get("message") == message)

    def pin_of_start(self, **settings):
        with self.proxy(**settings) as proxy:
            return self.started(proxy)["pin"]

    def command(self, *arguments, code=0, **settings):
        done = run_daemon(*arguments, **{"PROXY_STATE_DIR": self.state, **settings})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def refused(self, **settings):
        """A real start, which must exit before it opens anything."""
        return self.command("--port=0", code=2, **settings)

    def install(self, names="localhost"):
        """A key pair as an operator's files."""
        certificate, key = TestCa.shared().certificate(names)
        for source, target in ((certificate, "cert.pem"), (key, "key.pem")):
            (self.folder / target).write_bytes(pathlib.Path(source).read_bytes())
            (self.folder / target).chmod(0o600)
        return {"PROXY_TLS_CERT_FILE": self.folder / "cert.pem",
                "PROXY_TLS_KEY_FILE": self.folder / "key.pem"}


def openssl(*arguments, data=None):
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def names_of(certificate):
    text = openssl("x509", "-noout", "-ext", "subjectAltName", data=certificate.encode()).decode()
    return set(re.findall(r"(?:DNS|IP Address):([^,\s]+)", text))


def shake_hands(server, authorities, name):
    """A handshake without a network: an error if the client does not trust the server."""
    client = ssl.create_default_context(cadata=authorities)
    ends = []
    for context, options in ((client, {"server_hostname": name}), (server, {"server_side": True})):
        reads, writes = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends.append((context.wrap_bio(reads, writes, **options), reads, writes))
    for _ in range(6):
        for (stream, _, writes), (_, other_reads, _) in (ends, ends[::-1]):
            try:
                stream.do_handshake()
            except ssl.SSLWantReadError:
                pass
            other_reads.write(writes.read())


class StateFolderTest(IdentityCase):
    @row("B§12: the folder and the identity are made once, for this user alone")
    def test_made(self):
        pin = self.pin_of_start()
        self.assertRegex(pin, f"^{PIN}$")
        self.assertEqual(stat.S_IMODE(self.state.stat().st_mode), 0o700)
        self.assertEqual({path.name: stat.S_IMODE(path.stat().st_mode)
                          for path in self.state.iterdir()},
                         {"identity.key": 0o600, "identity.crt": 0o600})

    @row("B§12: without the settings nothing is kept and nothing is shown")
    def test_nothing(self):
        with Proxy({}) as proxy:
            self.assertNotIn("pin", self.started(proxy))

    @row("B§12: a restart keeps pin and certificate")
    def test_restart(self):
        first = self.pin_of_start()
        certificate = (self.state / "identity.crt").read_bytes()
        self.assertEqual(self.pin_of_start(), first)
        self.assertEqual((self.state / "identity.crt").read_bytes(), certificate)

    @row("B§12: another name is signed by the same key")
    def test_names(self):
        pin = self.pin_of_start()
        self.assertNotIn("proxy.example.com", names_of(self.command("--export-cert")))
        self.assertEqual(self.pin_of_start(PROXY_TLS_NAMES="proxy.example.com,192.0.2.77"), pin)
        names = names_of(self.command("--export-cert"))
        self.assertLessEqual({"proxy.example.com", "192.0.2.77", "localhost", "127.0.0.1"}, names)

    @row("B§12: what is no state folder of this user ends with 2 and the reason")
    def test_refused(self):
        def link():
            (self.folder / "real").mkdir(mode=0o700)
            self.state.symlink_to(self.folder / "real")

        def opened():
            self.state.mkdir()
            self.state.chmod(0o755)

        for reason, make in (("is a symbolic link", link), ("is open to others (mode 755)", opened),
                             ("is not a folder", self.state.touch)):
            with self.row(f"B§12: refused: {reason}"):
                make()
                self.assertIn(reason, self.refused())
                self.assertIn(f'PROXY_STATE_DIR: "{self.state}"', self.refused())
                self.assertIn(reason, self.command("--check-config", code=2))
                if self.state.is_dir() and not self.state.is_symlink():
                    self.state.rmdir()
                else:
                    self.state.unlink()
        nowhere = {"PROXY_STATE_DIR": self.folder / "a" / "b"}
        self.assertIn("neither is the folder", self.refused(**nowhere))
        self.assertIn("neither is the folder", self.command("--check-config", code=2, **nowhere))
        self.command("--check-config", PROXY_STATE_DIR=self.folder / "a")
        self.assertFalse((self.folder / "a").exists())

    @row("B§12: for a folder that others use too another one is advised, never other rights")
    def test_shared(self):
        full, sticky = self.folder / "full", self.folder / "sticky"
        for folder, mode in ((full, 0o755), (sticky, 0o1777)):
            folder.mkdir()
            folder.chmod(mode)
        (full / "letters").mkdir()
        for folder in (full, sticky, "/", "/tmp"):
            problem = self.refused(PROXY_STATE_DIR=folder)
            self.assertIn("such as /var/lib/sami-llm-proxy", problem)
            self.assertNotIn("chmod", problem)
        (full / "identity.key").touch()
        self.assertIn("chmod 700", self.refused(PROXY_STATE_DIR=full))

    @row("B§12: another user's folder is refused, and a reload leaves the old identity in force")
    def test_foreign(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give a folder away")
        with self.proxy() as proxy:
            pin = self.started(proxy)["pin"]
            os.chown(self.state, 65534, 65534)
            self.assertIn("belongs to user 65534", self.refused())
            proxy.signal(signal.SIGHUP)
            self.assertEqual(self.started(proxy, "reloaded")["pin"], pin)
            self.assertIn("the old one stays", proxy.log_text())

    @row("B§12: a file in the key's place that is no key of ours is left as it is")
    def test_keys(self):
        self.state.mkdir(mode=0o700)
        rsa = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
        for reason, content in (("is empty", b""), ("has no private key", b"\xff" * 99),
                                ("is not a key on the curve P-256", rsa)):
            with self.row(f"B§12: refused: {reason}"):
                (self.state / "identity.key").write_bytes(content)
                self.assertIn(reason, self.refused())
                self.assertEqual((self.state / "identity.key").read_bytes(), content)

    @row("B§12: two that start at once have one identity")
    def test_race(self):
        with self.proxy() as first, self.proxy() as second:
            self.assertEqual(self.started(first)["pin"], self.started(second)["pin"])

    @row("B§12: from the moment that there is a key nobody gets the process's memory")
    def test_dumps(self):
        def is_closed(proxy):
            # A process that may not be dumped has /proc files owned by root; so does every process
            # in a test run by root.
            limits = pathlib.Path(f"/proc/{proxy.pid}/coredump_filter")
            return limits.stat().st_uid == 0
        if os.geteuid() == 0:
            user = 65534
            os.chmod(self.folder, 0o777)
            prefix = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        else:
            prefix = []
        for state, closed in ((self.state, True), (None, False)):
            with Proxy({"PROXY_STATE_DIR": state}, prefix=prefix) as proxy:
                self.started(proxy)
                self.assertEqual(is_closed(proxy), closed)


class FilesTest(IdentityCase):
    @row("B§12: certificate files are shown in place of the own identity")
    def test_shown(self):
        files = self.install()
        with self.proxy(**files) as proxy:
            pin = self.started(proxy)["pin"]
        self.assertEqual(self.command("--pin", **files), f"{pin}\n")
        self.assertFalse(self.state.exists())
        self.assertNotEqual(self.pin_of_start(), pin)

    @row("B§12: a bad pair at the start ends with 2 and the reason")
    def test_refused(self):
        files = self.install()
        other = TestCa.shared().certificate("other.example")[1]
        (self.folder / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nMII", encoding="ascii")
        for reason, change in (
                ("does not belong to the certificate", {"PROXY_TLS_KEY_FILE": other}),
                ("has no private key", {"PROXY_TLS_KEY_FILE": self.folder / "cert.pem"}),
                ("cannot be read: No such file", {"PROXY_TLS_KEY_FILE": self.folder / "none.pem"}),
                ("is cut or damaged", {"PROXY_TLS_CERT_FILE": self.folder / "broken.pem"}),
                ("a certificate without its key", {"PROXY_TLS_KEY_FILE": ""})):
            with self.row(f"B§12: refused: {reason}"):
                self.assertIn(reason, self.refused(**{**files, **change}))
                self.assertIn(reason, self.command("--check-config", code=2, **{**files, **change}))

    @row("B§12: SIGHUP shows a renewed pair, and keeps the old one where the new one is bad")
    def test_renewed(self):
        files = self.install()
        with self.proxy(**files) as proxy:
            first = self.started(proxy)["pin"]
            self.install("renewed.example")
            proxy.signal(signal.SIGHUP)
            second = self.started(proxy, "reloaded")["pin"]
            self.assertNotEqual(second, first)
            (self.folder / "key.pem").write_text("half a ke", encoding="ascii")
            proxy.signal(signal.SIGHUP)
            lines = lambda: [line for line in proxy.log_lines()  # noqa: E731
                             if line.get("message") == "reloaded"]
            wait_until(lambda: len(lines()) == 2, what="the second reload")
            self.assertEqual(lines()[1]["pin"], second)
            self.assertIn("the old one stays", proxy.log_text())

    @row("B§12: an expired certificate is shown, with a hint")
    def test_expired(self):
        certificate, key = TestCa.shared().certificate("localhost", expired=True)
        with Proxy({"PROXY_TLS_CERT_FILE": certificate, "PROXY_TLS_KEY_FILE": key}) as proxy:
            self.assertIn("pin", self.started(proxy))
            self.assertIn("the certificate has expired on", proxy.log_text())

    @row("B§12: no key is in the log, in errors or in --check-config")
    def test_secret(self):
        files = self.install()
        secret = (self.folder / "key.pem").read_text(encoding="ascii").splitlines()[1]
        (self.folder / "cert.pem").write_text("nonsense", encoding="ascii")
        self.assertNotIn(secret, self.refused(**files))
        self.assertNotIn(secret, self.command("--check-config", code=2, **files))


class CommandsTest(IdentityCase):
    @row("B§12: --pin prints what a start shows, and makes the identity in a folder that is there")
    def test_pin(self):
        self.assertIn("is not there yet", self.command("--pin", code=2))
        self.state.mkdir(mode=0o700)
        pin = self.command("--pin")
        self.assertRegex(pin, f"^{PIN}\n$")
        self.assertEqual(self.pin_of_start(), pin.strip())
        public = openssl("x509", "-noout", "-pubkey", data=self.command("--export-cert").encode())
        der = openssl("pkey", "-pubin", "-outform", "DER", data=public)
        digest = openssl("base64", "-A", data=openssl("dgst", "-sha256", "-binary", data=der))
        self.assertEqual(pin.strip(), "sha256//" + digest.decode())

    @row("B§12: a key that is gone while its certificate is there is named, and not replaced")
    def test_lost_key(self):
        self.pin_of_start()
        (self.state / "identity.key").unlink()
        for command in (["--pin"], ["--export-cert"], ["--export-bundle"],
                        ["link", "--host", "proxy.example"]):
            with self.subTest(command):
                self.assertIn("identity.key in it is gone", self.command(*command, code=2))
                self.assertFalse((self.state / "identity.key").exists())
        told = self.command("--new-identity")
        self.assertEqual(self.command("--pin"), re.search(rf"new pin: ({PIN}\n)", told)[1])

    @row("B§12: clients that trust the exported certificate alone trust the server, by each name")
    def test_export(self):
        self.pin_of_start(PROXY_TLS_NAMES="proxy.example.com")
        exported = self.command("--export-cert")
        bundle = self.command("--export-bundle")
        self.assertTrue(bundle.endswith(exported))
        self.assertGreater(bundle.count("BEGIN CERTIFICATE"), 10)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(self.state / "identity.crt", self.state / "identity.key")
        for name in ("proxy.example.com", "localhost", "127.0.0.1"):
            for authorities in (exported, bundle):
                shake_hands(server, authorities, name)
        with self.assertRaises(ssl.SSLCertVerificationError):
            shake_hands(server, exported, "other.example.com")
        with self.assertRaises(ssl.SSLCertVerificationError):
            shake_hands(server, bundle.removesuffix(exported), "localhost")

    @row("B§12: --new-identity tells both pins, and a running proxy takes the new one at SIGHUP")
    def test_new_identity(self):
        with self.proxy() as proxy:
            old = self.started(proxy)["pin"]
            told = self.command("--new-identity")
            self.assertIn(f"old pin: {old}\n", told)
            new = re.search(rf"new pin: ({PIN})\n", told)[1]
            self.assertNotEqual(new, old)
            self.assertEqual(self.command("--pin"), f"{new}\n")
            proxy.signal(signal.SIGHUP)
            self.assertEqual(self.started(proxy, "reloaded")["pin"], new)

    @row("B§12: --new-identity says when the new certificate could not be written")
    def test_new_identity_unwritten(self):
        self.state.mkdir(mode=0o700)
        (self.state / "identity.crt").mkdir()
        told = self.command("--new-identity")
        self.assertRegex(told, rf"new pin: {PIN}\n")
        self.assertIn("identity.crt in it cannot be written", told)
        (self.state / "identity.crt").rmdir()
        self.assertNotIn("cannot be written", self.command("--new-identity"))

    @row("B§12: a folder or a key that goes leaves the pin, with one error line, until --new-identity")
    def test_gone(self):
        def reloads():
            return [line for line in proxy.log_lines() if line.get("message") == "reloaded"]

        def errors():
            return [line["reason"] for line in proxy.log_lines() if line.get("level") == "error"]

        with self.proxy() as proxy:
            old = self.started(proxy)["pin"]
            for count, (reason, lose) in enumerate((
                    ("identity.key in it is gone", (self.state / "identity.key").unlink),
                    ("is gone; put it back", lambda: shutil.rmtree(self.state)),
                    ("identity.key in it is gone", lambda: self.state.mkdir(mode=0o700))), 1):
                with self.row(f"B§12: {reason}"):
                    lose()
                    proxy.signal(signal.SIGHUP)
                    wait_until(lambda c=count: len(reloads()) == c, what="the reload")
                    self.assertEqual(reloads()[-1]["pin"], old)
                    self.assertEqual(len(errors()), count)
                    self.assertIn(reason, errors()[-1])
            self.assertEqual(list(self.state.iterdir()), [])
            new = re.search(rf"new pin: ({PIN})\n", self.command("--new-identity"))[1]
            proxy.signal(signal.SIGHUP)
            wait_until(lambda: len(reloads()) == 4, what="the reload")
            self.assertEqual(reloads()[-1]["pin"], new)

    @row("B§12: --new-identity mends a damaged key, and leaves certificate files alone")
    def test_mend(self):
        self.state.mkdir(mode=0o700)
        (self.state / "identity.key").write_bytes(b"")
        self.assertIn("--new-identity", self.refused())
        self.assertNotIn("old pin", self.command("--new-identity"))
        self.pin_of_start()
        files = self.install()
        self.assertIn("PROXY_TLS_CERT_FILE", self.command("--new-identity", code=2, **files))

    @row("B§12: commands read the settings file, as the proxy does")
    def test_settings_file(self):
        settings = self.folder / "proxy.ini"
        settings.write_text(f"state_dir = {self.state}\n", encoding="utf-8")
        self.state.mkdir(mode=0o700)
        done = run_daemon("--pin", "--config", str(settings))
        self.assertEqual((done.returncode, done.stdout), (0, self.command("--pin")))

    @row("B§12: without an identity the commands say what to set")
    def test_without(self):
        for command in ("--pin", "--export-cert", "--export-bundle", "--new-identity"):
            done = run_daemon(command)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("PROXY_STATE_DIR: is not set", done.stderr)

    @row("B§12: what root types leaves files of the folder's owner, and the folder its owner's")
    def test_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root works in folders of others")
        self.state.mkdir(mode=0o700)
        os.chown(self.state, 65534, 65534)
        self.command("--pin")
        self.command("--new-identity")
        self.assertEqual({(path.stat().st_uid, path.stat().st_gid)
                          for path in [self.state, *self.state.iterdir()]}, {(65534, 65534)})


if __name__ == "__main__":
    unittest.main()
