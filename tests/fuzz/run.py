#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Runs the fuzz targets for real, several at a time.

    run.py BUILD MINUTES [UNIT…]    MINUTES in all, shared equally; exit 1 when something was found
    run.py BUILD --merge [UNIT…]    adds to the committed corpora what reaches new code

What libFuzzer makes up stays in BUILD/fuzz-corpus and serves the next run; what it finds lies in
BUILD/fuzz-finds, one file a find, and belongs into the corpus together with the fix.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
MESSAGES = {"bodyreader", "forwarding", "requestheadparser", "requesttarget",
            "responseheadparser", "session"}
MAX_LENGTH = 4096
LARGEST_ADDITION = 1024


def targets(build, units):
    found = {path.name.removeprefix("fuzz_"): path
             for path in sorted((build / "tests" / "fuzz").glob("fuzz_*"))
             if path.is_file() and os.access(path, os.X_OK)}
    if not found:
        sys.exit(f"no targets in {build}: build the preset fuzz")
    return {unit: found[unit] for unit in units or found}


def fuzz(build, unit, program, seconds):
    """(unit, found something, executions, coverage, seconds)"""
    grown = build / "fuzz-corpus" / unit
    finds = build / "fuzz-finds"
    grown.mkdir(parents=True, exist_ok=True)
    finds.mkdir(exist_ok=True)
    command = [program, f"-max_total_time={seconds}", f"-max_len={MAX_LENGTH}", "-timeout=30",
               "-rss_limit_mb=4096", "-print_final_stats=1", f"-artifact_prefix={finds}/{unit}-",
               grown, CORPUS / unit]
    if unit in MESSAGES:
        command.insert(1, f"-dict={HERE / 'http.dict'}")
    began = time.monotonic()
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace", check=False)
    if run.returncode != 0:
        print(f"--- {unit}\n{run.stdout[-4000:]}", flush=True)
    executions = re.search(r"number_of_executed_units: (\d+)", run.stdout)
    coverage = re.findall(r"cov: (\d+)", run.stdout)
    return (unit, run.returncode != 0, int(executions[1]) if executions else 0,
            int(coverage[-1]) if coverage else 0, time.monotonic() - began)


def run(build, minutes, units):
    programs = targets(build, units)
    jobs = max(1, min(len(programs), os.cpu_count() or 1))
    seconds = max(1, round(minutes * 60 * jobs / len(programs)))
    print(f"{len(programs)} targets, {jobs} at a time, {seconds} s each")
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        begun = [pool.submit(fuzz, build, unit, program, seconds)
                 for unit, program in programs.items()]
        results = [one.result() for one in begun]
    print(f"{'target':24}{'executions':>12}{'per second':>12}{'coverage':>10}")
    for unit, found, executions, coverage, took in results:
        print(f"{unit:24}{executions:12}{executions / took:12.0f}{coverage:10}"
              f"{'   FOUND SOMETHING' if found else ''}")
    return any(found for _, found, *_ in results)


def merge(build, units):
    for unit, program in targets(build, units).items():
        grown = build / "fuzz-corpus" / unit
        small = build / "fuzz-small" / unit
        small.mkdir(parents=True, exist_ok=True)
        for path in grown.glob("*"):
            if path.stat().st_size <= LARGEST_ADDITION:
                (small / path.name).write_bytes(path.read_bytes())
        before = set(CORPUS.joinpath(unit).iterdir())
        subprocess.run([program, "-merge=1", "-use_counters=0", CORPUS / unit, small], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{unit}: {len(set(CORPUS.joinpath(unit).iterdir()) - before)} files more")


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    build, what, *units = arguments
    build = pathlib.Path(build).resolve()
    if what == "--merge":
        merge(build, units)
    elif run(build, float(what), units):
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
