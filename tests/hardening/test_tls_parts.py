# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Parts that TLS needs (a library, a list of authorities) are missing, or short for a moment."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from drill import drill
from helpers_attack import Vitals
from sami_support import Origin, Proxy, RowCase, TestCa, row
from sami_support.network import why_no_namespaces

PLUGINS = glob.glob("/usr/lib/*/qt6/plugins/tls") + glob.glob("/usr/lib*/qt6/plugins/tls")
LISTS = [folder for folder in ("/etc/ssl/certs", "/etc/pki/tls/certs") if os.path.isdir(folder)]

NO_LISTS = "this machine's list of authorities is in a place of its own"


class TlsPartsTest(RowCase):
    def setUp(self):
        self.ca = TestCa.shared()
        self.origin = self.enter(Origin(tls=self.ca.server_context()))
        self.plain = self.enter(Origin())
        self.target = self.origin.url("/", scheme="https", host="localhost")

    def errors(self, proxy):
        return [line for line in proxy.log_lines() if line.get("level") == "error"
                and line.get("unit") == "net.tls"]

    def with_folder(self, content, *places, **settings):
        """A proxy that finds the folder `content` in place of others."""
        hide = " && ".join(f"mount --bind {content} {place}" for place in places)
        return self.enter(Proxy(settings, prefix=["unshare", "--mount", "sh", "-c",
                                                  hide + ' && exec "$0" "$@"']))

    def without(self, *places, **settings):
        return self.with_folder(self.enter(tempfile.TemporaryDirectory()), *places, **settings)

    def serves_others(self, proxy):
        with proxy.client() as client:
            client.connect_tunnel("127.0.0.1", self.plain.port)
        self.assertEqual(200, proxy.get(self.plain.url("/")).status)

    # UBSan needs a descriptor to check an object's type.
    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @drill("one descriptor left at the first request for https://",
           seen="200 or 503; the next one, with descriptors, was fetched over TLS")
    @row("B§4: a shortage of descriptors is no end of TLS")
    def test_shortage(self):
        proxy = self.enter(Proxy({"PROXY_UPSTREAM_CA_FILE": self.ca.ca_file}))
        vitals = Vitals(proxy)
        with proxy.client() as client:
            client.request("GET", "/health", "Host: a")
            client.read_response()
            subprocess.run(["prlimit", f"--pid={proxy.pid}",
                            f"--nofile={vitals.settled_descriptors() + 1}:"], check=True)
            client.request("GET", self.target)
            self.assertIn(client.read_response().status, (200, 503))
            subprocess.run(["prlimit", f"--pid={proxy.pid}", "--nofile=1000:"], check=True)
            client.request("GET", self.target)
            response = client.read_response()
            self.assertEqual(200, response.status, response)

    @unittest.skipIf(os.environ.get("SAMI_SLOW") == "1", "a sanitizer build")
    @unittest.skipUnless(LISTS, NO_LISTS)
    @unittest.skipIf(why_no_namespaces(), why_no_namespaces())
    @drill("settings applied without a descriptor left",
           seen="said once; https:// went on with the list of authorities of before")
    @row("B§4: a trust list that cannot be read does not take the place of the one before")
    def test_reload_in_a_shortage(self):
        system = self.enter(tempfile.TemporaryDirectory())
        shutil.copy(self.ca.ca_file, system)
        proxy = self.with_folder(system, *LISTS)
        vitals = Vitals(proxy)
        self.assertEqual(200, proxy.get(self.target).status)
        subprocess.run(["prlimit", f"--pid={proxy.pid}",
                        f"--nofile={vitals.settled_descriptors()}:"], check=True)
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("unit") == "net.tls")
        subprocess.run(["prlimit", f"--pid={proxy.pid}", "--nofile=1000:"], check=True)
        self.assertEqual(200, proxy.get(self.target).status)
        self.assertEqual(1, len(self.errors(proxy)))

    @unittest.skipUnless(PLUGINS, "no TLS plugin to hide: Qt is linked statically or lives elsewhere")
    @unittest.skipIf(why_no_namespaces(), why_no_namespaces())
    @drill("a machine without a TLS library",
           seen="one error line at the start; CONNECT and http:// were served, https:// got 502")
    @row("B§4: without a TLS library only https:// in absolute-form is refused")
    def test_no_library(self):
        proxy = self.without(*PLUGINS)
        proxy.wait_for_log(lambda line: line.get("unit") == "net.tls")
        self.serves_others(proxy)
        for _ in range(2):
            response = proxy.get(self.target)
            self.assertEqual((502, "The proxy has no TLS library"),
                             (response.status, response.reason))
            self.assertIn("proxy_configuration_error", response.value("Proxy-Status"))
        self.assertEqual(1, len(self.errors(proxy)))

    @unittest.skipUnless(LISTS, NO_LISTS)
    @unittest.skipIf(why_no_namespaces(), why_no_namespaces())
    @drill("a machine without a list of authorities",
           seen="one error line at the start; CONNECT was served, https:// got 502")
    @row("B§4: without a list of authorities only https:// in absolute-form is refused")
    def test_no_list(self):
        proxy = self.without(*LISTS)
        proxy.wait_for_log(lambda line: line.get("unit") == "net.tls")
        self.serves_others(proxy)
        response = proxy.get(self.target)
        self.assertEqual((502, "The proxy has no list of trusted authorities"),
                         (response.status, response.reason))
        self.assertIn("proxy_configuration_error", response.value("Proxy-Status"))
        self.assertEqual(1, len(self.errors(proxy)))

    @unittest.skipUnless(LISTS, NO_LISTS)
    @unittest.skipIf(why_no_namespaces(), why_no_namespaces())
    @row("B§4: without a list of authorities PROXY_UPSTREAM_CA_FILE counts alone")
    def test_ca_file_alone(self):
        proxy = self.without(*LISTS, PROXY_UPSTREAM_CA_FILE=self.ca.ca_file)
        self.assertEqual(200, proxy.get(self.target).status)
        self.assertEqual(1, len(self.errors(proxy)))


if __name__ == "__main__":
    unittest.main()
