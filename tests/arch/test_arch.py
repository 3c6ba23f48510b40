#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""House rules as tests. ARCHITECTURE.md and CONTRIBUTING.md say why."""
import os
import pathlib
import re
import subprocess
import unittest

import yaml

import conformance
import reliability
import sizes

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = {".cpp", ".h", ".py", ".mjs"}
SKIPPED = {"node_modules", "__pycache__", "build"}

# Who may include whom. The link order of the targets says the same; this also sees headers.
ARROWS = {
    "base": {"base"},
    "http": {"base", "http"},
    "socks": {"base", "socks"},
    "policy": {"base", "policy"},
    "config": {"base", "http", "policy", "config"},
    "net": {"base", "net"},
    "account": {"base", "http", "socks", "policy", "net", "account"},
    "users": {"base", "policy", "users"},
    "door": {"base", "policy", "config", "net", "door"},
    "route": {"base", "http", "socks", "policy", "config", "net", "route"},
    "server": {"base", "http", "socks", "policy", "config", "net", "account", "door", "route", "users",
               "server"},
    "admin": {"base", "http", "policy", "config", "net", "account", "door", "route", "users", "server",
              "admin"},
    "daemon": {"base", "config", "users", "daemon"},
    "gui": {"base", "http", "policy", "config", "users", "gui"},
}
# The same inside the tray app, and which folders know widgets.
GUI_ARROWS = {
    "text": {"text"},
    "control": {"text", "control"},
    "models": {"text", "control", "models"},
    "widgets": {"text", "control", "models", "widgets"},
    "app": {"text", "control", "models", "widgets", "app"},
}
SHELLS = {"daemon", "gui"}
SHELL_HEADERS = {"admin/adminserver.h", "admin/keptsetting.h", "admin/tokencommands.h", "admin/tokenfile.h", "server/engine.h", "server/proxyserver.h", "account/changes.h",
                 "door/identitycommands.h", "door/ownlink.h", "account/ending.h", "account/reason.h", "account/snapshot.h",
                 "route/parentstate.h", "route/parentfault.h", "server/parenttest.h"}
PURE = {"base", "http", "socks", "policy"}

MAX_LINES = 450
MAX_TEST_LINES = 600
MAX_FUNCTION_LINES = 60
MAX_PUBLIC_METHODS = 12
# Functions that are tables, a row a line.
TABLES = {("core/config/commands.cpp", "makeTable()"),
          ("core/config/optiontable.cpp", "makeTable()"),
          ("core/policy/hostpresets.cpp", "rows()"),
          ("gui/models/livecolumns.cpp", "ConnectionsModel::columns()"),
          ("gui/models/recentmodel.cpp", "RecentModel::columns()"),
          ("gui/text/testwording.cpp", "TestWording::sentence(")}

PAPERS = ["README.md", "README.ru.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md",
          "CHANGELOG.md"]


def files(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts):
                yield path


def units():
    """(layer, path) of every C++ source that is not a test."""
    for path in files("core", "daemon", "gui"):
        if path.suffix in {".cpp", ".h"}:
            parts = path.relative_to(ROOT).parts
            yield (parts[1] if parts[0] == "core" else parts[0]), path


def name(path):
    return path.relative_to(ROOT).as_posix()


def read(path):
    return path.read_text(encoding="utf-8")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


class HouseTest(unittest.TestCase):
    def assertNone(self, offenders, rule):
        self.assertEqual([], list(offenders), rule)

    def test_includes_point_downward(self):
        offenders = []
        for layer, path in units():
            for header in re.findall(r'#include "([^"]+)"', read(path)):
                target = header.split("/")[0]
                allowed = target in ARROWS[layer] or (layer in SHELLS and header in SHELL_HEADERS)
                if target in ARROWS and not allowed:
                    offenders.append(f"{name(path)} includes {header}")
        self.assertNone(offenders, "an include points upward or sideways")

    def test_includes_point_downward_in_the_tray_app(self):
        offenders = []
        for path in files("gui"):
            folder = path.relative_to(ROOT).parts[1]
            if path.suffix not in CODE or folder not in GUI_ARROWS:
                continue
            for target in re.findall(r'#include "gui/([^/"]+)/', read(path)):
                if target not in GUI_ARROWS[folder]:
                    offenders.append(f"{name(path)} includes gui/{target}")
        self.assertNone(offenders, "an include points upward or sideways")

    def test_includes_name_their_folder(self):
        offenders = [f"{name(path)} includes {header}" for _, path in units()
                     for header in re.findall(r'#include "([^"]+)"', read(path))
                     if "/" not in header and not header.endswith(".moc")]
        self.assertNone(offenders, 'write "folder/unit.h"')

    def test_pure_folders_hold_no_qobject_and_no_socket(self):
        word = re.compile(r"\b(QTcpSocket|QSslSocket|QTimer|QSettings|QObject|Q_OBJECT)\b")
        self.assertNone((name(path) for layer, path in units()
                         if layer in PURE and word.search(without_comments(read(path)))),
                        "base, http and policy are values and functions")

    def test_http_and_policy_read_no_clock_and_log_nothing(self):
        word = re.compile(r"Clock::now|currentDateTime|base/logging\.h|qDebug|qWarning")
        self.assertNone((name(path) for layer, path in units()
                         if layer in {"http", "policy"}
                         and word.search(without_comments(read(path)))),
                        "time is a parameter, a failure is a value")

    def test_nobody_reads_the_environment_after_the_start(self):
        word = re.compile(r"\b(qgetenv|getenv|qEnvironmentVariable|QSettings)\b")
        self.assertNone((name(path) for layer, path in units()
                         if word.search(without_comments(read(path)))),
                        "settings come from config::loadSettings() alone")

    def test_every_source_has_its_licence(self):
        offenders = []
        for path in files("core", "daemon", "gui", "tests", "cmake", "bench", "packaging"):
            if path.suffix in CODE | {".cmake", ".sh"} or path.name == "CMakeLists.txt":
                if "SPDX-License-Identifier: MIT" not in "\n".join(read(path).split("\n")[:4]):
                    offenders.append(name(path))
        self.assertNone(offenders, "the two SPDX lines are missing")

    def test_headers_are_guarded(self):
        self.assertNone((name(path) for _, path in units()
                         if path.suffix == ".h" and "#pragma once" not in read(path)),
                        "#pragma once is missing")

    def test_no_source_is_too_long(self):
        offenders = []
        for path in files("core", "daemon", "gui", "tests", "bench"):
            limit = MAX_TEST_LINES if name(path).startswith("tests/") else MAX_LINES
            lines = read(path).count("\n") if path.suffix in CODE else 0
            if lines > limit:
                offenders.append(f"{name(path)}: {lines} lines")
        self.assertNone(offenders, "a source that long is two units")

    def test_no_function_is_too_long(self):
        offenders = []
        for _, path in units():
            for line, length, signature in sizes.functions(read(path)):
                is_table = any(name(path) == file and function in signature
                              for file, function in TABLES)
                if length > MAX_FUNCTION_LINES and not is_table:
                    offenders.append(f"{name(path)}:{line}: {length} lines")
        self.assertNone(offenders, "a function that long does two things")

    def test_a_class_with_many_public_methods_says_why(self):
        offenders = []
        for _, path in units():
            if path.suffix != ".h":
                continue
            for title, comment, methods in sizes.classes(read(path)):
                if len(methods) > MAX_PUBLIC_METHODS and "More than twelve public methods:" not in comment:
                    offenders.append(f"{name(path)}: {title} has {len(methods)}")
        self.assertNone(offenders, 'its comment says "More than twelve public methods:" and why')

    def test_what_the_tray_app_shows_is_plain_text(self):
        # Names and targets come from strangers, and Qt guesses what is HTML. tst_hostiletext looks at
        # the windows themselves.
        rules = [
            (r"\bnew QLabel\b|\bQLabel \w+[({;]|\baddRow\(\s*tr\(", "plainlabel"),
            (r"\bQMessageBox\b", "messagebox"),
            # What a table elides is shown whole: through PlainText, which tst_keys and its kin see.
            (r"\bQToolTip\b", "tables"),
            (r"\b(setToolTip|showMessage)\((?!\s*PlainText::)", None),
            (r"\b(set(WhatsThis|StatusTip|Html|Markdown|InformativeText|DetailedText)"
             r"|QTextEdit|QTextBrowser|QTextDocument|QErrorMessage|QInputDialog|QProgressDialog"
             r"|QWhatsThis|WhatsThisRole|StatusTipRole|AutoText|RichText|MarkdownText)\b",
             None),
        ]
        offenders = []
        for path in files("gui"):
            if path.suffix not in {".cpp", ".h", ".mm"}:
                continue
            for word, maker in rules:
                for found in re.finditer(word, without_comments(read(path))):
                    if path.stem != maker:
                        offenders.append(f"{name(path)}: {found.group()}")
        self.assertNone(offenders, "makeLabel(), MessageBox and PlainText make what is shown plain")

    def test_nothing_is_left_for_later_in_the_code(self):
        word = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
        self.assertNone((name(path) for path in files("core", "daemon", "gui", "tests", "cmake",
                                                       "bench")
                         if path.suffix in CODE and word.search(read(path))),
                        "do it now: the code keeps no list of wishes")


class PapersTest(unittest.TestCase):
    @staticmethod
    def slug(heading):
        text = re.sub(r"[`*]", "", heading.strip().lower())
        return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text))

    def test_links_resolve(self):
        offenders = []
        papers = [ROOT / paper for paper in PAPERS]
        papers += [path for path in files("docs", "packaging", "tests") if path.suffix == ".md"]
        for paper in papers:
            text = re.sub(r"```.*?```", "", read(paper), flags=re.DOTALL)
            for link in re.findall(r"\]\(([^)\s]+)\)", text):
                if re.match(r"[a-z]+:", link):
                    continue
                target, _, anchor = link.partition("#")
                file = paper.parent / target if target else paper
                if not file.exists():
                    offenders.append(f"{name(paper)}: {link}")
                elif anchor and anchor not in map(self.slug, re.findall(r"(?m)^#+ (.*)$",
                                                                        read(file))):
                    offenders.append(f"{name(paper)}: {link}")
        self.assertEqual([], offenders, "a link leads nowhere")

    @staticmethod
    def translated():
        """(English, Russian) of every paper that there is in both."""
        papers = [ROOT / "README.ru.md"]
        papers += [path for path in files("docs") if path.name.endswith(".ru.md")]
        return [(paper.with_name(paper.name.replace(".ru.md", ".md")), paper) for paper in papers]

    def test_both_languages_show_the_same_commands(self):
        def commands(paper):
            blocks = re.findall(r"```\w*\n(.*?)```", read(paper), flags=re.DOTALL)
            lines = "".join(blocks).split("\n")
            return [re.sub(r"\s*#.*", "", line) for line in lines if not line.startswith("#")]
        for english, russian in self.translated():
            with self.subTest(name(russian)):
                self.assertEqual(commands(english), commands(russian))

    def test_both_languages_have_the_same_sections_and_name_each_other(self):
        def outline(paper):
            text = re.sub(r"```.*?```", "", read(paper), flags=re.DOTALL)
            return re.findall(r"(?m)^#+", text), len(re.findall(r"(?m)^\|", text))
        for english, russian in self.translated():
            with self.subTest(name(russian)):
                self.assertEqual(outline(english), outline(russian))
                self.assertIn(f"]({russian.name})", read(english))
                self.assertIn(f"]({english.name})", read(russian))

    def test_commands_with_a_password_have_a_twin_with_a_file(self):
        for paper in ("README.md", "README.ru.md"):
            blocks = "".join(re.findall(r"```bash\n(.*?)```", read(ROOT / paper), flags=re.DOTALL))
            for shown, twin in (("-e PROXY_AUTH_PASSWORD=", "-e PROXY_AUTH_PASSWORD_FILE="),
                                ("curl -x http://admin:", "curl -K ")):
                self.assertIn(shown, blocks)
                self.assertIn(twin, blocks, f"{paper}: ps shows the password of '{shown}…'")

    def test_the_code_map_names_every_unit(self):
        text = read(ROOT / "ARCHITECTURE.md")
        offenders = sorted({name(path) for layer, path in units()
                            if path.suffix == ".h" and f"`{path.stem}`" not in text})
        self.assertEqual([], offenders, "the code map in ARCHITECTURE.md does not name it")

    def test_the_code_map_names_nothing_else(self):
        known = {path.stem for _, path in units()}
        rows = re.findall(r"(?m)^\| (`[^|]*`) \|", read(ROOT / "ARCHITECTURE.md"))
        named = {unit for row in rows for unit in re.findall(r"`(\w+)`", row)}
        self.assertEqual([], sorted(named - known), "the code map names what is not there")


class ConformanceTest(unittest.TestCase):
    def test_every_rule_is_in_the_list(self):
        rules = conformance.collect()
        self.assertEqual(sorted(rules, key=conformance.order),
                         re.findall(r"(?m)^## (.*)$", conformance.render(rules)))

    def test_finds_rows(self):
        self.assertGreater(len(conformance.collect()), 5)

    def test_every_behaviour_rule_is_in_the_paper(self):
        paper = read(ROOT / "docs" / "behaviour.md")
        for rule in conformance.collect():
            if rule.startswith("B§"):
                self.assertIn(f"\n## {rule[2:]}. ", paper)


class ReliabilityTest(unittest.TestCase):
    def test_is_up_to_date(self):
        self.assertFalse(reliability.is_stale(),
                         "docs/reliability.md is stale: run tests/arch/reliability.py")

    def test_every_module_has_its_section(self):
        modules = {module for module, rows in reliability.collect().items() if rows}
        self.assertEqual(set(reliability.SECTIONS), modules)


class ReadmeTest(unittest.TestCase):
    @staticmethod
    def table(paper):
        text = read(ROOT / paper)
        return text.split("<!-- settings:begin -->")[1].split("<!-- settings:end -->")[0].strip()

    @staticmethod
    def names(table):
        return re.findall(r"(?m)^\| `([A-Z0-9_]+)` \| ([^|]*) \|", table)

    @classmethod
    def setUpClass(cls):
        cls.printed = subprocess.run([os.environ["SAMI_DAEMON"], "--print-settings-table"],
                                     capture_output=True, check=True, encoding="utf-8").stdout

    def test_the_table_is_the_daemons(self):
        self.assertEqual(self.printed.strip(), self.table("README.md"))

    # Names that are almost right, which the papers warn of; and one that stands for several.
    NO_SETTINGS = {"ALLOWED_IP", "PROXY_ALLOWED_IPS", "PROXY_AUTH", "PROXY_PASSWORD", "PROXY_PROT", "PROXY_USER"}

    def test_every_setting_that_is_named_exists(self):
        known = {setting for setting, _ in self.names(self.printed)} | self.NO_SETTINGS
        beginnings = "|".join(sorted({setting.split("_")[0] for setting in known}))
        word = re.compile(rf"\b(?:{beginnings})(?:_[A-Z0-9]+)+\b")
        papers = [ROOT / paper for paper in [*PAPERS, "compose.yaml", ".env.example"]]
        papers += [path for path in files("docs", "packaging", "tests", "core/admin")
                   if path.suffix in {".md", ".json", ".html", ".js", ".yaml", ".yml", ".ini", ".conf", ".service", ".xml"}]
        seen = set()
        offenders = []
        for paper in papers:
            named = set(word.findall(read(paper)))
            seen |= named
            offenders += [f"{name(paper)}: {setting}" for setting in sorted(named - known)]
        self.assertEqual([], offenders, "the option table has no such setting")
        self.assertEqual(set(), known - seen, "nothing names these any more")

    def test_the_russian_table_has_the_same_settings(self):
        ours, theirs = self.names(self.printed), self.names(self.table("README.ru.md"))
        self.assertEqual([row[0] for row in ours], [row[0] for row in theirs])
        for (setting, default), (_, translated) in zip(ours, theirs):
            if default.startswith("`"):
                self.assertEqual(default, translated, setting)


class HostPresetsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.printed = subprocess.run([os.environ["SAMI_DAEMON"], "--print-host-presets"],
                                     capture_output=True, check=True, encoding="utf-8").stdout
        cls.hosts = {host.removeprefix("*.") for line in cls.printed.splitlines()
                     if line.startswith("| ") for host in re.findall(r"`([^`]+)`", line)}

    def test_the_page_is_the_daemons(self):
        page = read(ROOT / "docs" / "host-presets.md")
        list_ = page.split("<!-- presets:begin -->")[1].split("<!-- presets:end -->")[0]
        self.assertEqual(self.printed.strip(), list_.strip())

    def test_no_list_elsewhere_names_a_providers_hosts(self):
        self.assertIn("api.openai.com", self.hosts)
        papers = [ROOT / paper for paper in PAPERS] + [ROOT / ".env.example", ROOT / "compose.yaml"]
        papers += [path for path in files("docs", "packaging")
                   if path.suffix in {".md", ".yaml", ".conf", ".ini", ".service"}]
        offenders = []
        for paper in papers:
            for line in read(paper).splitlines():
                value = re.search(r"(?i)allowed_hosts\W+(.*)", line)
                if value and any(re.search(rf"(^|[\W.]){re.escape(host)}", value[1])
                                 for host in self.hosts | {"openai.com", "anthropic.com"}):
                    offenders.append(f"{name(paper)}: {line.strip()}")
        self.assertEqual([], offenders, "a preset has these hosts: name the preset")


class ImageTest(unittest.TestCase):
    def test_has_the_version_of_the_program(self):
        [version] = re.findall(r"(?m)^ARG VERSION=(.*)$", read(ROOT / "Dockerfile"))
        self.assertIn(f"project(sami-llm-proxy VERSION {version} ", read(ROOT / "CMakeLists.txt"))


class ComposeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = yaml.safe_load(read(ROOT / "compose.yaml"))["services"]["proxy"]

    def test_waits_longer_for_the_proxy_than_the_proxy_for_its_streams(self):
        [grace] = re.findall(r"(?m)^\| `PROXY_SHUTDOWN_GRACE_MS` \| `(\d+)` ", read(ROOT / "README.md"))
        self.assertEqual(f"{int(grace) // 1000 + 5}s", self.service["stop_grace_period"])

    def test_hands_every_setting_on(self):
        handed = dict(row.split("=", 1) for row in self.service["environment"])
        known = {setting for setting, _ in ReadmeTest.names(ReadmeTest.table("README.md"))}
        # The address is Docker's business, the file the secret's, and the others are for developers.
        # So is what lies in files and folders: it takes a mount too.
        known -= {"PROXY_ADDRESS", "PROXY_AUTH_PASSWORD_FILE", "PROXY_SOCKETS", "PROXY_EVENT_DISPATCHER",
                  "PROXY_STATE_DIR", "PROXY_TLS_CERT_FILE", "PROXY_TLS_KEY_FILE", "PROXY_PARENTS_PASSWORD_FILE",
                  "PROXY_USERS_FILE", "PROXY_ADMIN_TOKENS_FILE"}
        self.assertEqual(known, set(handed))
        for setting, value in handed.items():
            self.assertRegex(value, rf"^\$\{{{setting}:-(8080)?\}}$")


class KubernetesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        manifest = read(ROOT / "packaging" / "kubernetes" / "sami-llm-proxy.yaml")
        cls.objects = {item["kind"]: item for item in yaml.safe_load_all(manifest)}
        cls.pod = cls.objects["Deployment"]["spec"]["template"]["spec"]
        [cls.container] = cls.pod["containers"]
        cls.environment = {row["name"]: row["value"] for row in cls.container["env"]}

    def test_sets_what_the_daemon_takes(self):
        # Everything but the password, which the operator fills in.
        for password, code in (("what openssl rand -hex 24 prints", 0),
                               (self.objects["Secret"]["stringData"]["password"], 2)):
            checked = {**self.environment, "PROXY_AUTH_PASSWORD": password}
            del checked["PROXY_AUTH_PASSWORD_FILE"]
            done = subprocess.run([os.environ["SAMI_DAEMON"], "--check-config"], check=False, env=checked,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, code, done.stderr)
        table = ReadmeTest.names(ReadmeTest.table("README.md"))
        self.assertLessEqual(set(self.environment), {setting for setting, _ in table})

    def test_waits_longer_for_the_proxy_than_the_proxy_for_its_streams(self):
        grace = int(self.environment["PROXY_SHUTDOWN_GRACE_MS"]) / 1000
        wait = self.container["lifecycle"]["preStop"]["sleep"]["seconds"]
        self.assertEqual(wait + grace + 5, self.pod["terminationGracePeriodSeconds"])

    def test_a_draining_pod_is_not_ready_and_not_dead(self):
        self.assertEqual("/health", self.container["readinessProbe"]["httpGet"]["path"])
        self.assertEqual({"port": "proxy"}, self.container["livenessProbe"]["tcpSocket"])

    def test_the_names_fit_together(self):
        labels = self.objects["Deployment"]["spec"]["template"]["metadata"]["labels"]
        for kind in ("Deployment", "PodDisruptionBudget"):
            self.assertEqual(labels, self.objects[kind]["spec"]["selector"]["matchLabels"])
        service = self.objects["Service"]["spec"]
        self.assertEqual(labels, service["selector"])
        [port], [served] = self.container["ports"], service["ports"]
        self.assertEqual(port["name"], served["targetPort"])
        [volume], [mount] = self.pod["volumes"], self.container["volumeMounts"]
        self.assertEqual(volume["name"], mount["name"])
        self.assertEqual(self.objects["Secret"]["metadata"]["name"], volume["secret"]["secretName"])
        self.assertEqual(f"{mount['mountPath']}/password",
                         self.environment["PROXY_AUTH_PASSWORD_FILE"])

    def test_the_image_has_this_version(self):
        version = re.search(r"project\(.*?VERSION ([\d.]+)", read(ROOT / "CMakeLists.txt"),
                            flags=re.DOTALL)[1]
        self.assertEqual(f"sami-llm-proxy:{version}", self.container["image"])


if __name__ == "__main__":
    unittest.main()
