#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What no linter says of the GitHub workflows, and the release scripts that they call."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = ROOT / "packaging" / "release"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPT = re.compile(r"(?<![\w/.$-])(packaging/[\w./-]+\.(?:sh|py)|\.ci/run|\./\w+\.sh)")


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps():
    for path in WORKFLOWS:
        for name, job in load(path)["jobs"].items():
            for step in job["steps"]:
                yield f"{path.name}, {name}", job, step


def expansions(text, job):
    """The text with each value of the job's matrix."""
    texts = [text]
    for name, values in job.get("strategy", {}).get("matrix", {}).items():
        texts = [each.replace("${{ matrix.%s }}" % name, str(value)) for each in texts for value in values]
    return texts


class Workflows(unittest.TestCase):
    def test_there_are_some(self):
        self.assertEqual([path.name for path in WORKFLOWS], ["ci.yml", "release.yml", "weekly.yml"])

    def test_actions_are_pinned(self):
        for path in WORKFLOWS:
            for line in path.read_text(encoding="utf-8").splitlines():
                if re.match(r"\s*(- )?uses:", line):
                    self.assertRegex(line, r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$", path.name)

    def test_one_commit_for_each_version(self):
        pins = {}
        for path in WORKFLOWS:
            for action, commit in re.findall(r"uses: (\S+)@(\w+)", path.read_text(encoding="utf-8")):
                pins.setdefault(action, set()).add(commit)
        self.assertEqual([action for action, commits in pins.items() if len(commits) != 1], [])

    def test_rights_are_asked_for_job_by_job(self):
        for path in WORKFLOWS:
            self.assertEqual(load(path)["permissions"], {"contents": "read"}, path.name)

    def test_nothing_runs_with_rights_on_a_strangers_change(self):
        for path in WORKFLOWS:
            # YAML takes a bare "on" for true.
            triggers = load(path)[True]
            self.assertFalse({"pull_request_target", "workflow_run"} & set(triggers), path.name)
            if "pull_request" in triggers:
                self.assertNotIn("secrets.", path.read_text(encoding="utf-8"))
                for job in load(path)["jobs"].values():
                    self.assertNotIn("permissions", job)

    def test_no_foreign_text_in_scripts(self):
        """What stands in an expression is put into the script before the shell reads it."""
        for where, _, step in steps():
            for expression in re.findall(r"\$\{\{(.*?)\}\}", step.get("run", "")):
                self.assertRegex(expression.strip(), r"^matrix\.\w+$", where)

    def test_every_job_ends(self):
        for path in WORKFLOWS:
            for name, job in load(path)["jobs"].items():
                self.assertLessEqual(job["timeout-minutes"], 120, f"{path.name}, {name}")

    def test_scripts_are_there(self):
        found = set()
        for where, job, step in steps():
            for text in expansions(step.get("run", ""), job):
                for script in SCRIPT.findall(text):
                    found.add(script)
                    self.assertTrue(os.access(ROOT / script, os.X_OK), f"{where}: {script}")
        for script in (".ci/run", "./test.sh", "packaging/windows/test.sh", "packaging/macos/build.sh",
                       "packaging/release/image.sh"):
            self.assertIn(script, found)

    def test_every_package_has_its_place(self):
        text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
        for folder in (ROOT / "packaging").glob("*/build.sh"):
            self.assertIn(folder.parent.name, text)


class ReleaseScripts(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(RELEASE, self.folder / "packaging" / "release")
        for name in ("CMakeLists.txt", "CHANGELOG.md"):
            shutil.copy(ROOT / name, self.folder)

    def run_script(self, name, *arguments):
        return subprocess.run([self.folder / "packaging/release" / name, *map(str, arguments)], capture_output=True,
                              text=True, check=False)

    def version(self):
        return self.run_script("version.sh").stdout.strip()

    def changelog(self, text):
        (self.folder / "CHANGELOG.md").write_text(text, encoding="utf-8")

    def test_version(self):
        version = self.version()
        self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        self.changelog(f"# Changelog\n\n## {version}\n\nNew.\n")
        self.assertEqual(self.run_script("version.sh", "v" + version).returncode, 0)
        wrong = self.run_script("version.sh", "v9.9.9")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("CMakeLists.txt", wrong.stderr)
        self.changelog("# Changelog\n\n## Unreleased\n\nNew.\n")
        self.assertIn("CHANGELOG.md", self.run_script("version.sh", "v" + version).stderr)

    def test_notes(self):
        self.changelog("# Changelog\n\n## 2.0.0\n\nNew.\n\n### Added\n\n- More.\n\n## 1.0.0\n\nOld.\n")
        notes = self.run_script("notes.sh", "2.0.0").stdout
        self.assertEqual(notes.split(), ["New.", "###", "Added", "-", "More."])
        self.assertEqual(self.run_script("notes.sh", "3.0.0").returncode, 1)

    def test_checksums(self):
        files = self.folder / "files"
        files.mkdir()
        (files / "a b.deb").write_bytes(b"a")
        (files / "c.zip").write_bytes(b"c")
        for _ in range(2):
            self.assertEqual(self.run_script("checksums.sh", files).returncode, 0)
        lines = (files / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        self.assertEqual(lines, [f"{hashlib.sha256(octets).hexdigest()}  {name}"
                                 for name, octets in (("a b.deb", b"a"), ("c.zip", b"c"))])
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=files, check=True)

    def test_bill_of_materials(self):
        artefact = self.folder / "Sami.zip"
        artefact.write_bytes(b"packed")
        versions = self.folder / "VERSIONS"
        versions.write_text("openssl 3.0.1-1+deb12u1\nqt6-base 6.4.2\n", encoding="utf-8")
        ended = self.run_script("sbom.py", artefact, versions)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        bill = json.loads((self.folder / "Sami.zip.spdx.json").read_text(encoding="utf-8"))
        self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
        named = {package["name"]: package for package in bill["packages"]}
        self.assertEqual(set(named), {"Sami.zip", "openssl", "qt6-base"})
        self.assertEqual(named["Sami.zip"]["checksums"][0]["checksumValue"], hashlib.sha256(b"packed").hexdigest())
        self.assertIn("3.0.1-1%2Bdeb12u1", named["openssl"]["externalRefs"][0]["referenceLocator"])
        known = {"SPDXRef-DOCUMENT", *(package["SPDXID"] for package in bill["packages"])}
        self.assertEqual(len(bill["relationships"]), 3)
        for relation in bill["relationships"]:
            self.assertLessEqual({relation["spdxElementId"], relation["relatedSpdxElement"]}, known)

    def engine(self):
        """Stands for Docker: notes what it was told, and answers as Docker does."""
        (self.folder / "versions").write_text("openssl 3.0.1\n", encoding="utf-8")
        engine = self.folder / "engine"
        engine.write_text(f"""#!/bin/sh
echo "$@" >>{self.folder}/told
case $1 in
create) echo 0123abcd ;;
cp) cp {self.folder}/versions "$3" ;;
save) echo layers >"$3" ;;
manifest) [ "$2" = create ] && echo Created || echo sha256:00ff ;;
esac
""", encoding="utf-8")
        engine.chmod(0o755)
        os.environ["ENGINE"] = str(engine)
        self.addCleanup(os.environ.pop, "ENGINE")

    def told(self):
        return (self.folder / "told").read_text(encoding="utf-8").splitlines()

    def test_image_is_pushed(self):
        self.engine()
        ended = self.run_script("image.sh", "push", "example.org/sami", "1.2.3")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        told = self.told()
        self.assertRegex(told[0], r"^build --no-cache --pull -t example\.org/sami:1\.2\.3-\w+ \.$")
        self.assertRegex(told[-1], r"^push example\.org/sami:1\.2\.3-\w+$")
        [image] = (self.folder / "build/packages").glob("*.tar")
        self.assertTrue(image.with_name(image.name + ".spdx.json").exists())

    def test_image_is_joined(self):
        self.engine()
        ended = self.run_script("image.sh", "join", "example.org/sami", "1.2.3", "latest")
        self.assertEqual(ended.stdout, "sha256:00ff\n", ended.stderr)
        parts = "example.org/sami:1.2.3-amd64 example.org/sami:1.2.3-arm64"
        self.assertEqual(self.told(), [
            f"manifest create example.org/sami:1.2.3 {parts}", "manifest push example.org/sami:1.2.3",
            f"manifest create example.org/sami:latest {parts}", "manifest push example.org/sami:latest"])

    def test_image_explains_itself(self):
        ended = self.run_script("image.sh")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("join NAME TAG", ended.stderr)


if __name__ == "__main__":
    unittest.main()
