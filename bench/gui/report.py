#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The page of bench/gui/run.sh, on standard output: report.py TABLE_JSON [DELAYS_FILE]. 1 is the exit code when
a budget is missed.
"""
import datetime
import json
import os
import pathlib
import statistics
import sys

table = json.loads(sys.argv[1])
runs = {"daemon": [], "tray": []}
for line in pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines() if len(sys.argv) > 2 else []:
    program, result = line.split(" ", 1)
    runs[program].append(json.loads(result))


def median(program, name):
    return statistics.median(run[name] for run in runs[program])


missed = []


def verdict(met):
    if not met:
        missed.append(True)
    return "met" if met else "**missed**"


visible = table["visible_ms"] / 10  # of a second, in per cent
print(f"""# What the tray app costs

Written by `bench/gui/run.sh` on {datetime.date.today()}; do not edit by hand. {os.cpu_count()} cores;
client, proxy, origin and the display share them.

## The window

{table["rows"]:,} live connections over a scripted core, of which {table["churn_percent"]} % end and as many
come at every tick (once a second); sorted by rate, a filter set ({table["shown"]:,} rows pass it), the
chart shown. Medians; a tick is everything that follows from it, painting included.

| | seen | budget | |
|---|---|---|---|
| CPU a tick, visible | {table["visible_ms"]:.1f} ms, {visible:.1f} % of a core (at most {table["visible_most_ms"]:.1f} ms) | 5 % | {verdict(visible < 5)} |
| CPU a tick, hidden | {table["hidden_ms"]:.3f} ms | about 0 | {verdict(table["hidden_ms"] < 1)} |
| first paint with all rows | {table["first_paint_ms"]:.0f} ms | 300 ms | {verdict(table["first_paint_ms"] < 300)} |
| resident memory, idle | {table["idle_rss_mb"]:.0f} MB ({table["idle_pss_mb"]:.0f} MB without what others share) | 80 MB | {verdict(table["idle_rss_mb"] < 80)} |
| resident memory, all rows shown | {table["full_rss_mb"]:.0f} MB | 80 MB | {verdict(table["full_rss_mb"] < 80)} |
| CPU of a search through a full log | {table["log_search_ms"]:.0f} ms | 300 ms | {verdict(table["log_search_ms"] < 300)} |""")
if runs["tray"]:
    print(f"""
## A stream's delay

5,000 silent tunnels and 100 that tick every 20 ms, through the daemon and through the tray app with its
window open, in turn; added delay over a direct connection, medians of {len(runs["tray"])} runs.

| | daemon | tray app |
|---|---|---|
| p50 | {median("daemon", "added_p50_ms"):.3f} ms | {median("tray", "added_p50_ms"):.3f} ms |
| p99 | {median("daemon", "added_p99_ms"):.3f} ms | {median("tray", "added_p99_ms"):.3f} ms |
| CPU a tick of a tunnel | {median("daemon", "cpu_us_per_tick"):.1f} µs | {median("tray", "cpu_us_per_tick"):.1f} µs |""")
sys.exit(1 if missed else 0)
