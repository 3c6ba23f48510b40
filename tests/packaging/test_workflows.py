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
# What brings programs of others onto the machine, or builds ours from what is on it.
INSTALLS = re.compile(r"\b(pip|pip3|pipx|npm|npx|yarn|brew|choco|winget|gem|cargo|apt|apt-get|ensure_packages|mmdebstrap|"
                      r"debootstrap|curl|wget|aqt|cmake|ninja|make)\b|\bgo (get|install|run)\b|[\"'\w] build |"
                      r"\bInvoke-WebRequest\b")
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


def jobs():
    for path in WORKFLOWS:
        for name, job in load(path)["jobs"].items():
            yield f"{path.name}, {name}", job


def is_trusted(job):
    """Whether it holds a secret, or may write anywhere."""
    return "secrets." in str(job) or "write" in job.get("permissions", {}).values()


def without_comments(script):
    return re.sub(r"(?m)^\s*#.*$", "", script)


def all_of(script):
    """A step's script, and those that it runs, with theirs."""
    text = without_comments(script)
    seen = set()
    while missing := set(SCRIPT.findall(text)) - seen:
        for each in missing:
            seen.add(each)
            text += "\n" + without_comments((ROOT / each).read_text(encoding="utf-8"))
    return text


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

    def test_checkouts_keep_no_credentials(self):
        """Else the token lies in .git/config, for whatever runs in the job."""
        found = 0
        for where, _, step in steps():
            if "actions/checkout@" in step.get("uses", ""):
                found += 1
                self.assertIs(step.get("with", {}).get("persist-credentials"), False, where)
        self.assertGreater(found, 10)

    def test_whoever_has_rights_installs_and_builds_nothing(self):
        trusted = [(where, job) for where, job in jobs() if is_trusted(job)]
        self.assertEqual([where for where, _ in trusted],
                         ["release.yml, macos-sign", "release.yml, publish", "weekly.yml, publish"])
        for where, job in trusted:
            for step in job["steps"]:
                found = INSTALLS.search(all_of(step.get("run", "")))
                self.assertIsNone(found, f"{where}: {found}")
                # GitHub's own actions alone.
                self.assertRegex(step.get("uses", "actions/"), r"^actions/", where)

    def test_what_installs_is_recognised(self):
        for script in ("pip install x", "packaging/release/desktop-qt.sh", "packaging/release/image-build.sh a b",
                       "packaging/docker/test.sh", "packaging/macos/build.sh", "docker build .", "sudo apt-get install x"):
            self.assertRegex(all_of(script), INSTALLS, script)

    def test_what_is_unpacked_beside_a_key_overwrites_no_script(self):
        for where, job in jobs():
            if is_trusted(job):
                for step in job["steps"]:
                    if "download-artifact@" in step.get("uses", ""):
                        self.assertRegex(step["with"]["path"], r"^(build|release|images)(/|$)", where)
                    for line in re.findall(r".*\btar -x.*", step.get("run", "")):
                        self.assertRegex(line, r" -C build/\w+$", where)

    def test_every_image_that_is_pushed_has_its_provenance(self):
        pushes = 0
        for where, job in jobs():
            for at, step in enumerate(job["steps"]):
                if "image-push.sh" not in step.get("run", "") and "docker push" not in step.get("run", ""):
                    continue
                pushes += 1
                attested = [each["with"] for each in job["steps"][at + 1:]
                            if each.get("uses", "").startswith("actions/attest-build-provenance@")]
                self.assertIn({"subject-name": "${{ steps.%s.outputs.name }}" % step.get("id"),
                               "subject-digest": "${{ steps.%s.outputs.digest }}" % step.get("id"),
                               "push-to-registry": True}, attested, where)
                self.assertLessEqual({"id-token": "write", "attestations": "write"}.items(),
                                     job["permissions"].items(), where)
        self.assertEqual(pushes, 2)

    def test_scripts_are_there(self):
        found = set()
        for where, job, step in steps():
            for text in expansions(step.get("run", ""), job):
                for script in SCRIPT.findall(text):
                    found.add(script)
                    self.assertTrue(os.access(ROOT / script, os.X_OK), f"{where}: {script}")
        for script in (".ci/run", "./test.sh", "packaging/windows/test.sh", "packaging/macos/build.sh",
                       "packaging/release/image-push.sh"):
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

    def engine(self, there=()):
        """Stands for Docker: notes what it was told, and answers as Docker does. These tags are there already."""
        (self.folder / "versions").write_text("openssl 3.0.1\n", encoding="utf-8")
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        engine = tools / "docker"
        engine.write_text(f"""#!/bin/sh
if [ "$1 $2" = "manifest inspect" ]; then
    case " {" ".join(there)} " in *" $3 "*) exit 0 ;; esac
    exit 1
fi
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
        self.addCleanup(os.environ.pop, "ENGINE", None)
        return tools

    def told(self):
        told = self.folder / "told"
        return told.read_text(encoding="utf-8").splitlines() if told.exists() else []

    def test_image_is_built(self):
        self.engine()
        ended = self.run_script("image-build.sh", "example.org/sami", "1.2.3")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        told = self.told()
        self.assertRegex(told[0], r"^build --no-cache --pull -t example\.org/sami:1\.2\.3-\w+ \.$")
        self.assertFalse([line for line in told if line.startswith("push")])
        [image] = (self.folder / "build/packages").glob("*.tar")
        self.assertTrue(image.with_name(image.name + ".spdx.json").exists())

    def test_image_is_pushed(self):
        self.engine(there=["example.org/sami:latest", "example.org/sami:1.2.2"])
        ended = self.run_script("image-push.sh", "example.org/sami", "1.2.3", "images", "latest")
        self.assertEqual(ended.stdout, "sha256:00ff\n", ended.stderr)
        parts = ["example.org/sami:1.2.3-amd64", "example.org/sami:1.2.3-arm64"]
        self.assertEqual(self.told(), [
            "load -i images/sami-llm-proxy-image-1.2.3-amd64.tar", f"push {parts[0]}",
            "load -i images/sami-llm-proxy-image-1.2.3-arm64.tar", f"push {parts[1]}",
            f"manifest create example.org/sami:1.2.3 {' '.join(parts)}", "manifest push example.org/sami:1.2.3",
            f"manifest create example.org/sami:latest {' '.join(parts)}", "manifest push example.org/sami:latest"])

    def test_a_tag_does_not_move(self):
        for there in ("example.org/sami:1.2.3", "example.org/sami:1.2.3-amd64", "example.org/sami:1.2.3-arm64"):
            with self.subTest(there):
                self.engine(there=[there])
                ended = self.run_script("image-push.sh", "example.org/sami", "1.2.3", "images", "latest")
                self.assertEqual((ended.returncode, ended.stdout), (1, ""))
                self.assertIn(f"{there} is there already", ended.stderr)
                self.assertEqual(self.told(), [])

    def step(self, workflow, job, name, **environment):
        """Runs one step's script of a workflow here, as its shell does."""
        [script] = [step["run"] for step in load(ROOT / ".github/workflows" / workflow)["jobs"][job]["steps"]
                    if name in (step.get("id"), step.get("name"))]
        output = self.folder / "output"
        output.write_text("", encoding="utf-8")
        tools = self.engine()
        gh = tools / "gh"
        gh.write_text("#!/bin/sh\necho v1.2.3\n", encoding="utf-8")
        gh.chmod(0o755)
        subprocess.run(["bash", "-e", "-c", script], cwd=self.folder, check=True, capture_output=True, env={
            **os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(output), "TOKEN": "secret",
            "GITHUB_REPOSITORY": "Some/Sami", "GITHUB_RUN_NUMBER": "42", "GITHUB_ACTOR": "somebody", **environment})
        return dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())

    def pushed(self):
        return {line.split(":")[-1] for line in self.told() if re.match(r"(manifest )?push ", line)}

    def test_the_weekly_image_leaves_the_releases_tag_alone(self):
        newest = self.step("weekly.yml", "release", "newest")
        self.assertEqual(newest["tag"], "v1.2.3")
        self.assertRegex(newest["dated"], r"^1\.2\.3-20\d{6}\.42$")
        done = self.step("weekly.yml", "publish", "image", DATED=newest["dated"], TAG=newest["tag"])
        self.assertEqual(done, {"name": "ghcr.io/some/sami", "digest": "sha256:00ff"})
        dated = newest["dated"]
        self.assertEqual(self.pushed(), {f"{dated}-amd64", f"{dated}-arm64", dated, "latest"})

    def test_a_release_moves_no_other_tag(self):
        done = self.step("release.yml", "publish", "image", GITHUB_REF_NAME="v1.2.3")
        self.assertEqual(done, {"name": "ghcr.io/some/sami", "digest": "sha256:00ff"})
        self.assertEqual(self.pushed(), {"1.2.3-amd64", "1.2.3-arm64", "1.2.3"})


if __name__ == "__main__":
    unittest.main()
