# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The link that `link` prints, and the list of parents in the settings."""

import base64
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest
import urllib.parse
import zlib

from helpers_command import check_config, run_daemon
from sami_support import Proxy, RowCase, TestCa, row

HOST = ("link", "--host", "proxy.example.com")


def taken_apart(link):
    """A link as another program parses it: (user, password, host, port, query)."""
    url = urllib.parse.urlsplit(link.strip())
    assert url.scheme == "sami-proxy", link
    query = urllib.parse.parse_qs(url.query, strict_parsing=bool(url.query))
    user = urllib.parse.unquote(url.username) if url.username is not None else None
    password = urllib.parse.unquote(url.password) if url.password is not None else None
    return user, password, url.hostname, url.port, query


def picture(text):
    """The picture in the terminal as a PNG, four dots a module."""
    rows = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines():
        rows.append([c in "█▀" for c in line])
        rows.append([c in "█▄" for c in line])
    data = b""
    for modules in rows:
        data += 4 * (b"\0" + b"".join((b"\0" if dark else b"\xff") * 4 for dark in modules))

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))
    head = struct.pack(">IIBBBBB", 4 * len(rows[0]), 4 * len(rows), 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data))
            + chunk(b"IEND", b""))


class LinkCase(RowCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enter(tempfile.TemporaryDirectory()))

    def state(self):
        folder = self.folder / "state"
        folder.mkdir(mode=0o700)
        return {"PROXY_STATE_DIR": folder}

    def state_once(self):
        return {"PROXY_STATE_DIR": self.folder / "state"}

    def command(self, *arguments, code=0, **settings):
        done = run_daemon(*arguments, **settings)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def secret(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path


class Links(LinkCase):
    @row("B§15: the link carries the pin that --pin prints")
    def test_pin(self):
        state = self.state()
        done = self.command(*HOST, **state)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.count("\n"), 1)
        _, _, host, port, query = taken_apart(done.stdout)
        self.assertEqual((host, port, set(query)), ("proxy.example.com", 8080, {"pin"}))
        pin = base64.b64encode(base64.urlsafe_b64decode(query["pin"][0] + "=")).decode()
        self.assertEqual(self.command("--pin", **state).stdout, f"sha256//{pin}\n")

    @row("B§15: every octet of a password survives")
    def test_password(self):
        password = "".join(map(chr, range(0x20, 0x7f))) + "äß€😀 "
        settings = {"PROXY_AUTH_USERNAME": "ü ser", "PROXY_AUTH_PASSWORD": password, **self.state()}
        user, found, *_ = taken_apart(self.command(*HOST, **settings).stdout)
        self.assertEqual((user, found), ("ü ser", password))
        secret = self.secret("secret", password + "\n")
        settings = {**settings, "PROXY_AUTH_PASSWORD": "", "PROXY_AUTH_PASSWORD_FILE": secret}
        self.assertEqual(taken_apart(self.command(*HOST, **settings).stdout)[1], password)

    @row("B§15: without credentials there is no user information")
    def test_open(self):
        link = self.command(*HOST, **self.state()).stdout
        self.assertEqual(taken_apart(link)[:2], (None, None))

    @row("B§15: where the door shows no certificate the link is for clear text, and says so")
    def test_clear(self):
        for settings in ({}, {"PROXY_TLS": "off", **self.state()}):
            done = self.command(*HOST, **settings)
            self.assertEqual(done.stdout, "sami-proxy://proxy.example.com:8080?tls=0\n")
            self.assertIn("for clear text", done.stderr)
            self.assertNotIn("password", done.stderr)
        done = self.command(*HOST, PROXY_AUTH_USERNAME="u", PROXY_AUTH_PASSWORD="hunter2-hunter2")
        self.assertIn("read its password", done.stderr)

    @row("B§15: who listens on loopback alone is told that others do not reach the proxy")
    def test_loopback(self):
        state = self.state()
        here = {"PROXY_ADDRESS": "127.0.0.1", **state}
        self.assertIn("the proxy listens on 127.0.0.1 alone", self.command(*HOST, **here).stderr)
        self.assertEqual(self.command("link", "--host", "localhost", **here).stderr, "")
        self.assertNotIn("alone", self.command("link", "--host", "127.0.0.1", **here).stderr)

    @row("B§15: a URL in the host's place is answered with what may stand there")
    def test_url(self):
        for host in ("https://h.example:8080/", "https://h.example", "h.example:8080/"):
            problem = self.command("link", "--host", host, code=2, **self.state_once()).stderr
            self.assertIn("a host and a port, without https://", problem)

    @row("B§15: an authority's certificate needs no pin, one that signs itself does")
    def test_files(self):
        certificate, key = TestCa.shared().certificate("proxy.example.com")
        files = {"PROXY_TLS_CERT_FILE": certificate, "PROXY_TLS_KEY_FILE": key}
        self.assertEqual(self.command(*HOST, **files).stdout,
                         "sami-proxy://proxy.example.com:8080\n")
        own = {"PROXY_TLS_CERT_FILE": self.folder / "own.pem",
               "PROXY_TLS_KEY_FILE": self.folder / "own.key"}
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-subj", "/CN=proxy", "-keyout", own["PROXY_TLS_KEY_FILE"],
             "-out", own["PROXY_TLS_CERT_FILE"]], capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("?pin=", self.command(*HOST, **own).stdout)

    @row("B§15: the place is --host, its port, a name of the certificate; else it is asked for")
    def test_place(self):
        state = self.state()
        for arguments, settings, place in (
                (("--host", "proxy.example.com:443"), {}, ("proxy.example.com", 443)),
                (("--host=[2001:db8::7]:443",), {}, ("2001:db8::7", 443)),
                (("--host", "2001:db8::7"), {"PROXY_PORT": 3128}, ("2001:db8::7", 3128)),
                ((), {"PROXY_TLS_NAMES": "a.example,b.example"}, ("a.example", 8080))):
            link = self.command("link", *arguments, **state, **settings).stdout
            self.assertEqual(taken_apart(link)[2:4], place)
        here = {"PROXY_ADDRESS": "127.0.0.1", **state}
        self.assertIn("--host: must give", self.command("link", code=2, **here).stderr)

    @row("B§15: the host joins the names of the certificate, and the running proxy shows it")
    def test_name(self):
        state = self.state()
        with Proxy(state) as proxy:
            proxy.wait_for_log(lambda line: line.get("message") == "started")
            pin = self.command("--pin", **state).stdout
            self.assertEqual(self.command(*HOST, **state).stderr, "")
            proxy.signal(signal.SIGHUP)
            proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
            exported = self.command("--export-cert", **state).stdout
        text = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], text=True,
                              input=exported, capture_output=True, check=True).stdout
        self.assertIn("DNS:proxy.example.com", text)
        self.assertEqual(self.command("--pin", **state).stdout, pin)

    @row("B§15: a link that a proxy prints is one that a proxy takes")
    def test_taken(self):
        settings = {"PROXY_AUTH_USERNAME": "anna", "PROXY_AUTH_PASSWORD": "p@ss,w:rd/ 1234", **self.state()}
        link = self.command(*HOST, "--name", "Büro Nord", **settings).stdout.strip()
        self.assertEqual(taken_apart(link)[4]["name"], ["Büro Nord"])
        rows = check_config(PROXY_PARENTS=link)
        shown = rows["PROXY_PARENTS"][0]
        self.assertTrue(shown.startswith("sami-proxy://***@proxy.example.com:8080?pin="), shown)
        self.assertNotIn("p%40ss", shown)

    @row("B§15: what is wrong is said by name, and no password is in it")
    def test_refused(self):
        settings = {"PROXY_AUTH_USERNAME": "anna", "PROXY_AUTH_PASSWORD": "hunter2" * 200, **self.state()}
        for arguments, problem in ((HOST, "PROXY_AUTH_PASSWORD"), (("link", "--host=a b"), "--host"),
                                   ((*HOST, "--name", "direct"), "--name"),
                                   (("link", "--host"), "--host: needs a value"),
                                   ((*HOST, "--qr=1"), "--qr: takes no value")):
            done = self.command(*arguments, code=2, **settings)
            self.assertIn(problem, done.stderr)
            self.assertNotIn("hunter2", done.stdout + done.stderr)


class QrCodes(LinkCase):
    @row("B§15: a camera reads the link from the terminal")
    def test_read(self):
        settings = {"PROXY_AUTH_USERNAME": "anna", "PROXY_AUTH_PASSWORD": "p@ss,w:rd/ 1234", **self.state()}
        done = run_daemon(*HOST, "--qr", **settings)
        if "without libqrencode" in done.stderr:
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.skipTest("this build has no libqrencode")
        self.assertEqual(done.returncode, 0, done.stderr)
        *code, link = done.stdout.splitlines()
        self.assertEqual(link + "\n", self.command(*HOST, **settings).stdout)
        plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in code]
        self.assertEqual({len(line) for line in plain}, {len(plain[0])})
        for line in plain[:2]:
            self.assertEqual(line.strip(), "", "the quiet zone is there")
        if not shutil.which("zbarimg"):
            self.skipTest("zbarimg is not installed")
        path = self.folder / "code.png"
        path.write_bytes(picture("\n".join(code)))
        read = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path],
                              capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(read.stdout.strip(), link, read.stderr)


class Parents(LinkCase):
    SECRET = "hunter2"

    def shown(self, **settings):
        return check_config(**settings)["PROXY_PARENTS"][0]

    @row("B§15: a list is shown without its user information, a file by its name")
    def test_shown(self):
        listed = f"https://anna:{self.SECRET}@a.example:8443,direct"
        self.assertEqual(self.shown(PROXY_PARENTS=listed), "https://***@a.example:8443,direct")
        path = self.secret("parents", f"# home\n{listed.replace(',', chr(10))}\n")
        self.assertEqual(self.shown(PROXY_PARENTS=f"@{path}"), f"@{path}")

    @row("B§15: passwords come from a file of their own")
    def test_passwords(self):
        passwords = self.secret("passwords", f"a.example:8443 {self.SECRET}\n")
        listed = {"PROXY_PARENTS": "https://anna@a.example:8443"}
        check_config(**listed, PROXY_PARENTS_PASSWORD_FILE=passwords)
        done = self.command("--check-config", code=2, **listed)
        self.assertIn("PROXY_PARENTS_PASSWORD_FILE", done.stderr)

    @row("B§15: the file is read again at SIGHUP, and a bad one leaves the old list in force")
    def test_reload(self):
        path = self.secret("parents", f"http://anna:{self.SECRET}@a.example:1\n")
        with Proxy({"PROXY_PARENTS": f"@{path}"}) as proxy:
            proxy.wait_for_log(lambda line: line.get("message") == "started")
            self.secret("parents", f"direct\nhttp://anna:{self.SECRET}@a.example:1\n")
            proxy.signal(signal.SIGHUP)
            line = proxy.wait_for_log(lambda line: "not reloaded" in line.get("message", ""))
            self.assertIn("line 2: direct comes before it", line["message"])
            self.secret("parents", "http://b.example:1\n")
            proxy.signal(signal.SIGHUP)
            proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
            self.assertNotIn(self.SECRET, proxy.log_text())

    @row("B§15: every bad entry ends the start with 2, all at once, and nothing secret is said")
    def test_refused(self):
        for listed, problems in (
                (f"https://u:{self.SECRET}@a.example,http://v:{self.SECRET}@b.example:0",
                 ("https://***", "http://***")),
                (f"direct,https://u:{self.SECRET}@a.example:1", ("put direct last",)),
                (f"http://u:{self.SECRET}@a.example:1?pin={'A' * 43}", ("a pin is for",)),
                (f"http://u:{self.SECRET}@127.0.0.1:8080", ("leads to this proxy itself",)),
                ("@/no/such/file", ("cannot be read",)),
                (f"@{self.secret('open', 'direct', 0o644)}", ("is open to others; chmod 600",))):
            done = self.command(code=2, PROXY_PARENTS=listed)
            self.assertEqual(done.stdout, "")
            for problem in problems:
                self.assertIn(problem, done.stderr)
            self.assertNotIn(self.SECRET, done.stderr)

    @row("B§15: a link over two lines, or in quotes, is one error that says so")
    def test_mangled(self):
        link = f"sami-proxy://u:{self.SECRET}@a.example:8443?pin={'A' * 43}"
        for name, text in (("password", link[:25]), ("pin", link[:-20]), ("name", link[:-48])):
            broken = self.secret("broken", f"{text}\n{link[len(text):]}\ndirect\n")
            done = self.command(code=2, PROXY_PARENTS=f"@{broken}")
            self.assertEqual(done.stderr.count("\n"), 1, (name, done.stderr))
            self.assertIn("line 1: goes on in the next line; write it in one", done.stderr)
            done = self.command(code=2, PROXY_PARENTS=f"{text}\n{link[len(text):]}")
            self.assertIn("is broken over two lines", done.stderr)
        for quote in "\"'":
            quoted = self.secret("quoted", f"{quote}{link}{quote}\n")
            done = self.command(code=2, PROXY_PARENTS=f"@{quoted}")
            self.assertIn("line 1: has quotes around it; leave them out", done.stderr)


if __name__ == "__main__":
    unittest.main()
