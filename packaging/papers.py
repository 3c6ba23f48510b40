#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Writes a program's man page, or a settings file with all settings commented, from its --help.

    papers.py man  PROGRAM [EXTRA.roff]   the man page; EXTRA is put behind the options
    papers.py conf PROGRAM [KEY=VALUE…]   the settings file; the KEYs named are active
"""
import os
import re
import subprocess
import sys
import textwrap

CONF_HEAD = """\
# Settings of sami-llm-proxy, read at its start.
#
# A setting is a line "key = value"; the value is the rest of the line, nothing is quoted. Lines that
# begin with "#" say what there is and what holds without a line of yours. sami-llm-proxy(1) has more.
#
#   check this file:   sami-llm-proxy --config /etc/sami-llm-proxy.conf --check-config
#   make it count:     systemctl reload sami-llm-proxy
#   its own identity:  sami-llm-proxy --config /etc/sami-llm-proxy.conf --pin
#   how is it:         sami-llm-proxy status --config /etc/sami-llm-proxy.conf
#
# The service keeps what outlives it in /var/lib/sami-llm-proxy, which is in its unit; state_dir below tells commands like
# the last one where that is.
#
# The proxy listens on this machine alone as shipped. Before you open it (address = 0.0.0.0), set
# auth_username and auth_password, or allowed_ips.
"""


class Entry:
    """One option of the help: its heading, its variable if it is a setting, and its explanation."""

    def __init__(self, heading):
        self.flag, _, self.variable = heading.partition("   ")
        self.words = []

    @property
    def text(self):
        return " ".join(self.words)

    @property
    def key(self):
        return self.flag.split()[0].lstrip("-").replace("-", "_")


def run(program, *arguments):
    # None of the builder's own settings may end up in what is shipped.
    environment = {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen"}
    environment.update((name, value) for name, value in os.environ.items()
                       if name.startswith(("LD_", "ASAN_", "TSAN_", "UBSAN_")))
    return subprocess.run([program, *arguments], capture_output=True, check=True,
                          encoding="utf-8", env=environment).stdout


def read_help(program):
    """(what it is, [(section, introduction, entries)])"""
    lines = run(program, "--help").splitlines()
    description, sections = [], []
    for line in lines[1:]:
        if re.match(r"\S.*:$", line):
            sections.append((line[:-1], [], []))
        elif not sections:
            description.append(line)
        # In other sections than the commands', text at this indent may also be an introduction.
        elif re.match(r"  -\S" if sections[-1][0] != "Commands" else r"  \S", line):
            sections[-1][2].append(Entry(line.strip()))
        elif line.startswith("      "):
            sections[-1][2][-1].words.append(line.strip())
        elif line.strip():
            sections[-1][1].append(line.strip())
    return " ".join(description).strip(), [(title, " ".join(words), entries)
                                           for title, words, entries in sections]


def usage(program):
    """What follows the program's name in the help's first line."""
    return run(program, "--help").splitlines()[0].removeprefix("Usage: ").partition(" ")[2]


def roff(text):
    text = text.replace("\\", r"\e").replace("-", r"\-")
    # A dot or quote in the first column would be a request.
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def man_page(program, extra):
    name = os.path.basename(program)
    version = run(program, "--version").splitlines()[0].split()[-1]
    description, sections = read_help(program)
    what = "forward proxy for LLM API calls" + (" with an icon in the tray"
                                               if name.endswith("-tray") else "")
    page = [f'.TH {name.upper()} 1 "" "{name} {version}" "User Commands"',
            ".SH NAME", rf"{roff(name)} \- {what}",
            ".SH SYNOPSIS", f".B {roff(name)}", roff(usage(program)),
            ".SH DESCRIPTION", roff(description)]
    for title, introduction, entries in sections:
        page.append(f".SH {title.upper()}")
        if introduction:
            page.append(roff(introduction))
        for entry in entries:
            page += [".TP", rf".BR {roff(entry.flag).replace(' ', chr(92) + ' ')}"]
            if entry.variable:
                page.append(f"({roff(entry.variable)})")
                page.append(".br")
            page.append(roff(entry.text))
    if extra:
        with open(extra, encoding="utf-8") as file:
            page.append(file.read().rstrip())
    return "\n".join(page) + "\n"


def defaults(program):
    """The values in force without any setting, by variable name."""
    pairs = re.findall(r"(?m)^([A-Z0-9_]+) = (.*?) +\(default\)$", run(program, "--check-config"))
    return {name: "" if value == "-" else value for name, value in pairs}


def settings_file(program, active):
    values = dict(pair.split("=", 1) for pair in active)
    default = defaults(program)
    blocks = [CONF_HEAD]
    for _, _, entries in read_help(program)[1]:
        for entry in entries:
            if not entry.variable:
                continue
            lines = textwrap.wrap(entry.text, 95, initial_indent="# ", subsequent_indent="# ")
            mark = "" if entry.key in values else "#"
            value = values.pop(entry.key, default[entry.variable])
            lines.append(f"{mark}{entry.key} = {value}".rstrip())
            blocks.append("\n".join(lines) + "\n")
    if values:
        sys.exit(f"no such setting: {', '.join(values)}")
    return "\n".join(blocks)


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in ("man", "conf"):
        sys.exit(__doc__)
    kind, program, *rest = arguments
    sys.stdout.write(man_page(program, rest[0] if rest else "") if kind == "man"
                     else settings_file(program, rest))


if __name__ == "__main__":
    main(sys.argv[1:])
