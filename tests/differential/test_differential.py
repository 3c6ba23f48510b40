#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The same messages through our parser and two others. Where they disagree, ours refuses, or
`agreed_to_differ.py` says why it is right to accept.

SAMI_DIFFERENTIAL_SEED and SAMI_DIFFERENTIAL_COUNT draw other mutations than every run does.
"""
import json
import os
import subprocess
import sys
import unittest

import agreed_to_differ
import messages

SEED = int(os.environ.get("SAMI_DIFFERENTIAL_SEED", "1"))
COUNT = int(os.environ.get("SAMI_DIFFERENTIAL_COUNT", "6000"))
READERS = {
    "ours": [os.environ["SAMI_READ_OURS"]],
    "http-parser": [os.environ["SAMI_READ_HTTPPARSER"]],
    "h11": [os.environ["SAMI_PYTHON_WITH_H11"], "-B",
            os.path.join(os.path.dirname(os.path.abspath(__file__)), "read_h11.py")],
}


def readings(command, cases):
    """What one reader makes of all cases."""
    told = b"".join(b"%s %d\n%s" % (kind.encode(), len(octets), octets) for kind, octets in cases)
    run = subprocess.run(command, input=told, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def normal(fields):
    """h11 writes transfer codings in lower case."""
    return [[name, value.lower() if name == "transfer-encoding" else value]
            for name, value in fields]


def differences(ours, theirs):
    """In which parts two readings differ, both of them accepting."""
    parts = [part for part in ("method", "target", "minor_version", "status", "body", "complete")
             if ours[part] != theirs[part]]
    if normal(ours["fields"]) != normal(theirs["fields"]):
        parts.append("fields")
    if ours["complete"] and theirs["complete"]:
        if normal(ours["trailers"]) != normal(theirs["trailers"]):
            parts.append("trailers")
        if ours["consumed"] != theirs["consumed"]:
            parts.append("consumed")
    return parts


class DifferentialTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cases = list(messages.generated(COUNT, SEED))
        cls.read = {name: readings(command, cls.cases) for name, command in READERS.items()}

    def test_every_reader_read_everything(self):
        for name, read in self.read.items():
            self.assertEqual(len(self.cases), len(read), name)

    def test_the_messages_are_worth_reading(self):
        ours = self.read["ours"]
        self.assertGreater(sum(read["complete"] for read in ours), len(ours) // 10)
        self.assertGreater(sum(bool(read["refusal"]) for read in ours), len(ours) // 4)

    def test_ours_refuses_what_others_read_differently(self):
        for other in ("http-parser", "h11"):
            disagreements = []
            for case, ours, theirs in zip(self.cases, self.read["ours"], self.read[other]):
                if ours["refusal"] or not ours["has_head"]:
                    continue
                if theirs["refusal"]:
                    parts = ["refusal"]
                else:
                    parts = differences(ours, theirs)
                if not parts:
                    continue
                if not agreed_to_differ.find(other, case, ours, theirs, parts):
                    disagreements.append(f"{parts}\n  {case}\n  ours:   {ours}\n"
                                         f"  theirs: {theirs}")
            shown = "\n".join(disagreements[:20])
            self.assertFalse(disagreements,
                             f"{len(disagreements)} times unlike {other}:\n{shown}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
