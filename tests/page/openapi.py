# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""core/admin/openapi.json, and whether a value conforms to one of its schemas. Supports only the keywords of JSON
Schema that this file uses; an unknown keyword is an error, so that nothing passes unchecked."""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
API = json.loads((ROOT / "core/admin/openapi.json").read_text(encoding="utf-8"))
KNOWN = {"type", "description", "properties", "required", "additionalProperties", "items", "enum", "format", "minimum",
         "maximum", "maxLength", "default", "$ref"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def schema(name):
    return API["components"]["schemas"][name]


def faults(value, wanted, where="value"):
    """What is wrong with the value, one sentence each."""
    if unread := set(wanted) - KNOWN:
        raise ValueError(f"{where}: {sorted(unread)} is not known here")
    if "$ref" in wanted:
        return faults(value, schema(wanted["$ref"].rsplit("/", 1)[1]), where)
    kind = TYPES[wanted["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return [f"{where} is no {wanted['type']}"]
    found = []
    if "enum" in wanted and value not in wanted["enum"]:
        found.append(f"{where}: {value!r} is none of its values")
    if kind is int and not wanted.get("minimum", value) <= value <= wanted.get("maximum", value):
        found.append(f"{where}: {value} is out of range")
    if kind is list:
        for place, item in enumerate(value):
            found += faults(item, wanted["items"], f"{where}[{place}]")
    if kind is dict:
        properties = wanted["properties"]
        found += [f"{where} lacks {name}" for name in wanted.get("required", []) if name not in value]
        found += [f"{where} has {name}, which the schema has not" for name in value if name not in properties]
        for name, item in value.items():
            if name in properties:
                found += faults(item, properties[name], f"{where}.{name}")
    return found
