#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Writes docs/reliability.md: fault or attack, what is expected, what was seen, by which test.

A drill is a test of tests/hardening with both decorators:

    @drill("what goes wrong", seen="what was measured")
    @row("B§6: what is expected")

    reliability.py           writes the file
    reliability.py --check   fails when the file is not what would be written
"""
import ast
import sys

import conformance

ROOT = conformance.ROOT
TARGET = ROOT / "docs" / "reliability.md"
HARDENING = ROOT / "tests" / "hardening"

HEAD = """# Reliability

What goes wrong, what is expected then, what was seen, and which test shows it. Made by
`tests/arch/reliability.py` out of [tests/hardening](../tests/hardening): do not edit, run it again.
How to run them: [CONTRIBUTING.md](../CONTRIBUTING.md#hardening). Figures are of a machine with two
cores, everything on loopback or in namespaces of the test's own; a test asserts wider bounds. The
threats behind them are in [SECURITY.md](../SECURITY.md).
"""

# Module → heading, in the order of the page.
SECTIONS = {
    "test_origin": "Origins and clients that misbehave",
    "test_network": "Networks that misbehave",
    "test_names": "Names that are silent or lie",
    "test_exit": "The way out",
    "test_surroundings": "The machine and its neighbours",
    "test_exhaustion_clients": "Clients that want too much",
    "test_exhaustion_resources": "A machine that runs out",
    "test_exhaustion_legs": "Legs whose peers do nothing",
    "test_tls_parts": "TLS that lacks its parts",
    "test_access_matrix": "Who gets in",
    "test_private": "Who looks like a neighbour",
    "test_access_destinations": "Ways around the destination rules",
    "test_access_secrets": "Secrets",
    "test_reload": "A door that is moved",
    "test_long": "Long silences",
    "test_renewal": "Certificates that change",
    "test_scan": "A scanner at the door",
}
# Decorators of drill.py: what ./test.sh is to be told.
SWITCHES = {"only_long": "--long", "only_real": "--real"}


def decorators(function):
    """{name: call} of the decorators that are calls."""
    return {call.func.id: call for call in function.decorator_list
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}


def drills(path):
    """[(fault, expected, seen, test, the switch that it needs)] in the order of the file."""
    found = []
    for case in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(case, ast.ClassDef):
            continue
        for function in (node for node in case.body if isinstance(node, ast.FunctionDef)):
            calls = decorators(function)
            if "drill" not in calls:
                continue
            drill, row = calls["drill"], calls["row"]
            seen = next((ast.literal_eval(keyword.value) for keyword in drill.keywords
                         if keyword.arg == "seen"), "as expected")
            asked_for = next((switch for name, switch in SWITCHES.items()
                              if name in {**calls, **decorators(case)}), None)
            found.append((ast.literal_eval(drill.args[0]), ast.literal_eval(row.args[0]), seen,
                          f"{path.stem}.{case.name}.{function.name}", asked_for))
    return found


def collect():
    return {path.stem: drills(path) for path in sorted(HARDENING.glob("test_*.py"))}


def cell(text):
    return conformance.escaped(text).replace("|", "\\|")


COSTS = """## What a connection costs

What one connection of each kind makes the daemon keep of the heap, in octets, and which budget bounds
all of them together. `test_memory_costs` opens many of each kind and compares; a factor of 1.3 is allowed.
What the kernel keeps for a socket is not in it.

| kind of connection | octets | bounded by |
|---|---:|---|"""

BUDGETS = """
| budget | how much | beyond it |
|---|---|---|"""


def costs():
    """The table of test_memory_costs.COSTS, and its budgets."""
    module = ast.parse((HARDENING / "test_memory_costs.py").read_text(encoding="utf-8"))
    values = {target.id: node.value for node in module.body if isinstance(node, ast.Assign)
              for target in node.targets if isinstance(target, ast.Name)}
    name = {key: ast.literal_eval(value) for key, value in values.items()
            if isinstance(value, ast.Constant)}
    lines = [COSTS]
    for kind in values["COSTS"].elts:
        what, cost, budget = kind.args[:3]
        lines.append(f"| {cell(ast.literal_eval(what))} | {ast.literal_eval(cost):,} "
                     f"| {name[budget.id]} |")
    lines.append(BUDGETS)
    for key, value in zip(values["BUDGETS"].keys, values["BUDGETS"].values):
        size, beyond = ast.literal_eval(value)
        lines.append(f"| {name[key.id]} | {cell(size)} | {cell(beyond)} |")
    lines.append("")
    return lines


def render():
    lines = [HEAD]
    found = collect()
    for module, heading in SECTIONS.items():
        lines.append(f"## {heading}\n")
        lines.append("| fault or attack | expected | seen | test |")
        lines.append("|---|---|---|---|")
        for fault, expected, seen, test, switch in found.get(module, []):
            rule, sentence = conformance.split(expected)
            only = f" (`{switch}`)" if switch else ""
            lines.append(f"| {cell(fault)} | {cell(sentence)} ({rule}) | {cell(seen)} "
                         f"| `{test}`{only} |")
        lines.append("")
        if module == "test_exhaustion_resources":
            lines += costs()
    return "\n".join(lines)


def is_stale():
    return not TARGET.exists() or TARGET.read_text(encoding="utf-8") != render()


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(render(), encoding="utf-8")
    elif is_stale():
        sys.exit("docs/reliability.md is stale: run tests/arch/reliability.py and commit it")
