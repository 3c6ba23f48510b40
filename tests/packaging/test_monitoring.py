#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What packaging/monitoring ships is true of the metrics that the proxy writes. tests/packaging/metrics has a sample of
them, which tst_metricstext compares with what is written; promtool judges it where it is installed (Debian: prometheus)."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "packaging" / "monitoring"
SAMPLES = ROOT / "tests" / "packaging" / "metrics"
PROMTOOL = shutil.which("promtool")
NAME = re.compile(r"\bsami_proxy_\w+")


def read(path):
    return path.read_text(encoding="utf-8")


def series():
    """{name: {label: {value}}} of every series of the sample."""
    found = {}
    for line in read(SAMPLES / "plain.txt").splitlines():
        if not line.startswith("#"):
            name, labels = re.fullmatch(r"(\w+)(?:\{(.*)\})? \S+", line).groups()
            known = found.setdefault(name, {})
            for label, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""):
                known.setdefault(label, set()).add(value)
    return found


def alerts():
    [group] = yaml.safe_load(read(SHIPPED / "alerts.yml"))["groups"]
    return group["rules"]


def dashboard():
    return json.loads(read(SHIPPED / "dashboard.json"))


class NamesTest(unittest.TestCase):
    """A renamed metric makes an alert that never fires, and nobody notices."""

    @classmethod
    def setUpClass(cls):
        cls.series = series()

    def assertKnown(self, expression):
        names = NAME.findall(expression)
        for name in names:
            self.assertIn(name, self.series, expression)
        # What is compared with words of ours has them.
        for name, selector in re.findall(r"(sami_proxy_\w+)\{([^}]*)\}", expression):
            for label, operator, value in re.findall(r'(\w+)(=~|!=|!~|=)"([^"]*)"', selector):
                if label in ("job", "instance"):
                    continue
                self.assertIn(label, self.series[name], expression)
                if operator in ("=", "!="):
                    self.assertIn(value, self.series[name][label], expression)
        return names

    def test_alerts(self):
        for rule in alerts():
            with self.subTest(rule["alert"]):
                self.assertTrue(self.assertKnown(rule["expr"]) or "up{" in rule["expr"])
                self.assertIn(rule["labels"]["severity"], ("warning", "critical"))
                self.assertEqual({"summary", "description"}, set(rule["annotations"]))

    def test_dashboard(self):
        used = set()
        for panel in dashboard()["panels"]:
            for target in panel.get("targets", []):
                with self.subTest(panel["title"]):
                    names = self.assertKnown(target["expr"])
                    self.assertTrue(names)
                    used |= set(names)
        self.assertGreater(len(used), 15)

    def test_the_guide_names_every_metric_and_no_other(self):
        families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in self.series}
        for guide in ("monitoring.md", "monitoring.ru.md"):
            rows = re.findall(r"(?m)^\| `(sami_proxy_\w+)", read(ROOT / "docs" / guide))
            self.assertEqual(sorted(families), sorted(rows), guide)

    def test_the_guide_names_every_alert(self):
        for guide in ("monitoring.md", "monitoring.ru.md"):
            text = read(ROOT / "docs" / guide)
            for rule in alerts():
                self.assertIn(f"`{rule['alert']}`", text, guide)

    def test_the_scrape_takes_the_alerts_and_their_job(self):
        config = yaml.safe_load(read(SHIPPED / "prometheus.yml"))
        self.assertEqual(["alerts.yml"], config["rule_files"])
        [job] = config["scrape_configs"]
        self.assertIn(f'job="{job["job_name"]}"', read(SHIPPED / "alerts.yml"))


class DashboardTest(unittest.TestCase):
    """The shape that Grafana's import asks for, by its documentation of the JSON model. No Grafana has shown it."""

    def test_is_what_the_script_writes(self):
        written = subprocess.run([sys.executable, "-B", str(SHIPPED / "dashboard.py")], check=True, capture_output=True,
                                 encoding="utf-8").stdout
        self.assertEqual(written, read(SHIPPED / "dashboard.json"))

    def test_has_the_fields_of_a_dashboard(self):
        model = dashboard()
        for field, kind in (("title", str), ("uid", str), ("tags", list), ("schemaVersion", int), ("version", int),
                            ("panels", list), ("time", dict), ("templating", dict), ("annotations", dict),
                            ("refresh", str), ("timezone", str), ("editable", bool), ("graphTooltip", int)):
            self.assertIsInstance(model[field], kind, field)
        self.assertNotIn("id", model, "an id is the instance's own: an import with one overwrites another dashboard")
        self.assertRegex(model["uid"], r"^[\w-]{1,40}$")
        self.assertEqual({"from", "to"}, set(model["time"]))

    def test_has_panels_that_do_not_overlap(self):
        panels = dashboard()["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            place = panel["gridPos"]
            self.assertEqual({"x", "y", "w", "h"}, set(place))
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells

    def test_has_panels_with_queries_and_units(self):
        for panel in dashboard()["panels"]:
            with self.subTest(panel["title"]):
                self.assertIn(panel["type"], ("row", "stat", "gauge", "timeseries", "heatmap"))
                if panel["type"] == "row":
                    self.assertEqual([], panel["panels"])
                    continue
                self.assertIn(panel["fieldConfig"]["defaults"]["unit"], ("short", "s", "Bps", "ops", "percentunit"))
                self.assertEqual([], panel["fieldConfig"]["overrides"])
                self.assertTrue(panel["targets"])
                self.assertEqual(len({target["refId"] for target in panel["targets"]}), len(panel["targets"]))
                for target in panel["targets"]:
                    self.assertEqual("heatmap" if panel["type"] == "heatmap" else "time_series", target["format"])
                    self.assertIn('job="$job"', target["expr"])

    def test_defines_the_variables_that_it_uses(self):
        text = read(SHIPPED / "dashboard.json")
        defined = {variable["name"] for variable in dashboard()["templating"]["list"]}
        used = set(re.findall(r"\$\{?(\w+)", text)) - {"__rate_interval"}
        self.assertEqual(defined, used)
        self.assertNotRegex(text, r"\$\{DS_\w+\}", "an input of an exported dashboard, which provisioning does not fill")


@unittest.skipUnless(PROMTOOL, "promtool is not installed (Debian package prometheus; ./test.sh --real brings it)")
class PromtoolTest(unittest.TestCase):
    def promtool(self, *arguments, **more):
        done = subprocess.run([PROMTOOL, *arguments], capture_output=True, encoding="utf-8", timeout=60, check=False, **more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def test_check_metrics(self):
        done = self.promtool("check", "metrics", input=read(SAMPLES / "plain.txt"))
        self.assertEqual("", done.stdout + done.stderr)

    def test_check_metrics_can_fail(self):
        text = read(SAMPLES / "plain.txt").replace("sami_proxy_requests_total", "sami_proxy_requests")
        done = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, encoding="utf-8",
                              timeout=60, check=False)
        self.assertIn("_total", done.stdout + done.stderr)

    def test_check_rules(self):
        self.assertIn(f"{len(alerts())} rules found", self.promtool("check", "rules", SHIPPED / "alerts.yml").stdout)

    def test_check_config(self):
        self.promtool("check", "config", "prometheus.yml", cwd=SHIPPED)

    def test_alerts_fire_when_they_should(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(SHIPPED / "alerts.yml", folder)
            shutil.copy(SAMPLES / "alerts_test.yml", folder)
            self.promtool("test", "rules", "alerts_test.yml", cwd=folder)

    def test_queries_of_the_dashboard_parse(self):
        rules = [{"record": f"panel:{panel['id']}:{target['refId']}",
                  "expr": re.sub(r"\$__rate_interval", "1m", target["expr"])}
                 for panel in dashboard()["panels"] for target in panel.get("targets", [])]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "queries.yml"
            path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), encoding="utf-8")
            self.promtool("check", "rules", path)


if __name__ == "__main__":
    unittest.main()
