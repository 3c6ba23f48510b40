#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Writes dashboard.json, which Grafana imports, from the list of panels below: a panel is a line here and forty there.

    packaging/monitoring/dashboard.py > packaging/monitoring/dashboard.json
"""
import json
import sys

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
MINE = 'job="$job",instance=~"$instance"'

# (title, what it says, kind, unit, width of 24, [(query, legend)]); a title alone begins a row.
PANELS = [
    ("Now",),
    ("Running", "1 while the proxy runs; it drains where the next one is 1 too.", "stat", "short", 3,
     [("min(sami_proxy_running{%s})", "")]),
    ("Draining", "How many proxies wait for their last streams.", "stat", "short", 3,
     [("sum(sami_proxy_draining{%s})", "")]),
    ("Connections", "Clients' connections now.", "stat", "short", 4, [("sum(sami_proxy_connections{%s})", "")]),
    ("Places taken", "Of the connections that are served at once.", "gauge", "percentunit", 4,
     [("max(sum by (instance) (sami_proxy_connections{%s}) / on (instance) sami_proxy_connection_limit{%s})", "")]),
    ("Blocked addresses", "They guessed passwords.", "stat", "short", 3, [("sum(sami_proxy_blocked_addresses{%s})", "")]),
    ("Certificate", "How long the certificate at the door is still good.", "stat", "s", 4,
     [("min(sami_proxy_certificate_remaining_seconds{%s})", "")]),
    ("Parents that are well", "None where the settings have no parents.", "stat", "short", 3,
     [("sum(sami_proxy_parent_up{%s})", "")]),
    ("Traffic",),
    ("Octets", "From clients to upstreams (up) and back (down), renewed every 5 s.", "timeseries", "Bps", 12,
     [("sum by (direction) (rate(sami_proxy_transferred_bytes_total{%s}[$__rate_interval]))", "{{direction}}")]),
    ("Connections by what they do", "", "timeseries", "short", 12,
     [("sum by (phase) (sami_proxy_connections{%s})", "{{phase}}")]),
    ("Connections by protocol", "What clients speak, and the TLS that carries it.", "timeseries", "short", 12,
     [("sum by (front, tls) (sami_proxy_connections{%s})", "{{front}}, TLS {{tls}}")]),
    ("TLS handshakes", "Completed handshakes by version, failed ones by reason.", "timeseries", "ops", 12,
     [("sum by (version) (rate(sami_proxy_tls_handshakes_total{%s}[$__rate_interval]))", "TLS {{version}}"),
      ("sum by (reason) (rate(sami_proxy_tls_handshake_failures_total{%s}[$__rate_interval])) > 0", "{{reason}}")]),
    ("How work ends",),
    ("Ends", "Requests, tunnels and connections without a request: who ended them, and how.", "timeseries", "ops", 12,
     [("sum by (by, how) (rate(sami_proxy_requests_total{%s}[$__rate_interval])) > 0", "{{by}}: {{how}}")]),
    ("Refusals", "By the rule that refused.", "timeseries", "ops", 6,
     [("sum by (reason) (rate(sami_proxy_refusals_total{%s}[$__rate_interval])) > 0", "{{reason}}")]),
    ("Destinations not reached", "By reason.", "timeseries", "ops", 6,
     [("sum by (reason) (rate(sami_proxy_dial_failures_total{%s}[$__rate_interval])) > 0", "{{reason}}")]),
    ("Waiting",),
    ("Dial", "Names, TCP, TLS and parents.", "timeseries", "s", 12, [("sami_proxy_dial_seconds", "quantiles")]),
    ("First octet", "From a request's first octet to the upstream's.", "timeseries", "s", 12,
     [("sami_proxy_first_byte_seconds", "quantiles")]),
    ("Longest silence", "Of each request and tunnel that has ended: what PROXY_TIMEOUT_MS has to bear.", "heatmap", "s", 12,
     [("sami_proxy_longest_silence_seconds", "buckets")]),
    ("Duration", "Of requests and tunnels that have ended.", "heatmap", "s", 12,
     [("sami_proxy_duration_seconds", "buckets")]),
    ("Parents and log",),
    ("Parents", "1 for a parent that is well.", "timeseries", "short", 12,
     [("sami_proxy_parent_up{%s}", "{{parent}}")]),
    ("Lost lines of the log", "", "timeseries", "ops", 12,
     [("rate(sami_proxy_log_lines_dropped_total{%s}[$__rate_interval])", "{{instance}}")]),
]

HEIGHTS = {"stat": 4, "gauge": 4, "timeseries": 8, "heatmap": 8}


def targets(queries):
    for query, legend in queries:
        if legend == "quantiles":
            buckets = f"sum by (le) (rate({query}_bucket{{{MINE}}}[$__rate_interval]))"
            for share in ("0.5", "0.9", "0.99"):
                yield f"histogram_quantile({share}, {buckets})", f"{float(share):.0%}", "time_series"
        elif legend == "buckets":
            yield f"sum by (le) (increase({query}_bucket{{{MINE}}}[$__rate_interval]))", "{{le}}", "heatmap"
        else:
            yield query.replace("%s", MINE), legend, "time_series"


def options(kind):
    if kind == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "colorMode": "value",
                "graphMode": "area", "justifyMode": "auto", "textMode": "auto", "orientation": "auto"}
    if kind == "gauge":
        return {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
                "showThresholdLabels": False, "showThresholdMarkers": True, "orientation": "auto"}
    if kind == "heatmap":
        return {"calculate": False, "yAxis": {"unit": "s"}, "rowsFrame": {"layout": "auto"},
                "color": {"mode": "scheme", "scheme": "Blues", "steps": 64}, "cellGap": 1,
                "tooltip": {"show": True, "yHistogram": False}, "legend": {"show": True}}
    return {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"}}


def fields(kind, unit):
    defaults = {"unit": unit, "min": 0}
    if kind == "gauge":
        defaults["max"] = 1
        defaults["thresholds"] = {"mode": "absolute", "steps": [{"color": "green", "value": None},
                                                                {"color": "orange", "value": 0.8},
                                                                {"color": "red", "value": 0.9}]}
    if unit == "s" and kind == "stat":
        del defaults["min"]  # what has expired is negative
    return {"defaults": defaults, "overrides": []}


def panels():
    x = y = height = 0
    for number, row in enumerate(PANELS, 1):
        if len(row) == 1:
            x, y, height = 0, y + height, 1
            yield {"id": number, "type": "row", "title": row[0], "collapsed": False, "panels": [],
                   "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}}
            y, height = y + 1, 0
            continue
        title, description, kind, unit, width, queries = row
        if x + width > 24:
            x, y = 0, y + height
        height = HEIGHTS[kind]
        yield {"id": number, "type": kind, "title": title, "description": description, "datasource": SOURCE,
               "gridPos": {"x": x, "y": y, "w": width, "h": height},
               "fieldConfig": fields(kind, unit), "options": options(kind),
               "targets": [{"refId": chr(ord("A") + place), "datasource": SOURCE, "expr": expression,
                            "legendFormat": legend, "format": shape, "range": True}
                           for place, (expression, legend, shape) in enumerate(targets(queries))]}
        x += width


def variable(name, label, query, **more):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "definition": query,
            "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1, "hide": 0, "regex": "",
            "multi": False, "includeAll": False, "options": [], "current": {}, **more}


def dashboard():
    return {
        "title": "Sami LLM Proxy", "uid": "sami-llm-proxy", "tags": ["proxy", "llm"], "schemaVersion": 37, "version": 1,
        "editable": True, "graphTooltip": 1, "refresh": "30s", "timezone": "browser", "links": [],
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [
            {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "refresh": 1,
             "hide": 0, "regex": "", "multi": False, "includeAll": False, "options": [], "current": {}},
            variable("job", "Job", "label_values(sami_proxy_running, job)"),
            variable("instance", "Proxy", 'label_values(sami_proxy_running{job="$job"}, instance)', multi=True,
                     includeAll=True, allValue=".*")]},
        "annotations": {"list": [
            {"name": "Starts", "enable": True, "hide": False, "iconColor": "blue", "datasource": SOURCE,
             "expr": f"changes(sami_proxy_start_time_seconds{{{MINE}}}[2m]) > 0", "titleFormat": "{{instance}} started"}]},
        "panels": list(panels()),
    }


if __name__ == "__main__":
    json.dump(dashboard(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
