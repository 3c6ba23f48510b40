# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The settings: three spellings, one table, and every mistake reported by name."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

from helpers_command import check_config, run_daemon

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

# Environment name, key in the INI file, flag, a value other than the default, how it is shown.
SPELLINGS = (
    ("PROXY_PORT", "port", "--port", "8181"),
    ("PROXY_ADDRESS", "address", "--address", "127.0.0.9"),
    ("PROXY_AUTH_USERNAME", "auth_username", "--auth-username", "alice"),
    ("PROXY_SOCKS5", "socks5", "--socks5", "true"),
    ("PROXY_AUTH_PASSWORD", "auth_password", "--auth-password", "open sesame, please"),
    ("PROXY_AUTH_PASSWORD_FILE", "auth_password_file", "--auth-password-file", None),
    ("PROXY_USERS_FILE", "users_file", "--users-file", None),
    ("LOG_LEVEL", "log_level", "--log-level", "debug"),
    ("LOG_FORMAT", "log_format", "--log-format", "json"),
    ("ALLOWED_IPS", "allowed_ips", "--allowed-ips", "private,192.0.2.0/24,2001:db8::/32"),
    ("PROXY_PAGES", "pages", "--pages", "local"),
    ("PROXY_TLS", "tls", "--tls", "off"),
    ("PROXY_TLS_NAMES", "tls_names", "--tls-names", "proxy.example.com,192.0.2.7,2001:db8::7"),
    ("PROXY_STATE_DIR", "state_dir", "--state-dir", "/tmp/sami-llm-proxy-not-there"),
    ("PROXY_ADMIN", "admin", "--admin", "unix:/tmp/sami-not-there/admin.sock"),
    ("PROXY_ADMIN_TOKENS_FILE", "admin_tokens_file", "--admin-tokens-file", "/tmp/sami-not-there/tokens"),
    ("PROXY_ADMIN_HOSTS", "admin_hosts", "--admin-hosts", "admin.example.com,192.0.2.7"),
    ("PROXY_METRICS", "metrics", "--metrics", "127.0.0.1:9464"),
    ("PROXY_PROXY_PROTOCOL_FROM", "proxy_protocol_from", "--proxy-protocol-from", "192.0.2.7,2001:db8::/64"),
    ("PROXY_TIMEOUT_MS", "timeout_ms", "--timeout-ms", "2000"),
    ("PROXY_CONNECT_TIMEOUT_MS", "connect_timeout_ms", "--connect-timeout-ms", "3000"),
    ("PROXY_HEADER_TIMEOUT_MS", "header_timeout_ms", "--header-timeout-ms", "4000"),
    ("PROXY_TCP_KEEPALIVE_S", "tcp_keepalive_s", "--tcp-keepalive-s", "7"),
    ("PROXY_SHUTDOWN_GRACE_MS", "shutdown_grace_ms", "--shutdown-grace-ms", "5000"),
    ("PROXY_UPSTREAM_CA_FILE", "upstream_ca_file", "--upstream-ca-file", None),
    ("PROXY_EXIT_FAMILY", "exit_family", "--exit-family", "ipv4"),
    ("PROXY_SOURCE_ADDRESS", "source_address", "--source-address", "127.0.0.1"),
    ("PROXY_PARENTS", "parents", "--parents", "https://a.example:8443,direct"),
    ("PROXY_PARENTS_PASSWORD_FILE", "parents_password_file", "--parents-password-file", "/run/passwords"),
    ("PROXY_PARENTS_BYPASS", "parents_bypass", "--parents-bypass", "*.corp.example,10.0.0.0/8"),
    ("PROXY_VIA_HEADER", "via_header", "--via-header", "false"),
    ("AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS", "auth_fail_rate_limit_max_attempts",
     "--auth-fail-rate-limit-max-attempts", "3"),
    ("AUTH_FAIL_RATE_LIMIT_WINDOW_MS", "auth_fail_rate_limit_window_ms",
     "--auth-fail-rate-limit-window-ms", "60000"),
    ("MAX_CONCURRENT_CONNECTIONS", "max_concurrent_connections",
     "--max-concurrent-connections", "12"),
    ("MAX_CONNECTIONS_PER_IP", "max_connections_per_ip", "--max-connections-per-ip", "3"),
    ("MAX_URL_LENGTH", "max_url_length", "--max-url-length", "2048"),
    ("ALLOWED_HOSTS", "allowed_hosts", "--allowed-hosts", "api.openai.com,*.anthropic.com:443"),
    ("ALLOWED_HOSTS_MODE", "allowed_hosts_mode", "--allowed-hosts-mode", "report"),
    ("ALLOWED_PORTS", "allowed_ports", "--allowed-ports", "443,8000-8099"),
    ("ALLOW_PRIVATE_TARGETS", "allow_private_targets", "--allow-private-targets", "10.0.0.0/8"),
    ("PROXY_THREADS", "threads", "--threads", "2"),
)

CREDENTIAL = {"PROXY_AUTH_USERNAME", "PROXY_AUTH_PASSWORD", "PROXY_AUTH_PASSWORD_FILE"}


class SettingsCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(text.encode("utf-8") if isinstance(text, str) else text)
        return path

    @staticmethod
    def text(path):
        """A document of the repository."""
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            return file.read()

    def refused(self, *arguments, **settings):
        """A real start: bad settings must end the program before it opens anything."""
        done = run_daemon(*arguments, **{"PROXY_PORT": "0", **settings})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr.splitlines()


class Spellings(SettingsCase):
    def value_of(self, name, value):
        if name == "PROXY_UPSTREAM_CA_FILE":
            return self.write("ca.pem", CERTIFICATE)
        if name == "PROXY_AUTH_PASSWORD_FILE":
            return self.write("secret", "from a file, long enough\n")
        if name == "PROXY_USERS_FILE":
            return self.write("users", "# nobody yet\n")
        return value

    def companions(self, name):
        """The other half of a credential pair, as flags."""
        if name == "PROXY_AUTH_USERNAME":
            return ["--auth-password=some long password"]
        return ["--auth-username=bob"] if name in CREDENTIAL else []

    def assert_effective(self, rows, name, value, source):
        shown = "***" if name == "PROXY_AUTH_PASSWORD" else value
        self.assertEqual(rows[name], (shown, source))

    def test_environment(self):
        """B§1: every setting is read from its environment variable"""
        for name, _, _, value in SPELLINGS:
            with self.subTest(name):
                value = self.value_of(name, value)
                rows = check_config(*self.companions(name), **{name: value})
                self.assert_effective(rows, name, value, "environment")

    def test_file(self):
        """B§1: every setting is read from its line of the INI file"""
        for name, key, _, value in SPELLINGS:
            with self.subTest(name):
                value = self.value_of(name, value)
                path = self.write("sami.ini", f"# a comment\n{key} = {value}\n")
                rows = check_config("--config", path, *self.companions(name))
                self.assert_effective(rows, name, value, "file")

    def test_command_line(self):
        """B§1: every setting is read from its flag, with a blank or an equals sign"""
        for name, _, flag, value in SPELLINGS:
            value = self.value_of(name, value)
            for arguments in ([flag, value], [f"{flag}={value}"]):
                with self.subTest(name, arguments=len(arguments)):
                    rows = check_config(*arguments, *self.companions(name))
                    self.assert_effective(rows, name, value, "command line")

    def test_whole_table(self):
        """B§1: --check-config prints every setting of the table, each once"""
        rows = run_daemon("--check-config").stdout.splitlines()
        names = [row.split(" = ")[0] for row in rows]
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual({name for name, *_ in SPELLINGS}, set(names))

    def test_defaults(self):
        """B§1: the defaults are those of the handbook"""
        rows = check_config()
        expected = {
            "PROXY_PORT": "8080",
            "PROXY_ADDRESS": "0.0.0.0",
            "PROXY_SOCKS5": "-",
            "PROXY_AUTH_USERNAME": "-",
            "PROXY_AUTH_PASSWORD": "-",
            "LOG_LEVEL": "info",
            "LOG_FORMAT": "text",
            "ALLOWED_IPS": "-",
            "PROXY_USERS_FILE": "-",
            "PROXY_PAGES": "all",
            "PROXY_TLS": "auto",
            "PROXY_TLS_CERT_FILE": "-",
            "PROXY_TLS_KEY_FILE": "-",
            "PROXY_TLS_NAMES": "-",
            "PROXY_STATE_DIR": "-",
            "PROXY_ADMIN": "-",
            "PROXY_ADMIN_TOKENS_FILE": "-",
            "PROXY_ADMIN_HOSTS": "-",
            "PROXY_METRICS": "-",
            "PROXY_PROXY_PROTOCOL_FROM": "-",
            "PROXY_TIMEOUT_MS": "1200000",
            "PROXY_CONNECT_TIMEOUT_MS": "15000",
            "PROXY_HEADER_TIMEOUT_MS": "30000",
            "PROXY_TCP_KEEPALIVE_S": "30",
            "PROXY_SHUTDOWN_GRACE_MS": "9000",
            "PROXY_EXIT_FAMILY": "any",
            "PROXY_SOURCE_ADDRESS": "-",
            "PROXY_PARENTS": "-",
            "PROXY_PARENTS_PASSWORD_FILE": "-",
            "PROXY_PARENTS_BYPASS": "-",
            "PROXY_VIA_HEADER": "true",
            "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS": "10",
            "AUTH_FAIL_RATE_LIMIT_WINDOW_MS": "300000",
            "MAX_CONCURRENT_CONNECTIONS": "50000",
            "MAX_CONNECTIONS_PER_IP": "0",
            "MAX_URL_LENGTH": "16384",
            "ALLOWED_HOSTS": "-",
            "ALLOWED_HOSTS_MODE": "enforce",
            "ALLOWED_PORTS": "80,443,1024-65535",
            "ALLOW_PRIVATE_TARGETS": "false",
            "PROXY_THREADS": "0",
        }
        self.assertEqual({name: rows[name] for name in expected},
                         {name: (value, "default") for name, value in expected.items()})


class Precedence(SettingsCase):
    def test_command_line_wins(self):
        """B§1: the command line wins over the environment, the environment over the file"""
        path = self.write("sami.ini", "port = 8001\nlog_level = debug\nthreads = 3\n")
        rows = check_config("--config", path, "--port", "8003", PROXY_PORT="8002",
                            LOG_LEVEL="error")
        self.assertEqual(rows["PROXY_PORT"], ("8003", "command line"))
        self.assertEqual(rows["LOG_LEVEL"], ("error", "environment"))
        self.assertEqual(rows["PROXY_THREADS"], ("3", "file"))

    def test_empty_is_unset(self):
        """B§1: a variable set to nothing counts as not set"""
        path = self.write("sami.ini", "port = 8001\n")
        rows = check_config("--config", path, PROXY_PORT="", PROXY_AUTH_USERNAME="",
                            PROXY_AUTH_PASSWORD="", ALLOWED_IPS="", LOG_LEVEL=" ")
        self.assertEqual(rows["PROXY_PORT"], ("8001", "file"))
        self.assertEqual(rows["LOG_LEVEL"], ("info", "default"))

    def test_trimmed(self):
        """B§1: blanks around a value and a trailing CR are dropped"""
        rows = check_config(PROXY_PORT=" 8123 \r", LOG_LEVEL="DEBUG\r")
        self.assertEqual(rows["PROXY_PORT"], ("8123", "environment"))
        self.assertEqual(rows["LOG_LEVEL"][1], "environment")

    def test_last_flag(self):
        """B§1: of a flag given twice the last one counts"""
        self.assertEqual(check_config("--port=8001", "--port=8002")["PROXY_PORT"][0], "8002")

    def test_strong_password_beats_weak_file(self):
        """B§1: a password in the environment wins over a password file named in the INI file"""
        path = self.write("sami.ini", "auth_username = a\nauth_password_file = /does/not/exist\n")
        rows = check_config("--config", path, PROXY_AUTH_PASSWORD="a long password indeed")
        self.assertEqual(rows["PROXY_AUTH_PASSWORD"], ("***", "environment"))


class Mistakes(SettingsCase):
    # A setting, a value that it refuses, and words that the message must contain.
    BAD = (
        ("PROXY_PORT", "65536", "65535"),
        ("PROXY_PORT", "eighty", "65535"),
        ("PROXY_PORT", "-1", "0"),
        ("PROXY_PORT", "80 80", ""),
        ("PROXY_ADDRESS", "localhost", "127.0.0.1"),
        ("PROXY_ADDRESS", "127.0.0.1:8080", "port"),
        ("PROXY_ADDRESS", "1.2.3", "address"),
        ("PROXY_AUTH_USERNAME", "a:b", "colon"),
        ("PROXY_SOCKS5", "5", "true or false"),
        ("LOG_LEVEL", "verbose", "info"),
        ("LOG_FORMAT", "xml", "json"),
        ("ALLOWED_IPS", "192.0.2.0/33", ""),
        ("ALLOWED_IPS", "example.com", ""),
        ("ALLOWED_IPS", "intranet", "private"),
        ("PROXY_PAGES", "none", "listed"),
        ("PROXY_TLS", "on", "require"),
        ("PROXY_ADMIN", "0.0.0.0:8081", "tls:0.0.0.0:8081"),
        ("PROXY_ADMIN", "127.0.0.1:8081", "PROXY_ADMIN_TOKENS_FILE"),
        ("PROXY_ADMIN", "tls:127.0.0.1:8081", "no certificate"),
        ("PROXY_METRICS", "9464", "127.0.0.1:9464"),
        ("PROXY_PROXY_PROTOCOL_FROM", "0.0.0.0/0", "claim any address"),
        ("PROXY_PROXY_PROTOCOL_FROM", "127.0.0.1", "connect to another of its"),
        ("PROXY_PROXY_PROTOCOL_FROM", "balancer.example", "192.0.2.7"),
        ("PROXY_TIMEOUT_MS", "30", "1000"),
        ("PROXY_TIMEOUT_MS", "86400001", "86400000"),
        ("PROXY_CONNECT_TIMEOUT_MS", "15s", "milliseconds"),
        ("PROXY_HEADER_TIMEOUT_MS", "0", ""),
        ("PROXY_TCP_KEEPALIVE_S", "-5", "seconds"),
        ("PROXY_SHUTDOWN_GRACE_MS", "1e3", ""),
        ("PROXY_UPSTREAM_CA_FILE", "/does/not/exist.pem", ""),
        ("PROXY_EXIT_FAMILY", "inet6", "any or ipv4 or ipv6"),
        ("PROXY_SOURCE_ADDRESS", "proxy.example.com", "192.0.2.7"),
        ("PROXY_SOURCE_ADDRESS", "fe80::1%lo", "link-local"),
        ("PROXY_SOURCE_ADDRESS", "fe80::1", "link-local"),
        ("PROXY_SOURCE_ADDRESS", "0.0.0.0", "every address"),
        ("PROXY_SOURCE_ADDRESS", "224.0.0.1", "of a host"),
        # No machine has this address: RFC 5737.
        ("PROXY_SOURCE_ADDRESS", "192.0.2.77", "not an address of this machine"),
        ("PROXY_VIA_HEADER", "maybe", "true or false"),
        ("AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS", "0", "1"),
        ("AUTH_FAIL_RATE_LIMIT_WINDOW_MS", "5", "milliseconds"),
        ("MAX_CONCURRENT_CONNECTIONS", "0", "1"),
        ("MAX_CONNECTIONS_PER_IP", "many", "connections"),
        ("MAX_URL_LENGTH", "10", "bytes"),
        ("ALLOWED_HOSTS", "https://example.com", "scheme"),
        ("ALLOWED_HOSTS", "*", "empty"),
        ("ALLOWED_HOSTS_MODE", "warn", "enforce or report"),
        ("ALLOWED_PORTS", "0", ""),
        ("ALLOWED_PORTS", "90-80", "80-90"),
        ("ALLOW_PRIVATE_TARGETS", "maybe", "true"),
        ("PROXY_THREADS", "65", "64"),
    )

    def test_each(self):
        """B§1: a value that does not fit is refused with the name, the value and what would fit"""
        for name, value, word in self.BAD:
            with self.subTest(name, value=value):
                extra = {"PROXY_AUTH_PASSWORD": "a long password indeed"}
                settings = {name: value, **(extra if name == "PROXY_AUTH_USERNAME" else {})}
                lines = self.refused(**settings)
                self.assertEqual(len(lines), 1, lines)
                self.assertTrue(lines[0].startswith(f"{name}: \"{value}\": "), lines[0])
                self.assertIn(word, lines[0].split("\": ", 1)[1])

    def test_all_at_once(self):
        """B§1: several bad values, one of each source, are all reported at once"""
        path = self.write("sami.ini", "threads = many\nlog_format = xml\n")
        lines = self.refused("--config", path, "--max-url-length", "1", PROXY_PORT="99999",
                             LOG_LEVEL="loud", ALLOWED_IPS="10.0.0.0/8,nonsense,::1/200")
        text = "\n".join(lines)
        for part in ("sami.ini:1: threads", "sami.ini:2: log_format", "--max-url-length",
                     "PROXY_PORT", "LOG_LEVEL", "\"nonsense\"", "\"::1/200\""):
            self.assertIn(part, text)
        self.assertEqual(len(lines), 7, text)

    def test_source_address_of_a_running_proxy(self):
        """B§1: a health check asks a running proxy even when its source address has gone"""
        done = run_daemon("--healthcheck", PROXY_PORT="1", PROXY_SOURCE_ADDRESS="192.0.2.77")
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_two_source_addresses(self):
        """B§1: one source address of each family is taken, a second of one is refused by name"""
        rows = check_config(PROXY_SOURCE_ADDRESS="::1, 127.0.0.1,")
        self.assertEqual(rows["PROXY_SOURCE_ADDRESS"], ("::1, 127.0.0.1,", "environment"))
        lines = self.refused(PROXY_SOURCE_ADDRESS="127.0.0.1,192.0.2.77")
        self.assertIn('"192.0.2.77": is the second of its family', lines[0])

    def test_check_config_agrees(self):
        """B§1: --check-config exits 2 on what a start would refuse"""
        done = run_daemon("--check-config", PROXY_PORT="99999")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("PROXY_PORT", done.stderr)

    def test_user_without_password(self):
        """B§1: a user name without a password refuses to start"""
        lines = self.refused(PROXY_AUTH_USERNAME="alice")
        self.assertEqual(len(lines), 1)
        self.assertIn("PROXY_AUTH_USERNAME", lines[0])
        self.assertIn("PROXY_AUTH_PASSWORD", lines[0])

    def test_password_without_user(self):
        """B§1: a password without a user name refuses to start and does not show it"""
        lines = self.refused(PROXY_AUTH_PASSWORD="hunter2hunter2")
        self.assertEqual(len(lines), 1)
        self.assertIn("PROXY_AUTH_USERNAME", lines[0])
        self.assertNotIn("hunter2", lines[0])

    def test_password_file_without_user(self):
        """B§1: a password file without a user name refuses to start"""
        path = self.write("secret", "a long password indeed\n")
        self.assertIn("PROXY_AUTH_USERNAME", self.refused(PROXY_AUTH_PASSWORD_FILE=path)[0])

    def test_unreadable_password_file(self):
        """B§1: a password file that is missing, a directory or empty refuses to start"""
        for path in ("/does/not/exist", self.folder, self.write("empty", "\n")):
            with self.subTest(path=os.path.basename(path)):
                lines = self.refused(PROXY_AUTH_USERNAME="a", PROXY_AUTH_PASSWORD_FILE=path)
                self.assertEqual(len(lines), 1)
                self.assertTrue(lines[0].startswith("PROXY_AUTH_PASSWORD_FILE: "), lines[0])

    def test_both_passwords(self):
        """B§1: a password and a password file from the same source contradict each other"""
        path = self.write("secret", "a long password indeed\n")
        lines = self.refused(PROXY_AUTH_USERNAME="a", PROXY_AUTH_PASSWORD="hunter2hunter2",
                             PROXY_AUTH_PASSWORD_FILE=path)
        self.assertEqual(len(lines), 1)
        self.assertNotIn("hunter2", lines[0])

    def test_missing_config_file(self):
        """B§1: a settings file that was named and cannot be read is an error by name"""
        for path in ("/does/not/exist.ini", self.folder):
            with self.subTest(path=os.path.basename(path)):
                self.assertIn(path, self.refused("--config", path)[0])

    def test_unknown_key(self):
        """B§1: an unknown key of the file is refused with its line and the nearest one"""
        path = self.write("sami.ini", "# first\nallowed_ip = 10.0.0.0/8\n")
        lines = self.refused("--config", path)
        self.assertEqual(len(lines), 1)
        self.assertIn(":2:", lines[0])
        self.assertIn("allowed_ips", lines[0])

    def test_percent_signs(self):
        """B§1: percent signs in a path or an address are told as they are"""
        path = self.write("%1%2%3.ini", "port = 1\nallowed_ip = ::1\n")
        self.assertTrue(self.refused("--config", path)[0].startswith(f"{path}:2: allowed_ip: "))
        path = self.write("%2.ini", "port = 1\nport = 1\n")
        self.assertTrue(self.refused("--config", path)[0].startswith(f"{path}:2: port is set"))
        done = run_daemon("--healthcheck", PROXY_ADDRESS="fe80::1%1", PROXY_PORT="9")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("%1 port 9: ", done.stderr)

    def test_environment_name_as_key(self):
        """B§1: a variable's name as a key of the file is answered with the key that is meant"""
        path = self.write("sami.ini", "PROXY_PORT = 8080\n")
        line = self.refused("--config", path)[0]
        self.assertTrue(line.endswith("did you mean port?"), line)

    def test_unknown_flag(self):
        """B§1: an unknown flag is refused with the nearest one"""
        for flag, meant in (("--prot", "--port"), ("--allowed-host", "--allowed-hosts"),
                            ("--PROXY_PORT", "--port")):
            with self.subTest(flag):
                lines = self.refused(flag, "8080")
                self.assertEqual(len(lines), 1, lines)
                self.assertIn(f"did you mean {meant}?", lines[0])

    def test_stray_word(self):
        """B§1: a stray word of the command line is refused and not echoed"""
        lines = self.refused("--auth-username", "alice", "--auth-password", "my", "secret")
        self.assertEqual(len(lines), 1)
        self.assertNotIn("secret", lines[0])

    def test_flag_without_value(self):
        """B§1: a flag without its value is refused by name"""
        self.assertTrue(self.refused("--allowed-ips")[0].startswith("--allowed-ips: "))

    def test_secret_never_quoted(self):
        """B§1: a bad password is refused without being shown"""
        lines = self.refused(PROXY_AUTH_USERNAME="a", PROXY_AUTH_PASSWORD="topsecret\x01word")
        self.assertEqual(len(lines), 1)
        self.assertIn("PROXY_AUTH_PASSWORD", lines[0])
        self.assertNotIn("topsecret", lines[0])

    def test_placeholders(self):
        """B§1: a password that is an example's placeholder is refused by name, from every source, unrepeated"""
        ini = self.write("sami.ini", "auth_username = a\nauth_password = Change_Me\n")
        secret = self.write("secret", "<your-password>\n")
        for name, arguments, settings in (
                ("PROXY_AUTH_PASSWORD: ", [], {"PROXY_AUTH_PASSWORD": "CHANGE-ME"}),
                ("--auth-password: ", ["--auth-password", "your password"], {}),
                ("PROXY_AUTH_PASSWORD_FILE: ", [], {"PROXY_AUTH_PASSWORD_FILE": secret}),
                (f"{ini}:2: auth_password: ", ["--config", ini], {})):
            with self.subTest(name):
                lines = self.refused(*arguments, **{"PROXY_AUTH_USERNAME": "a", **settings})
                self.assertEqual(len(lines), 1)
                self.assertTrue(lines[0].startswith(name), lines[0])
                self.assertIn("openssl rand -hex 24", lines[0])
                self.assertNotRegex(lines[0], "(?i)change.me|your.password")

    def test_the_manifest_wants_a_password(self):
        """B§1: the Kubernetes manifest does not run with the password that it is shipped with"""
        manifest = self.text("packaging/kubernetes/sami-llm-proxy.yaml")
        [password] = re.findall(r"^  password: (\S+)$", manifest, re.MULTILINE)
        path = self.write("secret", password)
        line = self.refused(PROXY_AUTH_USERNAME="sami", PROXY_AUTH_PASSWORD_FILE=path)[0]
        self.assertIn("placeholder", line)
        self.assertNotIn(password, line)

    def test_the_papers_passwords_work(self):
        """B§1: what the papers give people to paste is accepted, weak as it is"""
        pasted = set()
        for paper in ("README.md", "README.ru.md", "docs/upgrading-from-node.md"):
            pasted |= set(re.findall(r"PROXY_AUTH_PASSWORD=([\w\"-]+)", self.text(paper)))
        self.assertLessEqual({"secret", "secret123"}, pasted)
        for password in pasted:
            with self.subTest(password):
                rows = check_config(PROXY_AUTH_USERNAME="admin", PROXY_AUTH_PASSWORD=password)
                self.assertEqual(rows["PROXY_AUTH_PASSWORD"], ("***", "environment"))

    def test_controls_escaped(self):
        """B§1: control characters of a bad value reach no terminal"""
        line = self.refused(LOG_LEVEL="a\x1b[31mb")[0]
        self.assertNotIn("\x1b", line)
        self.assertIn("\\x1b", line)

    def test_directions_escaped(self):
        """B§8: characters that turn the direction of text reach no terminal"""
        turned, written = "a\u202eb\u2028c", r"a\xe2\x80\xaeb\xe2\x80\xa8c"
        for lines in (self.refused(LOG_LEVEL=turned), self.refused("--" + turned)):
            self.assertEqual(len(lines), 1)
            self.assertIn(written, lines[0])
        shown = check_config(PROXY_AUTH_USERNAME=turned, PROXY_AUTH_PASSWORD="secret")
        self.assertEqual(shown["PROXY_AUTH_USERNAME"][0], written)


class IniFiles(SettingsCase):
    def test_windows_line_ends(self):
        """B§1: a file with Windows line ends and a byte order mark is read alike"""
        path = self.write("sami.ini", b"\xef\xbb\xbfport = 8123\r\n\r\n; comment\r\nthreads=2\r\n")
        rows = check_config("--config", path)
        self.assertEqual(rows["PROXY_PORT"], ("8123", "file"))
        self.assertEqual(rows["PROXY_THREADS"], ("2", "file"))

    def test_double_key(self):
        """B§1: a key that stands twice is refused with both lines"""
        path = self.write("sami.ini", "port = 1\n\nport = 2\n")
        line = self.refused("--config", path)[0]
        self.assertIn(":3", line)
        self.assertIn("line 1", line)

    def test_nonsense_line(self):
        """B§1: a line that is no setting and no comment is refused by its number"""
        path = self.write("sami.ini", "port = 8080\nallowed_ips 10.0.0.1\n")
        self.assertIn(":2", self.refused("--config", path)[0])


class Commands(SettingsCase):
    def test_secrets_masked(self):
        """B§1: --check-config shows no password, from any source"""
        path = self.write("sami.ini", "auth_password = hunter2-in-a-file\n")
        done = [
            run_daemon("--check-config", "--config", path, PROXY_AUTH_USERNAME="a"),
            run_daemon("--check-config", PROXY_AUTH_USERNAME="a",
                       PROXY_AUTH_PASSWORD="hunter2-in-the-environment"),
            run_daemon("--check-config", "--auth-username=a", "--auth-password=hunter2-on-a-line"),
            run_daemon("--check-config", PROXY_AUTH_USERNAME="a",
                       PROXY_AUTH_PASSWORD_FILE=self.write("secret", "hunter2-secret-file\n")),
        ]
        for each in done:
            self.assertEqual(each.returncode, 0, each.stderr)
            self.assertNotIn("hunter2", each.stdout + each.stderr)
        self.assertIn("***", done[0].stdout)

    def test_help(self):
        """B§1: --help lists every flag with its variable and exits 0"""
        for flag in ("--help", "-h"):
            done = run_daemon(flag)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for name, _, option, _ in SPELLINGS:
                self.assertRegex(done.stdout, rf"{option} VALUE   {name}\n")
            for command in ("--config", "--check-config", "--healthcheck", "--version"):
                self.assertIn(command, done.stdout)

    def test_man(self):
        """B§1: the man page has every command and setting of --help, with the same words"""
        page = subprocess.run(
            [sys.executable, os.path.join(ROOT, "packaging", "papers.py"), "man", os.environ["SAMI_DAEMON"]],
            capture_output=True, text=True, encoding="utf-8", check=True).stdout
        page = page.replace("\\ ", " ").replace("\\-", "-")
        entries = re.findall(r"(?m)^  (-\S.*)\n      (\S.*)", run_daemon("--help").stdout)
        self.assertGreater(len(entries), len(SPELLINGS) + 8)
        for heading, words in entries:
            with self.subTest(heading):
                self.assertIn(heading.partition("   ")[0], page)
                self.assertIn(words, page)

    def test_help_despite_mistakes(self):
        """B§1: --help answers whatever else is wrong"""
        done = run_daemon("--help", "--nonsense", PROXY_PORT="99999")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Usage", done.stdout)

    def test_version(self):
        """B§1: --version prints name and version, those of its libraries, and exits 0"""
        done = run_daemon("--version")
        self.assertEqual(done.returncode, 0)
        self.assertTrue(re.fullmatch(r"sami-llm-proxy \d+\.\d+\.\d+\nOpenSSL .+\nQt .+\n",
                                     done.stdout), done.stdout)


if __name__ == "__main__":
    unittest.main()
