#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The macOS app's property list, filled in as CMake does, and its texts. The bundle itself is tested by
packaging/macos/test.sh, on macOS alone; the icon by test_desktop.py."""
import pathlib
import plistlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MACOS = ROOT / "packaging" / "macos"
NAME = "sami-llm-proxy-tray"


def read(path):
    return path.read_text(encoding="utf-8")


def cmake_value(pattern):
    return re.search(pattern, read(ROOT / "CMakeLists.txt"), re.MULTILINE)[1]


VALUES = {
    "MACOSX_BUNDLE_EXECUTABLE_NAME": NAME,
    "PROJECT_VERSION": cmake_value(r"^project\(sami-llm-proxy VERSION (\S+)"),
    "CMAKE_OSX_DEPLOYMENT_TARGET": cmake_value(r"^set\(CMAKE_OSX_DEPLOYMENT_TARGET (\S+)"),
}


def strings(language):
    text = read(MACOS / f"{language}.lproj" / "InfoPlist.strings")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    pairs = re.findall(r'^"(\w+)" = "([^"\\]+)";$', text, re.MULTILINE)
    assert len(pairs) == len([line for line in text.splitlines() if line.strip()]), "a line is malformed"
    return dict(pairs)


class InfoPlist(unittest.TestCase):
    def setUp(self):
        text = re.sub(r"@(\w+)@", lambda name: VALUES[name[1]], read(MACOS / "Info.plist.in"))
        self.info = plistlib.loads(text.encode("utf-8"), fmt=plistlib.FMT_XML)

    def test_what_the_system_looks_for(self):
        self.assertEqual(self.info["CFBundlePackageType"], "APPL")
        self.assertEqual(self.info["CFBundleExecutable"], NAME)
        self.assertRegex(self.info["CFBundleIdentifier"], r"^[A-Za-z0-9.-]+$")
        self.assertEqual(self.info["CFBundleShortVersionString"], VALUES["PROJECT_VERSION"])
        self.assertRegex(self.info["CFBundleVersion"], r"^\d+(\.\d+){0,2}$")
        self.assertRegex(self.info["LSMinimumSystemVersion"], r"^\d+\.\d+$")

    def test_lives_in_the_menu_bar(self):
        self.assertIs(self.info["LSUIElement"], True)
        self.assertIs(self.info["NSHighResolutionCapable"], True)

    def test_the_icon_is_the_one_that_is_copied(self):
        self.assertTrue((ROOT / "packaging" / "icons" / self.info["CFBundleIconFile"]).exists())
        self.assertIn(self.info["CFBundleIconFile"], read(ROOT / "gui" / "CMakeLists.txt"))

    def test_every_language_has_its_texts(self):
        self.assertEqual(sorted(self.info["CFBundleLocalizations"]),
                         sorted(path.stem for path in MACOS.glob("*.lproj")))
        english = strings("en")
        for language in self.info["CFBundleLocalizations"]:
            self.assertEqual(strings(language).keys(), english.keys())
        for key, text in english.items():
            self.assertEqual(self.info[key], text)
        self.assertRegex(strings("ru")["NSLocalNetworkUsageDescription"], "[а-я]")


class ObjectiveC(unittest.TestCase):
    def test_at_most_two_files(self):
        files = [path for folder in ("core", "daemon", "gui") for path in (ROOT / folder).rglob("*.mm")]
        self.assertLessEqual(len(files), 2)
        cmake = read(ROOT / "gui" / "CMakeLists.txt")
        for path in files:
            self.assertIn(path.name, cmake)


if __name__ == "__main__":
    unittest.main()
