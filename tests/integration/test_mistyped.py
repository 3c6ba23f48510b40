# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Operators' typos: a name that is almost a setting's, a value in quotes. No typo may open the
door."""

import unittest

from helpers_command import run_daemon
from sami_support import Proxy

SECRET = "hunter2-hunter2"


class MistypedCase(unittest.TestCase):
    def refused(self, *arguments, **settings):
        done = run_daemon(*arguments, **{"PROXY_PORT": "0", "PROXY_ADDRESS": "127.0.0.1", **settings})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr.splitlines()


class Names(MistypedCase):
    def test_restricting_alias(self):
        """B§1: another program's name for credentials or a list stops the start and is answered with ours"""
        for name, meant in (("PROXY_AUTH_USER", "PROXY_AUTH_USERNAME"), ("PROXY_AUTH_PASS", "PROXY_AUTH_PASSWORD"),
                            ("PROXY_USER", "PROXY_AUTH_USERNAME"), ("PROXY_PASSWORD", "PROXY_AUTH_PASSWORD"),
                            ("ALLOWED_IP", "ALLOWED_IPS"), ("WHITELIST", "ALLOWED_IPS"),
                            ("PROXY_ALLOWED_IPS", "ALLOWED_IPS"), ("ALLOWED_DOMAINS", "ALLOWED_HOSTS")):
            with self.subTest(name):
                lines = self.refused(**{name: SECRET})
                self.assertEqual(len(lines), 1, lines)
                self.assertTrue(lines[0].startswith(f"{name}: "), lines[0])
                self.assertIn(f"did you mean {meant}?", lines[0])
                self.assertNotIn(SECRET, lines[0])

    def test_alias_beside_the_setting(self):
        """B§1: an alias of a setting that is set, by whatever source, is only named"""
        for arguments, settings in (
                ([], {"PROXY_AUTH_USERNAME": "a", "PROXY_AUTH_PASSWORD": SECRET}),
                (["--auth-username=a", f"--auth-password={SECRET}"], {})):
            done = run_daemon("--check-config", *arguments, PROXY_USER="b", PROXY_PASS=SECRET, **settings)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("did you mean PROXY_AUTH_USERNAME?", done.stderr)
            self.assertNotIn(SECRET, done.stderr)

    def test_named_at_start(self):
        """B§1: a variable that looks like a setting is named at the start, and its value is not"""
        with Proxy({"PROXY_TIMEUOT_MS": SECRET, "PROXY_TIMEOUT": SECRET, "PROXY_FOLDER": SECRET}) as proxy:
            self.assertEqual(proxy.get("/health").status, 200)
            proxy.wait_for_access(1)
            text = proxy.log_text()
        for part in ("PROXY_TIMEUOT_MS: not a setting of this program, not read; did you mean PROXY_TIMEOUT_MS?",
                     "PROXY_TIMEOUT: not a setting of this program", "PROXY_FOLDER: not a setting of this program"):
            self.assertIn(part, text)
        self.assertNotIn(SECRET, text)

    def test_others_proxies(self):
        """B§1: what tells clients of a proxy is not ours and gets no word"""
        done = run_daemon("--check-config", HTTP_PROXY="http://127.0.0.1:1", no_proxy="localhost",
                          ALL_PROXY="socks5://127.0.0.1:1", npm_config_proxy="http://127.0.0.1:1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_kubernetes(self):
        """B§1: the variables of a Kubernetes Service called proxy are told from settings"""
        link = {"PROXY_SERVICE_HOST": "10.0.0.1", "PROXY_SERVICE_PORT": "80",
                "PROXY_PORT_80_TCP": "tcp://10.0.0.1:80", "PROXY_PORT_80_TCP_ADDR": "10.0.0.1"}
        lines = self.refused(**link, PROXY_PORT="tcp://10.0.0.1:80")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("PROXY_PORT", lines[0])
        self.assertIn("enableServiceLinks: false", lines[0])
        done = run_daemon("--check-config", **link, PROXY_PORT="8080")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("enableServiceLinks: false", done.stderr)

    def test_flags(self):
        """B§1: another program's name for a flag is answered with ours"""
        for flag, meant in (("--auth-user", "--auth-username"), ("--user", "--auth-username"),
                            ("--password", "--auth-password"), ("--whitelist", "--allowed-ips"),
                            ("--max-url", "--max-url-length")):
            with self.subTest(flag):
                lines = self.refused(flag, SECRET)
                self.assertEqual(len(lines), 1, lines)
                self.assertIn(f"did you mean {meant}?", lines[0])
                self.assertNotIn(SECRET, lines[0])


class Words(MistypedCase):
    def test_order(self):
        """B§1: a command after options is named, with the order"""
        for words, name in ((("--port=1", "link", "--host", "h"), "link"),
                            (("--config=/dev/null", "user", "add", "anna", "--until=2099-01-31"), "user add")):
            lines = self.refused(*words)
            self.assertEqual(lines, [f"{name}: is a command, and stands before all options: {name} …"])
        self.assertEqual(self.refused("status", "link"), ["link: is a second command; one at a time"])

    def test_help(self):
        """B§1: help is a command too, wherever it stands"""
        for words in (("help",), ("--port=1", "help"), ("link", "help")):
            self.assertEqual(run_daemon(*words).stdout, run_daemon("--help").stdout)
        self.assertIn("sami-llm-proxy [COMMAND] [options]", run_daemon("help").stdout)

    def test_no_commands(self):
        """B§1: words that start other programs, and mistyped commands, are answered"""
        for word in ("start", "run", "serve"):
            self.assertIn(f"{word}: is no command: without one the proxy starts", self.refused(word)[0])
        self.assertEqual(self.refused("statsu"), ["command line: no such command; did you mean status?"])
        self.assertNotIn(SECRET, self.refused(SECRET)[0])


class Lists(MistypedCase):
    def test_blanks(self):
        """B§1: a list with blanks is answered with the comma"""
        for name, value in (("ALLOWED_HOSTS", "a.example b.example"), ("ALLOWED_IPS", "10.0.0.1 10.0.0.2"),
                            ("ALLOWED_PORTS", "80 443"), ("PROXY_TLS_NAMES", "a.example b.example")):
            lines = self.refused(**{name: value})
            self.assertEqual(lines, [f'{name}: "{value}": has a blank in it; put a comma between two entries'])


class Numbers(MistypedCase):
    def test_seconds(self):
        """B§1: seconds in the place of milliseconds get a line at the start"""
        done = run_daemon("--check-config", PROXY_TIMEOUT_MS="1800")
        self.assertEqual(done.returncode, 0)
        self.assertIn("PROXY_TIMEOUT_MS: cuts a stream that is silent for 1.8s (1800 milliseconds)", done.stderr)
        self.assertEqual(run_daemon("--check-config", PROXY_TIMEOUT_MS="10000").stderr, "")

    def test_metrics(self):
        """B§1: the metrics door is answered with its own example"""
        for value in ("9464", "tls:127.0.0.1:9464", "unix:/run/m.sock", "::1:9464"):
            lines = self.refused(PROXY_METRICS=value)
            self.assertIn("such as 127.0.0.1:9464", lines[0])
            self.assertNotIn("8081", lines[0])


class Quotes(MistypedCase):
    def test_values(self):
        """B§1: a value in quotes is refused with a sentence that names them, for every kind of setting"""
        for name, value in (("PROXY_PORT", "8080"), ("PROXY_ADDRESS", "0.0.0.0"), ("LOG_LEVEL", "info"),
                            ("ALLOWED_IPS", "10.0.0.1,10.0.0.2"), ("ALLOWED_HOSTS", "api.openai.com"),
                            ("ALLOWED_PORTS", "443"), ("ALLOW_PRIVATE_TARGETS", "true"),
                            ("PROXY_UPSTREAM_CA_FILE", "/etc/ssl/ca.pem"), ("ALLOWED_IPS", "")):
            for quote in "\"'":
                with self.subTest(name, quote=quote):
                    lines = self.refused(**{name: f"{quote}{value}{quote}"})
                    self.assertEqual(len(lines), 1, lines)
                    self.assertTrue(lines[0].startswith(f"{name}: "), lines[0])
                    self.assertIn("the quotes are part of the value", lines[0])

    def test_one_entry(self):
        """B§1: one entry of a list in quotes is refused by itself"""
        lines = self.refused(ALLOWED_IPS="10.0.0.1,'10.0.0.2'")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("the quotes are part", lines[0])

    def test_credentials(self):
        """B§1: credentials in quotes are taken as they are, with a hint that does not show them"""
        done = run_daemon("--check-config", PROXY_AUTH_USERNAME='"admin"', PROXY_AUTH_PASSWORD=f"'{SECRET}'")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("PROXY_AUTH_USERNAME", "PROXY_AUTH_PASSWORD"):
            self.assertIn(f"{name}: the quotes around it count as a part of it", done.stderr)
        self.assertNotIn(SECRET, done.stderr)

    def test_nothing_in_quotes(self):
        """B§1: a pair of quotes with nothing in it is no credential"""
        lines = self.refused(PROXY_AUTH_USERNAME='""', PROXY_AUTH_PASSWORD='""')
        self.assertEqual(len(lines), 2, lines)
        for line in lines:
            self.assertIn("a pair of quotes with nothing in it", line)

    def test_unfilled_variable(self):
        """B§1: a variable that nothing has filled in is no credential, quoted or not"""
        for value in ("${PASSWORD}", "$PASSWORD", "$(cat /run/secrets/password)", '"${PASSWORD}"', "{{ password }}"):
            with self.subTest(value):
                lines = self.refused(PROXY_AUTH_USERNAME="a", PROXY_AUTH_PASSWORD=value)
                self.assertEqual(len(lines), 1, lines)
                self.assertIn("names a variable", lines[0])
                self.assertNotIn(value, lines[0])


if __name__ == "__main__":
    unittest.main()
