#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What is started is started by its full path: a bare name is looked up in folders where others may put a program,
on Windows in the current one first, and an administrator's consent is then given to that."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# NSIS' instructions that start a program, with the words in front of the program's name.
STARTS = re.compile(r"^\s*(ExecShell(?:Wait)?\b(?:\s+/\w+\S*)*\s+(?P<verb>\"\w*\"|\w+)|Exec(?:Wait)?\b|nsExec::\w+(?:\s+/\S+)*)\s+"
                    r"(?P<rest>.*)$")
FOLDERS = ("$SYSDIR\\", "$INSTDIR\\", "$PLUGINSDIR\\")
# Everything that C++ starts a program with, or loads a library, without saying where it is.
CALLS = re.compile(r"\bQProcess\b|\bQLibrary\b|\bQPluginLoader\b|\bShellExecute|\bCreateProcess|\bWinExec\b|"
                   r"\bLoadLibrary|\bdlopen\s*\(|\bpopen\s*\(|\bexec[lv]p?e?\s*\(|\bposix_spawn|(?<![:.>\w])system\s*\(|"
                   r"\bstd::system\s*\(")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def instructions(script):
    """The script's lines, continued ones joined, and without comments."""
    for line in re.sub(r"\\\n", " ", script).splitlines():
        if not re.match(r"\s*[;#]", line):
            yield line


def faults(script):
    """What is wrong with the programs that an NSIS script starts."""
    found = []
    folder = ""
    for line in instructions(script):
        if re.match(r"\s*(Section|Function|!macro)\b", line):
            folder = ""
        if out := re.match(r'\s*SetOutPath\s+"?([^"]*)"?\s*$', line):
            folder = out[1]
        if not (start := STARTS.match(line)):
            continue
        program = start["rest"].lstrip("'`\"")
        if not program.startswith(FOLDERS):
            found.append(f"no full path: {line.strip()}")
        elif start["verb"] and start["verb"].strip('"').lower() == "runas":
            # What an administrator is asked for is the system's own, and starts in a folder of the system's.
            if not program.startswith("$SYSDIR\\") or folder != "$SYSDIR":
                found.append(f"as an administrator, outside of the system's folder: {line.strip()}")
    return found


class Installer(unittest.TestCase):
    SCRIPTS = [path for path in sorted((ROOT / "packaging" / "windows").glob("*")) if path.suffix in (".in", ".nsh", ".nsi")]

    def test_starts_programs_by_their_full_path(self):
        for path in self.SCRIPTS:
            self.assertEqual(faults(path.read_text(encoding="utf-8")), [], path.name)

    def test_is_looked_through(self):
        text = (ROOT / "packaging/windows/NSIS.template.in").read_text(encoding="utf-8")
        started = [line for line in instructions(text) if STARTS.match(line)]
        self.assertGreaterEqual(len(started), 6)
        self.assertEqual(len(started), len(re.findall(r"(?m)^ *(?:Exec|nsExec)", text)))

    def test_what_would_be_found(self):
        for line in ('ExecShell "runas" "netsh" `advfirewall` SW_HIDE', "ExecWait 'netsh add'", 'Exec "$TEMP\\a.exe"',
                     "nsExec::ExecToStack '\"taskkill\" /f'", "nsExec::ExecToLog /TIMEOUT=9 'schtasks'",
                     'ExecShellWait "open" "notepad.exe"', 'ExecShell "runas" "$SYSDIR\\netsh.exe" `x`',
                     'SetOutPath "$SYSDIR"\nExecShell runas "$INSTDIR\\netsh.exe"',
                     'SetOutPath "$SYSDIR"\nSetOutPath "$INSTDIR"\nExecShell "runas" "$SYSDIR\\netsh.exe"'):
            self.assertEqual(len(faults(line)), 1, line)
        for line in ('SetOutPath "$SYSDIR"\nExecShell "runas" "$SYSDIR\\netsh.exe" `x`', "; Exec netsh",
                     "ExecWait '\"$INSTDIR\\uninstall.exe\" /S'", 'ExecShell "open" "$INSTDIR\\a.exe"'):
            self.assertEqual(faults(line), [], line)


class Programs(unittest.TestCase):
    def test_start_no_program(self):
        """Whatever has to be started one day: by a path that is made of GetSystemDirectory() or begins at the root."""
        read = 0
        for folder in ("core", "daemon", "gui"):
            for path in (ROOT / folder).rglob("*"):
                if path.suffix in (".cpp", ".h", ".mm"):
                    read += 1
                    found = CALLS.findall(without_comments(path.read_text(encoding="utf-8")))
                    self.assertEqual(found, [], path.relative_to(ROOT))
        self.assertGreater(read, 200)

    def test_what_would_be_found(self):
        for text in ("QProcess::startDetached(u\"netsh\"_s)", "ShellExecuteW(0, L\"runas\", L\"netsh\")", "system(\"x\")",
                     "execvp(x, y)", "LoadLibraryW(L\"x.dll\")", "::popen(\"x\")", "CreateProcessW(0, x)"):
            self.assertRegex(text, CALLS)
        for text in ("QProcessEnvironment environment", "QLocale::system()", "QRandomGenerator::system()->generate()"):
            self.assertNotRegex(text, CALLS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
