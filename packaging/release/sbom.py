#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""sbom.py ARTEFACT VERSIONS: writes ARTEFACT.spdx.json beside the artefact, a bill of materials in SPDX 2.3.

VERSIONS is the list that each package has among its licences: a Debian source package and its version a line.
"""
import argparse
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def version():
    return subprocess.run([ROOT / "packaging/release/version.sh"], capture_output=True, text=True,
                          check=True).stdout.strip()


def release_date():
    return re.search(r"^set\(SAMI_RELEASE_DATE (\S+)\)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"),
                     re.MULTILINE)[1]


def package(name, number, **more):
    return {"SPDXID": "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "name": name, "versionInfo": number,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION", **more}


def bill(artefact, versions):
    octets = artefact.read_bytes()
    digest = hashlib.sha256(octets).hexdigest()
    own = package(artefact.name, version(), licenseDeclared="MIT",
                  checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    parts = []
    for line in versions.read_text(encoding="utf-8").splitlines():
        name, number = line.split()
        parts.append(package(name, number, externalRefs=[{
            "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{name}@{number.replace('+', '%2B')}?arch=source"}]))
    day = datetime.date.fromisoformat(release_date())
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": artefact.name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{artefact.name}-{digest}",
        "creationInfo": {"created": f"{day}T00:00:00Z", "creators": ["Organization: Sami LLM Proxy contributors",
                                                                     "Tool: packaging/release/sbom.py"]},
        "packages": [own, *parts],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]},
            *({"spdxElementId": own["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": part["SPDXID"]}
              for part in parts)],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("artefact", type=pathlib.Path)
    parser.add_argument("versions", type=pathlib.Path)
    arguments = parser.parse_args()
    target = arguments.artefact.with_name(arguments.artefact.name + ".spdx.json")
    target.write_text(json.dumps(bill(arguments.artefact, arguments.versions), indent=2) + "\n", encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
