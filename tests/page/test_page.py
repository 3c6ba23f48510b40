#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Checks of core/admin's page and contract that need no browser."""
import json
import re
import subprocess
import unittest
import zlib

from openapi import API, ROOT

PAGE = ROOT / "core/admin/page"
LIMIT = 24 * 1024  # as browsers get it, deflated
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGE.iterdir())}
TEXTS = {language: json.loads(FILES[f"{language}.json"]) for language in ("en", "ru")}
SCRIPTS = "".join(text for name, text in FILES.items() if name.endswith(".js"))


class PageTest(unittest.TestCase):
    def test_a_visit_loads_24_kb_at_most_in_either_language(self):
        for language in TEXTS:
            other = {"en": "ru.json", "ru": "en.json"}[language]
            size = sum(len(zlib.compress(text.encode(), 9)) for name, text in FILES.items() if name != other)
            self.assertLessEqual(size, LIMIT, language)

    def test_nothing_in_it_makes_html_or_code_of_a_text(self):
        word = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|DOMParser|createContextualFragment")
        self.assertEqual([], word.findall(SCRIPTS))

    def test_its_policy_finds_nothing_to_forbid(self):
        html = FILES["index.html"]
        self.assertEqual([], re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)|javascript:|data:", html))
        self.assertNotIn("url(", FILES["page.css"])
        self.assertEqual([], re.findall(r"setAttribute\('style'", SCRIPTS))

    def test_it_asks_nobody_else(self):
        for name, text in FILES.items():
            links = [link for link in re.findall(r"https?://[^\s\"'<)]+", text) if link != "http://www.w3.org/2000/svg"]
            self.assertEqual([], links if not name.endswith(".json") else [], name)

    def test_it_imports_what_is_there(self):
        for name in re.findall(r"from '\./([\w.]+)'", SCRIPTS) + re.findall(r"(?:href|src)=\"([^\"]+)\"", FILES["index.html"]):
            self.assertIn(name, FILES)

    def test_both_languages_say_the_same_things(self):
        for part in ("page", "words"):
            self.assertEqual(list(TEXTS["en"][part]), list(TEXTS["ru"][part]))
            for key, english in TEXTS["en"][part].items():
                self.assertEqual(sorted(re.findall(r"\{\w+\}", english)), sorted(re.findall(r"\{\w+\}", TEXTS["ru"][part][key])), key)
        self.assertEqual(set(), set(TEXTS["en"]["reasons"]) - set(TEXTS["ru"]["reasons"]))

    def test_no_name_of_its_own_hides_one_of_the_tray_apps(self):
        self.assertEqual(set(), set(TEXTS["en"]["page"]) & set(TEXTS["en"]["words"]))

    def test_every_text_that_is_asked_for_is_there(self):
        known = {*TEXTS["en"]["page"], *TEXTS["en"]["words"]}
        asked = {*re.findall(r"\bt\('([^']+)'", SCRIPTS), *re.findall(r'data-t="([^"]+)"', FILES["index.html"])}
        self.assertEqual(set(), asked - known)
        self.assertGreater(len(asked), 30)

    def test_no_text_is_there_for_nothing(self):
        own = set(TEXTS["en"]["page"])
        made = {f"{match}" for match in re.findall(r"`([a-z]+_)\$\{", SCRIPTS)}
        spoken = {key for key in own if re.search(rf"\b{re.escape(key)}\b", SCRIPTS + FILES["index.html"]) or key.partition("_")[0] + "_" in made}
        acts = {key for key in own if re.sub("(Question|Why)$", "", key) in own}
        self.assertEqual(set(), own - spoken - acts)

    def test_the_tray_apps_sentences_are_still_its(self):
        subprocess.run(["python3", "-B", ROOT / "gui/translations/pagetexts.py", "--check"], check=True)


class ContractTest(unittest.TestCase):
    def test_every_reference_leads_somewhere(self):
        for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(API)):
            place = API
            for part in reference.split("/"):
                place = place[part]

    def test_every_object_is_closed(self):
        for name, schema in API["components"]["schemas"].items():
            if schema["type"] == "object":
                self.assertIs(schema.get("additionalProperties"), False, name)
                self.assertLessEqual(set(schema.get("required", [])), set(schema["properties"]), name)

    def test_it_has_the_routes_of_the_program_and_their_rights(self):
        code = (ROOT / "core/admin/router.cpp").read_text(encoding="utf-8")
        served = set(re.findall(r'AdminRoute \{ "(\w+)", "/api/v1(/[^"]*)", Right::(\w+)', code))
        told = {(method.upper(), re.sub(r"\{\w+\}", "{}", path), operation["security"][0]["token"][0].title())
                for path, methods in API["paths"].items() for method, operation in methods.items()}
        self.assertGreater(len(served), 10)
        self.assertEqual(served, told)

    def test_every_path_names_its_right_and_its_problems(self):
        for path, methods in API["paths"].items():
            for method, operation in methods.items():
                [right] = operation["security"][0]["token"]
                self.assertEqual("read" if method == "get" else "manage", right, path)
                self.assertIn("default", operation["responses"], path)
                wanted = set(re.findall(r"\{(\w+)\}", path))
                self.assertEqual(wanted, {item["name"] for item in operation.get("parameters", []) if item["in"] == "path"}, path)


if __name__ == "__main__":
    unittest.main()
