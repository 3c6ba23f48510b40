# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""ALLOWED_HOSTS with presets."""

import tempfile
import unittest

from helpers_command import check_config, run_daemon
from sami_support import Origin, Proxy, RowCase, row

# Refuses whatever the list of hosts lets pass: nobody here calls a provider.
NO_PORT = {"ALLOWED_PORTS": "9"}
OURS = "127.0.0.1"


class Presets(RowCase):
    def reason(self, proxy, host):
        """Why a CONNECT to the host at port 443 was refused."""
        with proxy.client() as client:
            client.request("CONNECT", f"{host}:443")
            self.assertEqual(client.read_response("CONNECT").status, 403)
        return proxy.wait_for_access(1, lambda line: line["target"] == f"{host}:443")[-1]["reason"]

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


if __name__ == "__main__":
    unittest.main()
