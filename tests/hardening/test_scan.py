# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""testssl.sh at the proxy's door, with all of its checks; needs ./test.sh --real."""

import collections
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from drill import drill, only_real
from sami_support import Proxy, RowCase, TestCa, row

LOUD = {"MEDIUM", "HIGH", "CRITICAL"}
# Findings about itself, not about the server.
OF_ITS_OWN = {"engine_problem", "scanTime"}
# A self-signed certificate has no authority, and so nobody who could revoke it.
UNTRUSTED = {"cert_chain_of_trust", "cert_revocation"}


def program():
    """Under Debian's name, or upstream's."""
    return shutil.which("testssl") or shutil.which("testssl.sh")


@only_real("testssl.sh")
class ScanTest(RowCase):
    def setUp(self):
        self.assertTrue(program(), 'testssl.sh is missing: install the Debian package "testssl.sh"')
        self.folder = pathlib.Path(self.enter(tempfile.TemporaryDirectory(prefix="sami-scan-")))

    def renewed(self):
        """A key pair of the shared authority with everything that a public certificate would have:
        half a year, and a revocation address (which nobody asks)."""
        certificate, key = TestCa.shared().certificate()
        authority = pathlib.Path(TestCa.shared().ca_file)
        (self.folder / "extensions").write_text(
            "subjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\n"
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
            "crlDistributionPoints=URI:http://crl.invalid/ca.crl\n", encoding="ascii")
        request = subprocess.run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=localhost"],
                                 capture_output=True, check=True).stdout
        subprocess.run(["openssl", "x509", "-req", "-CA", authority, "-CAkey", authority.with_suffix(".key"),
                        "-set_serial", "0x" + os.urandom(16).hex(), "-days", "180", "-extfile",
                        self.folder / "extensions", "-out", self.folder / "cert.pem"],
                       input=request, capture_output=True, check=True)
        self.assertTrue(certificate)
        return {"PROXY_TLS_CERT_FILE": self.folder / "cert.pem", "PROXY_TLS_KEY_FILE": key}

    def scan(self, proxy, *options):
        """The findings of a scan; each has id, severity, finding."""
        report = self.folder / f"{len(list(self.folder.iterdir()))}.json"
        began = time.monotonic()
        done = subprocess.run(
            [program(), "--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none", "--ip",
             "127.0.0.1", "--jsonfile", report, *options, f"localhost:{proxy.port}"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertTrue(report.exists(), done.stdout + done.stderr)
        found = [one for one in json.loads(report.read_text(encoding="utf-8"))
                 if one["id"] not in OF_ITS_OWN]
        counts = collections.Counter(one["severity"] for one in found)
        print(f"  {time.monotonic() - began:.0f} s: {dict(counts)}", flush=True)
        return found

    def loud(self, found):
        """The findings above LOW. Prints all that are neither OK nor informational, and the checks
        that failed to run (WARN), which happens on a busy machine."""
        for one in found:
            if one["severity"] not in ("OK", "INFO", "DEBUG"):
                print(f"  {one['severity']} {one['id']}: {one['finding']}", flush=True)
        return {one["id"] for one in found if one["severity"] in LOUD}

    @drill("testssl.sh, all of it, at a door with a certificate of an authority that it knows",
           seen="nothing above LOW; LOW: no HSTS")
    @row("B§11: a scanner for weaknesses of TLS finds none")
    def test_all(self):
        with Proxy(self.renewed()) as proxy:
            found = self.scan(proxy, "--add-ca", TestCa.shared().ca_file)
            self.assertGreater(len(found), 100)
            self.assertEqual(self.loud(found), set())
            self.assertEqual(proxy.get("/health").status, 200)

    @drill("testssl.sh looks at the certificate that the proxy has made, and knows nothing of it",
           seen="CRITICAL: self signed, no chain of trust; HIGH: neither CRL nor OCSP; nothing else above LOW")
    @row("B§12: a scanner complains of the own certificate that nobody vouches for it, and of nothing else")
    def test_own_certificate(self):
        state = self.folder / "state"
        with Proxy({"PROXY_STATE_DIR": state}) as proxy:
            self.assertEqual(self.loud(self.scan(proxy, "--server-defaults")), UNTRUSTED)


if __name__ == "__main__":
    unittest.main()
