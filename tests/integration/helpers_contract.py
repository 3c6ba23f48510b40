# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Calls made from core/admin/openapi.json, and what the file says that an answer has to be.

A call is valid, invalid (it breaks what the file says of it) or hostile (it breaks HTTP, or was made
by somebody who means harm). One seed makes the same calls in the same order."""

import json
import pathlib
import sys
import urllib.parse

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "page"))

import openapi  # pylint: disable=wrong-import-position

PREFIX = "/api/v1"
# What an answer may be that no operation names: HTTP itself was not understood.
OF_HTTP = {400, 408, 411, 413, 414, 431, 501, 505}
SAFE = {"content-security-policy": "default-src 'none'", "x-content-type-options": "nosniff",
        "cache-control": "no-store", "referrer-policy": "no-referrer"}

STRANGE = ["", "0", "-1", "1e9", "00", "9007199254740992", "99999999999999999999999", "null", "undefined", "NaN", "true",
           "<script>alert(1)</script>", "'; DROP TABLE users; --", "$(reboot)", "`id`", "{{7*7}}", "%s%n%x", "../../etc/passwd",
           "..%2f..%2fetc%2fpasswd", "a" * 900, "Анна", "\u202eanna", "\ufeff", "\U0001f600", "a\u0301", "ipv6::1", "::1", "[::1]",
           "127.0.0.1", "127.0.0.1/8", "0.0.0.0/0", "::/0", "private", "@llm", "*", "*.example", "a,b,,c", "a b", "\t", " ", "=", "a=b",
           "a\r\nadmin = 0.0.0.0:1", "\x00", "\x7f", "debug", "info", "error", "\"info\"", "@openai,@nobody", "host.example:443"]
BODIES = [b"", b"{", b"}", b"[]", b"null", b"0", b'""', b"{}", b'{"value":1}', b'{"value":null}', b'{"value":["a"]}', b'{"value":{}}',
          b'{"Value":"info"}', b'{"value":"info","value":"debug"}', b'{"value":"info","more":0}', b'{"grace_ms":-1}',
          b'{"grace_ms":1e400}', b'{"grace_ms":"1"}', b'{"grace_ms":86400001}', b'{"grace_ms":0.5}', b'{"value":"\\ud800"}',
          b'{"value":"\xff\xfe"}', b"\xef\xbb\xbf{}", b"{" * 4000, b"[" * 8000, b'{"a":' * 1500, b"\x00" * 64, b" " * 8192,
          b'{"value":"' + b"x" * 8000 + b'"}', b"a=1&b=2", b"<xml/>"]
FIELDS = ["Origin: https://attacker.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin",
          "Host: attacker.example", "Cookie: token=1", "X-Forwarded-For: 127.0.0.1", "X-HTTP-Method-Override: DELETE",
          "Accept: text/html", "Accept-Encoding: gzip, br", "Expect: 100-continue", "Upgrade: websocket", "Range: bytes=0-1",
          "If-Match: *", "If-Match: \"0\"", "If-Match: W/\"0\"", "If-None-Match: *", "Last-Event-ID: 18446744073709551616",
          "Last-Event-ID: -1", "Content-Type: text/plain", "Content-Encoding: gzip", "Transfer-Encoding: chunked", "Content-Length: 0",
          "Authorization: Bearer", "Authorization: Basic c2FtaTpzZWNyZXQ=", "Authorization: Bearer a b", "TE: trailers",
          "X-\u0430: 1", "X: \x01", "X : 1", " folded", "Connection: close", "Connection: keep-alive, Upgrade", "X: " + "y" * 9000]
HEADS = [b"GET  / HTTP/1.1", b"GET /api/v1/status", b"get /api/v1/status HTTP/1.1", b"GET /api/v1/status HTTP/1.0",
         b"GET /api/v1/status HTTP/2.0", b"GET http://localhost/api/v1/status HTTP/1.1", b"CONNECT localhost:1 HTTP/1.1",
         b"OPTIONS * HTTP/1.1", b"PRI * HTTP/2.0", b"GET /api/v1/\xff HTTP/1.1", b"GET /\x00 HTTP/1.1", b"TRACE /api/v1/status HTTP/1.1",
         b"GET /api/v1/status?limit=1 HTTP/1.1", b"GET /api/v1/finished?limit=0&limit=1 HTTP/1.1", b"GET /api/v1//status HTTP/1.1",
         b"GET /api/v1/%2e%2e/status HTTP/1.1", b"GET /" + b"a" * 3000 + b" HTTP/1.1", b"DELETE /api/v1/users/ada HTTP/1.1",
         b"PROPFIND /api/v1/users HTTP/1.1", b"GET /metrics HTTP/1.1", b"\x05\x01\x00 / HTTP/1.1"]


class Call:
    """One request: what is sent, and by which operation of the file its answer is judged."""

    def __init__(self, octets, method, operation=None, is_stream=False):
        self.octets, self.method, self.operation, self.is_stream = octets, method, operation, is_stream

    def __str__(self):
        return repr(self.octets[:400])


class Calls:
    """`tokens` are a reader's and a manager's; `tag` is called for the ETag of the settings, `ids` for
    those of live connections."""

    def __init__(self, random, tokens, users, tag, ids):
        self.random, self.tokens, self.users, self.tag, self.ids = random, tokens, users, tag, ids
        self.operations = [(path, method, operation) for path, methods in openapi.API["paths"].items()
                           for method, operation in methods.items()]
        # What changes something has more ways to go wrong.
        self.operations += [each for each in self.operations if "requestBody" in each[2]] * 3

    def next(self):
        return self.random.choices([self._valid, self._invalid, self._hostile], [5, 4, 3])[0]()

    # --- valid ---

    def _valid(self):
        path, method, operation = self.random.choice(self.operations)
        if operation["operationId"] == "drain":  # it would be the last
            return self._invalid()
        body = None
        fields = []
        if operation["operationId"] == "setSetting":
            fields.append(f"If-Match: {self.random.choice([self.tag(), '*'])}")
            path, value = self.random.choice([("allowed_ips", "127.0.0.0/8, ::1"), ("allowed_ips", ""), ("log_level", "info"),
                                              ("log_level", "debug"), ("allowed_hosts", "127.0.0.1,@openai"), ("allowed_hosts", "")])
            path = f"/settings/{path}"
            body = json.dumps({"value": value}).encode()
        if operation["operationId"] == "events" and self.random.random() < 0.5:
            fields.append(f"Last-Event-ID: {self.random.randrange(1 << 40)}")
        path = self._filled(path, operation, self._good_parameter) + self._query(operation, self._good_number)
        wanted = "HEAD" if method == "get" and self.random.random() < 0.2 else method.upper()
        return self._call(wanted, path, fields, body, self._token(operation), operation)

    def _good_parameter(self, name):
        return {"id": lambda: self.random.choice([*map(str, self.ids()), "1", "17"]), "address": lambda: "192.0.2.1",
                "name": lambda: self.random.choice(self.users)}[name]()

    def _good_number(self, schema):
        return str(self.random.randint(schema.get("minimum", 0), schema["maximum"]))

    def _token(self, operation):
        [right] = operation["security"][0]["token"]
        return self.tokens["manage"] if right == "manage" else self.random.choice(list(self.tokens.values()))

    # --- invalid ---

    def _invalid(self):
        path, method, operation = self.random.choice(self.operations)
        is_drain = operation["operationId"] == "drain"
        if operation["operationId"] == "setSetting" and self.random.random() < 0.8:
            path = "/settings/" + self.random.choice(["allowed_ips", "allowed_hosts", "log_level"])
        filled = self._filled(path, operation, lambda _: self.random.choice(STRANGE))
        filled += self._query(operation, lambda _: self._escaped(self.random.choice(STRANGE)))
        if self.random.random() < 0.2:
            filled += self.random.choice(["/", "?", "?limit=1", "?after=", "?x=1&x=2", "#part", "//", "/.."])
        body = self.random.choice(BODIES) if self.random.random() < 0.5 or is_drain else None
        fields = [self.random.choice(FIELDS[:20])] if self.random.random() < 0.4 else []
        if operation["operationId"] == "setSetting" and self.random.random() < 0.7:
            fields.append(self.random.choice(["If-Match: *"] * 4 + ["If-Match: \"0\"", "X: no tag"]))
            body = json.dumps({"value": self.random.choice(STRANGE)}).encode()
        wrong = f"sami_{self.random.getrandbits(256):064x}"
        token = self.random.choice([*self.tokens.values(), self.tokens["manage"], None, wrong])
        if is_drain and token == self.tokens["manage"]:
            body = self.random.choice([each for each in BODIES if each.startswith((b'{"grace_ms"', b'{"value"', b"["))])
        elif is_drain:
            token = self.tokens["read"]  # without one it would be done at the Unix socket
        wanted = self.random.choice(["GET", "POST", "PUT", "DELETE", "PATCH"]) if self.random.random() < 0.2 else method.upper()
        return self._call(wanted, filled, fields, body, token, operation if wanted == method.upper() else None)

    # --- hostile ---

    def _hostile(self):
        head = self.random.choice(HEADS) if self.random.random() < 0.5 else b"GET /api/v1/status HTTP/1.1"
        fields = [b"Host: localhost"] if self.random.random() < 0.8 else []
        fields += [self.random.choice(FIELDS).encode() for _ in range(self.random.randrange(4))]
        if self.random.random() < 0.5:
            fields.append(b"Authorization: Bearer " + self.tokens["read"].encode())
        body = b""
        if self.random.random() < 0.3:
            body = self.random.choice(BODIES)
            fields.append(b"Content-Length: %d" % len(body))
        if any(field.startswith(b"Transfer-Encoding") for field in fields):
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        octets = b"\r\n".join([head, *fields, b"", b""]) + body
        if self.random.random() < 0.2:  # anything at all, with an end that a head has
            octets = self.random.randbytes(self.random.randrange(1, 200)) + b"\r\n\r\n"
        return Call(octets, head.split(b" ", 1)[0].decode("latin-1"))

    # --- made of that ---

    @staticmethod
    def _escaped(text):
        return urllib.parse.quote(text, safe="")

    def _filled(self, path, operation, made):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                path = path.replace("{%s}" % parameter["name"], self._escaped(made(parameter["name"])))
        return PREFIX + path

    def _query(self, operation, made):
        parts = [f"{parameter['name']}={made(parameter['schema'])}" for parameter in operation.get("parameters", [])
                 if parameter["in"] == "query" and self.random.random() < 0.5]
        return "?" + "&".join(parts) if parts else ""

    def _call(self, method, path, fields, body, token, operation):
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *fields]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        octets = "\r\n".join([*lines, "", ""]).encode() + (body or b"")
        return Call(octets, method, operation, bool(operation) and operation["operationId"] == "events" and method == "GET")


def faults(call, status, fields, body):
    """What is wrong with an answer, a sentence each."""
    found = [f"{name} is not {value}" for name, value in SAFE.items() if not fields.get(name, "").startswith(value)]
    found += [f"it has {name}" for name in fields if name.startswith("access-control-")]
    if status >= 500 and status not in (501, 503, 505):
        found.append(f"{status} is a fault of the server's own")
    said = openapi.API["components"]["responses"]["Problem"]
    if call.operation:
        said = call.operation["responses"].get(str(status), call.operation["responses"]["default"] if status >= 400 else None)
    elif status < 400:
        return found  # of the page, or of a call that happened to be right
    if said is None:
        return [*found, f"{status} is no answer of {call.operation['operationId']}"]
    if "$ref" in said:
        said = openapi.API["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
    found += [f"it lacks {name}" for name in said.get("headers", {}) if name.lower() not in fields]
    if call.method == "HEAD":
        return found
    if "content" not in said:
        return found + (["it has a body"] if body else [])
    [(kind, content)] = said["content"].items()
    if fields.get("content-type", "").split(";")[0] != kind:
        return [*found, f"it is {fields.get('content-type')}, not {kind}"]
    if kind == "text/event-stream":
        return found
    value = json.loads(body)
    found += openapi.faults(value, content["schema"])
    if kind == "application/problem+json" and value["status"] != status:
        found.append(f"the problem says {value['status']}")
    return found


def event_faults(name, data):
    kinds = openapi.API["paths"]["/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]["x-events"]
    return openapi.faults(data, kinds[name], name) if name in kinds else [f"there is no event {name}"]
