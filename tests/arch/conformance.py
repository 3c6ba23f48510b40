#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Lists which rule is tested by which rows, in build/conformance.md.

A row is a string literal in a test that begins with its rule: "B§6: …" (docs/behaviour.md),
"S§9.3.6: …" (RFC 9110), "M§6.1: …" (RFC 9112) or "RFC 8305 §5: …".

    conformance.py           writes the list
    conformance.py RULE      prints what tests that rule: "B§6", "RFC 9112 §6.1"
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "build" / "conformance.md"
SUFFIXES = {".cpp", ".h", ".py", ".mjs"}
SKIPPED = {"node_modules", "__pycache__", "arch"}

RULE = r"(?:B§\d+|[SM]§[\d.]*\d|RFC \d+ §[\d.]*\d)"
# A literal, and the literals that the compiler would join to it.
ROW = re.compile(
    rf'"(?P<double>{RULE}(?:[^"\\\n]|\\.)*)"(?P<more>(?:\s*"(?:[^"\\\n]|\\.)*")*)'
    rf"|'(?P<single>{RULE}(?:[^'\\\n]|\\.)*)'")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')

HEAD = """# Conformance

Which rule is tested where. `B` is [behaviour.md](../docs/behaviour.md), RFC 9110 is HTTP's meaning,
RFC 9112 is HTTP/1.1 on the wire.
"""


def split(text):
    """("RFC 9112 §6.1", "what the row says") of a literal's text."""
    rule = re.match(RULE, text).group()
    rest = text[len(rule):].lstrip(":, ").strip()
    rule = rule.replace("S§", "RFC 9110 §").replace("M§", "RFC 9112 §")
    return rule, rest.rstrip(": ")


def escaped(text):
    return re.sub(r"([\\`*_<\[\]])", r"\\\1", text)


def order(rule):
    """Our own paper first, then the RFCs by number and section."""
    return (not rule.startswith("B"), [int(number) for number in re.findall(r"\d+", rule)])


def collect(tests=ROOT / "tests"):
    found = {}
    for path in sorted(tests.rglob("*")):
        if path.suffix not in SUFFIXES or SKIPPED & set(path.relative_to(tests).parts):
            continue
        for match in ROW.finditer(path.read_text(encoding="utf-8")):
            text = match["double"] or match["single"]
            text += "".join(LITERAL.findall(match["more"] or ""))
            rule, row = split(text.replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\"))
            rows = found.setdefault(rule, set())
            rows.add((path.relative_to(ROOT).as_posix(), row))
    return found


def render(rules):
    lines = []
    for rule, rows in sorted(rules.items(), key=lambda item: order(item[0])):
        lines.append(f"## {rule}\n")
        file = None
        for path, row in sorted(rows):
            if path != file:
                file = path
                lines.append(f"`{path}`\n")
                lines.extend(f"- {escaped(text) or '(the whole test)'}"
                             for text in sorted(r for p, r in rows if p == path))
                lines.append("")
    return "\n".join(lines)


def main(wanted):
    rules = collect()
    if not wanted:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(HEAD + "\n" + render(rules), encoding="utf-8")
        print(TARGET.relative_to(ROOT))
        return
    if wanted not in rules:
        sys.exit(f"No test names {wanted}. Rules are written as B§6 and RFC 9112 §6.1.")
    print(render({wanted: rules[wanted]}))


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
