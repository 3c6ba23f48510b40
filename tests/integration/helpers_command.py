# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs the daemon as a command that prints something and exits."""

import os
import re
import subprocess

LIMIT = 20.0

# Variables that the daemon might pick up from the machine that runs the tests.
_FOREIGN = re.compile(r"^(PROXY_|LOG_|ALLOW|AUTH_FAIL_|MAX_|https?_proxy|all_proxy|no_proxy)", re.I)


def clean_environment(**settings):
    """This process's environment without any setting, plus the given ones."""
    environment = {k: v for k, v in os.environ.items() if not _FOREIGN.match(k)}
    environment.update({k: str(v) for k, v in settings.items()})
    return environment


def run_daemon(*arguments, **settings):
    """The finished command: returncode, stdout, stderr (text)."""
    return subprocess.run(
        [os.environ["SAMI_DAEMON"], *arguments],
        env=clean_environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )


def check_config(*arguments, **settings):
    """--check-config as {environment name: (value, source)}; raises if the settings are refused."""
    done = run_daemon("--check-config", *arguments, **settings)
    if done.returncode != 0:
        raise AssertionError(f"--check-config exited {done.returncode}: {done.stderr}")
    rows = {}
    for line in done.stdout.splitlines():
        if line.startswith("# "):
            continue
        name, rest = line.split(" = ", 1)
        value, source = rest.rsplit("   (", 1)
        rows[name] = (value, source.rstrip(")"))
    return rows
