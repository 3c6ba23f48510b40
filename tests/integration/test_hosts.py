# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""ALLOWED_HOSTS with presets, and in report mode."""

import os
import signal
import tempfile
import unittest

from helpers_access import WITH_AUTH, basic
from helpers_command import check_config, run_daemon
from helpers_tunnel import HeldOrigin
from sami_support import Origin, Proxy, RowCase, closed_port, row, wait_until

REPORT = {"ALLOWED_HOSTS": "@anthropic", "ALLOWED_HOSTS_MODE": "report"}
# Refuses what the list of hosts lets pass, so that no test calls a provider.
NO_PORT = {"ALLOWED_PORTS": "9"}
OURS = "127.0.0.1"


def started(proxy, message="started"):
    return proxy.wait_for_log(lambda line: line.get("message") == message)


class Presets(RowCase):
    def reason(self, proxy, host):
        """Why a CONNECT to the host at port 443 was refused."""
        with proxy.client() as client:
            client.request("CONNECT", f"{host}:443")
            self.assertEqual(client.read_response("CONNECT").status, 403)
        name = host.rstrip(".")
        return proxy.wait_for_access(1, lambda line: line["target"] == f"{name}:443")[-1]["reason"]

    @row("B§1: a preset lets its provider's hosts pass, for CONNECT and in absolute-form, and no other")
    def test_preset(self):
        with Proxy({"ALLOWED_HOSTS": "@Anthropic", **NO_PORT}) as proxy:
            for host in ("api.anthropic.com", "platform.claude.com", "CLAUDE.AI", "claude.com",
                         "downloads.claude.ai."):
                self.assertEqual(self.reason(proxy, host), "port_not_listed")
            for host in ("api.openai.com", "x.claude.ai", "claude.ai.evil.test", "notclaude.ai"):
                self.assertEqual(self.reason(proxy, host), "host_not_listed")
            for host, setting in (("claude.ai", b"ALLOWED_PORTS"), ("a.test", b"ALLOWED_HOSTS")):
                self.assertIn(setting, proxy.get(f"http://{host}/").body)

    @row("B§1: presets, names and suffixes mix in one list, in the environment and in the file")
    def test_mixed(self):
        listed = f"@xai, {OURS} ,@openai,*.wild.test"
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file, Origin() as origin:
            file.write(f"allowed_hosts = {listed}\n")
            file.flush()
            for settings, arguments in (({"ALLOWED_HOSTS": listed}, []),
                                        ({}, ["--config", file.name])):
                with Proxy(settings, arguments) as proxy:
                    self.assertEqual(proxy.get(origin.url()).status, 200)
                    self.assertEqual(self.reason(proxy, "a.test"), "host_not_listed")

    @row("B§1: a preset stays a word in --check-config, which shows its hosts and their day below")
    def test_check_config(self):
        rows = check_config(ALLOWED_HOSTS="@llm,a.test")
        self.assertEqual(rows["ALLOWED_HOSTS"], ("@llm,a.test", "environment"))
        hosts, checked = rows["@anthropic"]
        self.assertIn("platform.claude.com", hosts.split(","))
        self.assertRegex(checked, r"^checked \d{4}-\d\d-\d\d$")
        self.assertIn("@openai", check_config(ALLOWED_HOSTS="@LLM"))
        self.assertNotIn("@openai", check_config(ALLOWED_HOSTS="@xai"))

    @row("B§1: a word that is no preset is refused at the start, with the nearest and all that there are")
    def test_unknown(self):
        for text, meant in (("@antropic", "@anthropic"), ("@open-ai", "@openai"), ("@LMM", "@llm"),
                            ("@grok", None), ("@", None)):
            with self.subTest(text):
                done = run_daemon(PROXY_PORT="0", ALLOWED_HOSTS=f"a.test,{text}")
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(f"ALLOWED_HOSTS: \"{text}\": no such preset", done.stderr)
                self.assertIn("@deepseek, @xai, @llm", done.stderr)
                self.assertEqual(f"did you mean {meant}?" in done.stderr, meant is not None)

    @row("B§1: the name of a preset without its @ is a host, and gets a hint")
    def test_without_sign(self):
        with Proxy({"ALLOWED_HOSTS": "openai,@xai"}) as proxy:
            hints = [line["message"] for line in proxy.log_lines()
                     if "@openai" in line.get("message", "")]
            self.assertEqual(len(hints), 1)
            self.assertEqual(self.reason(proxy, "api.openai.com"), "host_not_listed")


class Report(RowCase):
    def setUp(self):
        self.origin = self.enter(Origin())

    @row("B§2: a host that is not on a reported list is served, and its line says would_refuse")
    def test_forwarded(self):
        with Proxy(REPORT) as proxy:
            self.assertEqual(proxy.get(self.origin.url()).status, 200)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual(line["would_refuse"], "host_not_listed")
            self.assertEqual((line["status"], line["how"], line["level"]), (200, "complete", "info"))
            self.assertNotIn("reason", line)

    @row("B§2: so is a CONNECT to it")
    def test_tunnel(self):
        with HeldOrigin() as held, Proxy(REPORT) as proxy:
            with proxy.client() as tunnel:
                tunnel.connect_tunnel(OURS, held.port)
                end = held.take()
                tunnel.send(b"ping")
                self.assertEqual(end.recv_exactly(4), b"ping")
                end.close()
                tunnel.expects_eof()
            line = proxy.wait_for_access(1)[0]
            self.assertEqual((line["status"], line["would_refuse"]), (200, "host_not_listed"))

    @row("B§8: would_refuse is in the text log too")
    def test_text(self):
        port = closed_port()
        with Proxy({**REPORT, "LOG_FORMAT": "text", "PROXY_PORT": port},
                   expect_start=False) as proxy:
            proxy.wait_for_log(lambda line: " started " in line.get("text", ""))
            proxy.port = port
            self.assertEqual(proxy.get(self.origin.url()).status, 200)
            text = proxy.wait_for_log(lambda line: " closed " in line.get("text", ""))["text"]
            self.assertRegex(text, r" how=complete would_refuse=host_not_listed front=http")

    @row("B§2: of several requests on a connection those to listed hosts say nothing of it")
    def test_each_request(self):
        other = self.enter(Origin())
        with Proxy({**REPORT, "ALLOWED_HOSTS": f"{OURS}:{other.port}"}) as proxy:
            with proxy.client() as client:
                for origin in (other, self.origin, other, self.origin):
                    client.request("GET", origin.url())
                    self.assertEqual(client.read_response().status, 200)
            lines = proxy.wait_for_access(4)
            self.assertEqual([line.get("would_refuse") for line in lines],
                             [None, "host_not_listed"] * 2)

    @row("B§2: a reported list opens nothing else: credentials, ports and private addresses are enforced")
    def test_the_rest_is_enforced(self):
        for settings, reason, reported in (
            ({"ALLOW_PRIVATE_TARGETS": None}, {"private_target", "own_address"}, True),
            (NO_PORT, {"port_not_listed"}, True),
            (WITH_AUTH, {"credentials_missing"}, False),  # the host was not looked at
            ({"ALLOWED_IPS": "192.0.2.1"}, {"client_not_listed"}, False),
        ):
            with self.subTest(reason), Proxy({**REPORT, **settings}) as proxy:
                self.assertIn(proxy.get(self.origin.url()).status, (403, 407))
                with proxy.client() as client:
                    client.request("CONNECT", self.origin.authority)
                    self.assertIn(client.read_response("CONNECT").status, (403, 407))
                for line in proxy.wait_for_access(2):
                    self.assertIn(line["reason"], reason)
                    self.assertEqual(line["how"], "refused")
                    self.assertEqual(line.get("would_refuse"),
                                     "host_not_listed" if reported else None)
        self.assertEqual(self.origin.connections, [])

    @row("B§2: an enforced list says nothing of would_refuse, for what passes and for what does not")
    def test_enforced(self):
        for settings in ({"ALLOWED_HOSTS": "a.test"}, {"ALLOWED_HOSTS": OURS},
                         {"ALLOWED_HOSTS": "a.test", "ALLOWED_HOSTS_MODE": "enforce"}):
            with Proxy(settings) as proxy:
                passes = settings["ALLOWED_HOSTS"] == OURS
                self.assertEqual(proxy.get(self.origin.url()).status, 200 if passes else 403)
                self.assertNotIn("would_refuse", proxy.wait_for_access(1)[0])

    @row("B§6: SIGHUP changes the mode both ways for the next request, on kept connections too")
    def test_reload(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "sami.ini")

        def write(mode):
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"port = 0\nallowed_hosts = @openai\nallowed_hosts_mode = {mode}\n")

        write("enforce")
        with Proxy({"PROXY_PORT": None}, ["--config", path]) as proxy:
            client = proxy.client()
            for times, (mode, status) in enumerate((("enforce", 403), ("report", 200),
                                                    ("enforce", 403), ("report", 200))):
                if times:
                    write(mode)
                    proxy.signal(signal.SIGHUP)
                    wait_until(lambda: len([line for line in proxy.log_lines()
                                            if line.get("message") == "reloaded"]) == times,
                               what="the reload")
                client.request("GET", self.origin.url())
                self.assertEqual(client.read_response().status, status)
                line = proxy.wait_for_access(times + 1)[-1]
                self.assertEqual("would_refuse" in line, mode == "report")
                self.assertEqual("reason" in line, mode == "enforce")

    @row("B§1: --check-config, the line at start and a hint say that the list is only reported")
    def test_is_said(self):
        text = run_daemon("--check-config", **REPORT).stdout
        self.assertEqual(len([line for line in text.splitlines() if line.startswith("# ")]), 1)
        self.assertIn("# ALLOWED_HOSTS_MODE=report: hosts that ALLOWED_HOSTS does not have pass", text)
        for settings, state, hinted in (
            (REPORT, "report", True),
            ({"ALLOWED_HOSTS_MODE": "report"}, "off", True),
            ({"ALLOWED_HOSTS": "@xai"}, "enforce", False),
            ({}, "off", False),
        ):
            with self.subTest(settings), Proxy({**settings, "PROXY_ADDRESS": "0.0.0.0"}) as proxy:
                self.assertEqual(started(proxy)["allowed_hosts"], state)
                [warning] = [line for line in proxy.log_lines()
                             if line.get("message", "").startswith("OPEN PROXY")]
                self.assertEqual(warning["allowed_hosts"], state)
                hints = [line["message"] for line in proxy.log_lines()
                         if line.get("message", "").startswith("ALLOWED_HOSTS_MODE=report")]
                self.assertEqual(len(hints), int(hinted))
                if state == "off":
                    self.assertTrue(all("empty" in hint for hint in hints))

    @row("B§1: a mode that there is not is refused at the start")
    def test_unknown_mode(self):
        done = run_daemon(PROXY_PORT="0", ALLOWED_HOSTS="@xai", ALLOWED_HOSTS_MODE="log")
        self.assertEqual(done.returncode, 2)
        self.assertIn("ALLOWED_HOSTS_MODE: \"log\": write enforce or report", done.stderr)

    @row("B§2: behind credentials a reported list names the user in the line")
    def test_user(self):
        with Proxy({**REPORT, **WITH_AUTH}) as proxy:
            self.assertEqual(proxy.get(self.origin.url(), basic()).status, 200)
            line = proxy.wait_for_access(1)[0]
            self.assertEqual(line["would_refuse"], "host_not_listed")
            self.assertTrue(line["user"])


if __name__ == "__main__":
    unittest.main()
