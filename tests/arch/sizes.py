# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""How long functions are and how much a class offers, read off the sources' layout.

clang-format gives every definition the same shape, so no parser is needed: a function's body lies
between a line that ends in an opening brace at column 0 and a closing brace at column 0.
"""
import re

COMMENT = re.compile(r"//[^\n]*")
TYPE_OR_SCOPE = re.compile(r"(namespace|struct|class|enum|union|extern)\b|.*\b(array|Table)\b")
CLASS = re.compile(r"(?P<comment>(?:^[ \t]*///[^\n]*\n)*)^class (?P<name>\w+)[^;{}]*\{", re.MULTILINE)
SECTION = re.compile(r"\b(public Q_SLOTS|public|private|protected|Q_SIGNALS):")
NOT_COUNTED = re.compile(r"\boverride\b|\boperator\b|\busing\b|\bfriend\b|= delete|^Q_")


def functions(source):
    """(first line of the body, its lines, the signature's last line) of each definition."""
    lines = source.split("\n")
    opened = None
    for number, line in enumerate(lines):
        if line == "{":
            opened = (number, lines[number - 1].strip())
        elif opened is None and re.match(r"[A-Za-z].*\{$", line) and not TYPE_OR_SCOPE.match(line):
            opened = (number, line)
        elif opened and line == "}":
            yield opened[0] + 1, number - opened[0] - 1, opened[1]
            opened = None
        elif opened and line == "};":
            opened = None


def body_of(text, start):
    """What stands between the brace before `start` and its partner, without inner braces."""
    depth, kept, at = 1, [], start
    while depth and at < len(text):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if depth == 1:
                kept.append(";")
        elif depth == 1:
            kept.append(text[at])
        at += 1
    return "".join(kept)


def public_methods(body, name):
    """Names of what everybody may call, constructors, operators and overrides aside."""
    parts = SECTION.split(body)
    for section, part in zip(parts[1::2], parts[2::2]):
        if section not in {"public", "public Q_SLOTS"}:
            continue
        for statement in part.split(";"):
            statement = " ".join(statement.split())
            called = re.search(r"([~\w]+)\s*\(", statement)
            if called and not NOT_COUNTED.search(statement) \
                    and called[1] not in {name, "~" + name} and not called[1].isupper() \
                    and not called[1].startswith("Q_"):
                yield called[1]


def classes(source):
    """(name, the comment before it, its public methods) of each class of a header."""
    for found in CLASS.finditer(source):
        # Comments have the same length without their words, so positions stay.
        blank = COMMENT.sub(lambda comment: " " * len(comment[0]), source)
        body = body_of(blank, found.end())
        yield found["name"], found["comment"], list(public_methods(body, found["name"]))
