#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Results of run.sh → docs/benchmarks.md on standard output.

  bench/report.py build/bench             prints it
  bench/report.py build/bench --smoke     prints it, with the warning that the loads were small
  bench/report.py build/bench --publish   writes it, and the figures between the READMEs' marks
"""
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

from metrics import BEST_PEER, CLEAR, OWN, PACKAGES, PEER, SUMMARY, TLS, VERSIONED

ROOT = pathlib.Path(__file__).resolve().parents[1]


def number(value, metric):
    return f"{value * metric.scale:,.{metric.digits}f}"


def lines_of(path):
    """The entries of a file of JSON lines; none if there is no such file."""
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Results:
    """Medians over the rounds of one part."""

    def __init__(self, folder, part):
        self.part = part
        self.run, *self._lines = lines_of(folder / f"{part.name}.jsonl") or [None]
        self.programs = [name for name in part.programs
                         if any(line["program"] == name for line in self._lines)]
        self.rounds = max((line["round"] for line in self._lines), default=0)

    def values(self, program, metric):
        return [line["result"][metric.figure] for line in self._lines
                if (line["program"], line["case"]) == (program, metric.case)
                and line["result"] and line["result"]["valid"]
                and metric.figure in line["result"]]

    def median(self, program, metric):
        values = self.values(program, metric)
        return statistics.median(values) if values else None

    def disturbance(self):
        """The machine's use by others, as shares of all cores: median and worst run."""
        shares = [line["result"]["disturbance"] for line in self._lines if line["result"]] or [0]
        return statistics.median(shares), max(shares)

    def own(self, metric):
        return self.median(self.part.own, metric)

    def named(self, program):
        return self.part.programs[program]

    def best_peer(self, metric):
        """(name, median) of the peer to beat, or None."""
        found = [(self.median(peer, metric), peer) for peer in self.part.peers]
        found = [pair for pair in found if pair[0] is not None]
        if not found:
            return None
        value, peer = max(found) if metric.more_is_better else min(found)
        return peer, value

    def invalid(self):
        """A sentence for each program and case with an invalid run."""
        bad = {}
        for line in self._lines:
            result = line["result"]
            if not result or not result["valid"]:
                reason = result.get("reasons", "") if result else "no result"
                bad.setdefault((line["program"], line["case"]), []).append(reason)
        return [f"{self.named(program)}, `{case}`: {len(reasons)} of {self.rounds} runs not valid "
                f"({reasons[0]})" for (program, case), reasons in bad.items()]


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def present(results):
    """The metrics that were measured for any program."""
    return [metric for metric in results.part.metrics
            if any(results.values(program, metric) for program in results.programs)]


def figures(results):
    rows = []
    for metric in present(results):
        best = results.best_peer(metric)
        row = [f"{metric.name}, {metric.unit}"]
        for program in results.programs:
            value = results.median(program, metric)
            text = "–" if value is None else number(value, metric)
            row.append(f"**{text}**" if best and best[0] == program else text)
        rows.append(row)
    return table([""] + [results.named(program) for program in results.programs], rows)


def judge(results, mark):
    """(what is compared, the compared figure as text, whether the mark is met)."""
    own = results.own(mark.metric)
    if mark.kind == BEST_PEER:
        best = results.best_peer(mark.metric)
        if best is None or not best[1]:
            return None
        ratio = own / best[1]
        good = ratio > mark.limit if mark.metric.more_is_better else ratio <= mark.limit
        beyond = " and the better one" if mark.stretch and ratio <= mark.stretch else ""
        return (f"{results.named(best[0])}: {number(best[1], mark.metric)}", f"{ratio:.2f}",
                ("met" + beyond) if good else "**missed**")
    if mark.kind in (OWN, PEER):
        metric, program = ((mark.own, results.part.own) if mark.kind == OWN
                           else (mark.metric, mark.peer))
        reference = results.median(program, metric)
        if not reference:
            return None
        name = "our own" if mark.kind == OWN else results.named(program)
        return (f"{name}: {number(reference, metric)}", f"{own / reference:.2f}",
                "met" if own / reference <= mark.limit else "**missed**")
    value = own * mark.metric.scale
    beyond = " and the better one" if mark.stretch and value <= mark.stretch else ""
    return "–", "–", ("met" + beyond) if value <= mark.limit else "**missed**"


def spread(results, metric):
    values = results.values(results.part.own, metric)
    return f"{number(min(values), metric)} … {number(max(values), metric)}"


def marks(results):
    rows = []
    for mark in results.part.marks:
        own = results.own(mark.metric)
        verdict = judge(results, mark) if own is not None else None
        if verdict:
            rows.append([f"{mark.metric.name}, {mark.metric.unit}", number(own, mark.metric),
                         spread(results, mark.metric), verdict[0], verdict[1], mark.text,
                         verdict[2]])
    return table(["", "Sami", "its runs", "against", "ratio", "mark", ""], rows)


def losses(results):
    """Every figure in which a peer beats the daemon as shipped."""
    found = []
    for metric in present(results):
        own, best = results.own(metric), results.best_peer(metric)
        if own is None or best is None:
            continue
        peer, value = best
        if (value > own) if metric.more_is_better else (value < own):
            found.append(f"- {metric.name}: {number(own, metric)} {metric.unit}; "
                         f"{results.named(peer)} {number(value, metric)}")
    return "\n".join(found) or "- Nothing in this run."


def micro(lines):
    rows = [[f"{line['micro']}, {line['octets']:,} octets",
             "whole" if line["piece"] >= line["octets"] else f"{line['piece']:,}",
             f"{line['ns'] / 1000:,.2f}", f"{line['megabytes_per_second']:,.0f}"]
            for line in lines if "octets" in line]
    return table(["", "pieces of", "µs", "MB/s"], rows)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def processor():
    """Without the model number, because the figures do not carry over to other machines anyway."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*: (.*)", file.read())
    words = found.group(1).split() if found else []
    return " ".join(word for word in words[:4] if word.isalpha()) or platform.machine()


def versions(*parts):
    packages = {PACKAGES[program]: None for results in parts for program in results.programs
                if program in PACKAGES}
    return ", ".join(
        f"{VERSIONED[package]} "
        f"{output('dpkg-query', '-W', '-f', '${Version}', package) or '(version unknown)'}"
        for package in packages)


def machine():
    with open("/proc/meminfo", encoding="utf-8") as file:
        kilobytes = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1))
    kernel = ".".join(platform.release().split(".")[:2])
    return (f"{os.cpu_count()} cores ({processor()}), {round(kilobytes / 2 ** 20)} GB, "
            f"Linux {kernel}, {platform.machine()}")


SMOKE = """
> **A smoke run.** The loads were a fraction of those described below: the figures show that everything
> works, and nothing else.
"""


DISTURBED = """
> **Not to be believed.** Others used much of the machine while this was measured: delays are those of the
> scheduler, and CPU times those of cold caches.
"""
DISTURBED_SHORT = {
    False: "Measured while others used the machine: take the ratios as rough, the delays not at all.\n",
    True: "Измерено, пока машину занимали и другие: отношения приблизительны, задержкам верить нельзя.\n",
}
MOST_DISTURBANCE = 0.1  # of all cores, median


def is_disturbed(results):
    return results.disturbance()[0] > MOST_DISTURBANCE


def part_values(results):
    """What the page says about one part; each name is prefixed with the part's own."""
    usual, worst = results.disturbance()
    invalid = "\n".join(f"- {line}" for line in results.invalid())
    values = {
        "warning": DISTURBED if is_disturbed(results) else "",
        "run": "Not measured in this run." if not results.rounds else
               f"Measured on {results.run['date']}, commit {results.run['commit']}; rounds: "
               f"{results.rounds}, the programs in turn within each case; medians are shown. "
               f"Others used {usual:.0%} of all cores meanwhile, at worst {worst:.0%}.",
        "marks": marks(results),
        "losses": losses(results),
        "figures": figures(results),
        "invalid": invalid or "- None.",
    }
    return {f"{results.part.name}_{name}": value for name, value in values.items()}


def paper(clear, through_tls, micro_lines, warning=""):
    text = (ROOT / "bench" / "benchmarks.md.in").read_text(encoding="utf-8")
    values = {
        "warning": warning,
        "machine": machine(),
        "versions": versions(clear, through_tls),
        "micro": micro(micro_lines),
        **part_values(clear),
        **part_values(through_tls),
    }
    return re.sub(r"@(\w+)@", lambda match: values[match.group(1)], text)


UNITS_RU = {"µs": "мкс", "s": "с", "KB": "КБ", "ms": "мс"}


def summary(results, russian):
    rows = []
    for metric, english, translated in SUMMARY:
        own, best = results.own(metric), results.best_peer(metric)
        if own is None or best is None:
            continue
        unit = UNITS_RU[metric.unit] if russian else metric.unit
        cells = [f"{number(own, metric)} {unit}",
                 f"{number(best[1], metric)} {unit} ({results.named(best[0])})"]
        if russian:
            cells = [cell.replace(",", " ").replace(".", ",") for cell in cells]
        rows.append([translated if russian else english, *cells])
    header = ["", "Sami", "лучший из остальных"] if russian else ["", "Sami", "the best peer"]
    remark = "\n" + DISTURBED_SHORT[russian] if is_disturbed(results) else ""
    return table(header, rows) + remark


def publish(page, clear):
    (ROOT / "docs" / "benchmarks.md").write_text(page, encoding="utf-8")
    for name, russian in (("README.md", False), ("README.ru.md", True)):
        path = ROOT / name
        begin, end = "<!-- costs:begin -->\n", "<!-- costs:end -->"
        text = path.read_text(encoding="utf-8")
        before, rest = text.split(begin)
        after = rest.split(end)[1]
        path.write_text(before + begin + summary(clear, russian) + "\n" + end + after,
                        encoding="utf-8")


def main():
    folder, flags = pathlib.Path(sys.argv[1]), sys.argv[2:]
    clear, through_tls = Results(folder, CLEAR), Results(folder, TLS)
    page = paper(clear, through_tls, lines_of(folder / "micro.jsonl"),
                 SMOKE if flags == ["--smoke"] else "")
    if flags != ["--publish"]:
        print(page, end="")
    elif clear.rounds and through_tls.rounds:
        publish(page, clear)
    else:
        sys.exit(f"{folder} has but one half of a run: bench/run.sh measures both")


if __name__ == "__main__":
    main()
