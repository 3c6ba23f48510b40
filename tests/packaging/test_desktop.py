#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Icons, the menu's entry, the software centre's text: read back as a desktop reads them."""
import configparser
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
NAME = "sami-llm-proxy-tray"


def read(path):
    return path.read_text(encoding="utf-8")


def png_size(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR", "not a PNG"
    return struct.unpack(">II", data[16:24])


class IconsTest(unittest.TestCase):
    ICONS = PACKAGING / "icons"

    def test_each_png_has_the_size_of_its_folder(self):
        sizes = set()
        for path in self.ICONS.glob(f"hicolor/*/apps/{NAME}.png"):
            size = int(path.parts[-3].split("x")[0])
            self.assertEqual(png_size(path.read_bytes()), (size, size), path)
            sizes.add(size)
        self.assertLessEqual({16, 24, 32, 48, 64, 128, 256, 512}, sizes)

    def test_windows_finds_every_size(self):
        data = (self.ICONS / f"{NAME}.ico").read_bytes()
        zero, kind, count = struct.unpack("<HHH", data[:6])
        self.assertEqual((zero, kind), (0, 1))
        sizes = set()
        for at in range(6, 6 + 16 * count, 16):
            width, height, _, _, _, bits, length, offset = struct.unpack("<BBBBHHII", data[at:at + 16])
            self.assertEqual((width, bits), (height, 32))
            self.assertLessEqual(offset + length, len(data))
            sizes.add(width or 256)
            if not width:
                self.assertEqual(png_size(data[offset:offset + length]), (256, 256))
        self.assertLessEqual({16, 24, 32, 48, 256}, sizes)

    def test_macos_finds_every_size(self):
        data = (self.ICONS / f"{NAME}.icns").read_bytes()
        self.assertEqual(data[:4], b"icns")
        self.assertEqual(struct.unpack(">I", data[4:8])[0], len(data))
        kinds, at = {}, 8
        while at < len(data):
            kind, length = data[at:at + 4].decode("ascii"), struct.unpack(">I", data[at + 4:at + 8])[0]
            kinds[kind] = data[at + 8:at + length]
            at += length
        for kind, size in (("ic11", 32), ("ic12", 64), ("ic07", 128), ("ic13", 256), ("ic08", 256),
                           ("ic14", 512), ("ic09", 512), ("ic10", 1024)):
            self.assertEqual(png_size(kinds[kind]), (size, size))


class DesktopEntryTest(unittest.TestCase):
    PATH = PACKAGING / "desktop" / f"{NAME}.desktop"

    def setUp(self):
        entry = configparser.ConfigParser(interpolation=None, strict=True)
        entry.optionxform = str
        entry.read(self.PATH, encoding="utf-8")
        self.entry = entry["Desktop Entry"]

    def test_is_valid(self):
        if not shutil.which("desktop-file-validate"):
            self.skipTest("desktop-file-validate (package desktop-file-utils) is not here")
        done = subprocess.run(["desktop-file-validate", self.PATH], capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_is_the_programs(self):
        self.assertEqual(self.entry["Exec"], f"{NAME} %u")
        self.assertEqual(self.entry["Icon"], NAME)
        identity = read(ROOT / "gui" / "app" / "identity.cpp")
        # By this name a Wayland desktop finds the entry of a window, and its icon.
        self.assertEqual(re.findall(r'setDesktopFileName\(QStringLiteral\("(.*?)"\)', identity),
                         [NAME])

    def test_opens_the_links_of_servers(self):
        self.assertEqual(self.entry["MimeType"], "x-scheme-handler/sami-proxy;")
        source = read(ROOT / "gui" / "app" / "linkargument.cpp")
        self.assertIn('"sami-proxy:"', source)

    def test_speaks_russian(self):
        for key in ("GenericName", "Comment", "Keywords"):
            self.assertRegex(self.entry[f"{key}[ru]"], "[а-я]")


class MetainfoTest(unittest.TestCase):
    TEMPLATE = PACKAGING / "desktop" / f"{NAME}.metainfo.xml.in"

    def text(self):
        cmake = read(ROOT / "CMakeLists.txt")
        version = re.search(r"VERSION ([\d.]+)", re.search(r"project\(.*?\)", cmake, re.DOTALL)[0])[1]
        date = re.search(r"set\(SAMI_RELEASE_DATE ([\d-]+)\)", cmake)[1]
        return read(self.TEMPLATE).replace("@PROJECT_VERSION@", version) \
                                  .replace("@SAMI_RELEASE_DATE@", date)

    def test_is_valid(self):
        if not shutil.which("appstreamcli"):
            self.skipTest("appstreamcli (package appstream) is not here")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / f"{NAME}.metainfo.xml"
            path.write_text(self.text(), encoding="utf-8")
            # No domain name belongs to the project that an id could be made of.
            done = subprocess.run(["appstreamcli", "validate", "--no-net",
                                   "--override=cid-desktopapp-is-not-rdns=info", path],
                                  capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_leads_to_the_entry(self):
        root = xml.etree.ElementTree.fromstring(self.text())
        self.assertEqual(root.findtext("launchable"), f"{NAME}.desktop")
        self.assertEqual(root.findtext("provides/binary"), NAME)


if __name__ == "__main__":
    unittest.main(verbosity=2)
