# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs the load generator (sami-bench-load) for the programs of this folder."""
import json
import subprocess
import sys


def run(load, workload, *arguments):
    """The result of one workload. Exits with the generator's output if a response was wrong or late."""
    done = subprocess.run([load, workload, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=300)
    try:
        result = json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{load} {workload} ended with {done.returncode}: {done.stdout}{done.stderr}")
    if not result["valid"]:
        sys.exit(done.stdout)
    return result
