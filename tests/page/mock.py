#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A server of the page that does as it is told: the files of core/admin/page and an API that keeps to
core/admin/openapi.json, over rows that the test makes up.

    mock.py [FOLDER]     prints its port; PUT /mock takes a JSON object whose members replace its own
                         (rows, finished, refusals, blocks, users, settings, status), {"drop": true} cuts the
                         events, {"revoke": true} forgets the tokens, while {"busy": true} a status is 503; GET /mock lists
                         what was ordered.
"""
import datetime
import http.server
import json
import pathlib
import sys
import threading
import time
import urllib.parse

import openapi

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else openapi.ROOT / "core/admin/page")
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".json": "application/json", ".svg": "image/svg+xml"}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
STARTED = time.time()


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def made_row(number, **values):
    row = {"id": number, "client": f"192.0.2.{number % 250}:4{number % 10000:04}", "front": "http", "phase": "tunnel", "requests": 1,
           "up": 1200 * number, "down": 340_000, "age_ms": 61_000 + number, "since_up_ms": 70_000, "since_down_ms": 65_000,
           "longest_silence_ms": 65_000, "method": "CONNECT", "target": f"host{number}.example.com:443", "host": f"host{number}.example.com",
           "port": 443, "dial_ms": 31, "first_byte_ms": 200, "tls": "1.3"}
    row.update(values)
    return row


class World:
    def __init__(self):
        self.changed = threading.Condition()
        self.revision = 1
        self.drops = 0
        self.orders = []
        self.resumed = []
        self.tokens = {"right-to-read": "read", "right-to-manage": "manage"}
        self.rows, self.finished, self.refusals, self.blocks, self.users = {}, [], [], [], []
        self.settings, self.tag, self.kept, self.busy = [], 1, True, False
        self.status = {
            "state": "running", "version": "1.0.0", "started_at": iso(STARTED - 93784), "uptime_s": 93784, "listening": "203.0.113.7:8080",
            "exposure": {"level": "who_knows_password", "text": "Anyone who knows the password.", "asks_password": True,
                         "only_private": False, "tls": "possible", "socks5": True, "hosts": "all"},
            "limits": {"connections": 50000, "connections_per_client": 0, "threads": 2, "silence_ms": 1200000},
            "parents": [], "set_from_afar": [], "certificate": {"pin": "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "own": True,
                                           "expires_at": iso(STARTED + 2e7), "days_left": 231}}

    def totals(self):
        rows = self.rows.values()
        return {"connections": 90210, "requests": 1000 + len(self.finished), "refused": len(self.refusals),
                "up": 5_000_000 + sum(row["up"] for row in rows), "down": 70_000_000 + sum(row["down"] for row in rows), "live": len(self.rows),
                "tunnels": sum(row["phase"] == "tunnel" for row in rows), "exchanges": sum(row["phase"] == "exchange" for row in rows)}

    def whole_status(self, token):
        rows = [row for row in self.rows.values() if row["phase"] != "awaiting_request"]
        running = {"count": len(rows)}
        if rows:
            running["oldest_ms"] = max(row["age_ms"] for row in rows)
            running["silent_ms"] = min(min(row["since_up_ms"], row["since_down_ms"]) for row in rows)
        return {**self.status, "totals": self.totals(), "running": running, "caller": {"name": "desk", "right": self.tokens[token]}}

    def change(self, values):
        with self.changed:
            self.drops += bool(values.get("drop"))
            self.tag += "settings" in values
            if values.get("revoke"):
                self.tokens.clear()
                self.drops += 1
            if "rows" in values:
                self.rows = {row["id"]: row for row in (made_row(row.pop("id"), **row) for row in values["rows"])}
            self.status.update(values.get("status", {}))
            for name in ("finished", "refusals", "blocks", "users", "settings", "kept", "busy"):
                setattr(self, name, values.get(name, getattr(self, name)))
            self.revision += 1
            self.changed.notify_all()


WORLD = World()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    token = ""

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the browser has gone

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="application/json", **fields):
        self.send_response(status)
        if body:
            self.send_header("Content-Type", kind)
        for name, value in {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
                            "Referrer-Policy": "no-referrer", "Content-Length": str(len(body)), **fields}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def data(self, name, value):
        if wrong := openapi.faults(value, openapi.schema(name), name):
            raise SystemExit("the mock breaks the contract: " + "; ".join(wrong[:5]))
        return json.dumps(value).encode()

    def problem(self, status, code, detail):
        self.answer(status, self.data("Problem", {"type": "about:blank", "title": "Problem", "status": status, "code": code,
                                                  "detail": detail}), "application/problem+json")

    def is_let_in(self, right):
        self.token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        given = WORLD.tokens.get(self.token)
        if given is None:
            self.problem(401, "unauthorized", "A token is needed.")
        elif right == "manage" and given != right:
            self.problem(403, "forbidden", "The token may only read.")
        else:
            return True
        return False

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/mock":
            return self.answer(200, json.dumps({"orders": WORLD.orders, "resumed": WORLD.resumed}).encode())
        if not path.startswith("/api/v1/"):
            file = FOLDER / (path.lstrip("/") or "index.html")
            if file.parent != FOLDER or not file.is_file():
                return self.problem(404, "not_found", "There is nothing at this path.")
            return self.answer(200, file.read_bytes(), TYPES[file.suffix])
        if not self.is_let_in("read"):
            return None
        name = path.removeprefix("/api/v1/")
        if name == "events":
            return self.events()
        if name == "status" and WORLD.busy:
            return self.problem(503, "unavailable", "The proxy does not answer in time.")
        if name == "status":
            return self.answer(200, self.data("Status", WORLD.whole_status(self.token)))
        if name == "users":
            return self.answer(200, self.data("Users", {"rows": WORLD.users}))
        if name == "settings":
            return self.answer(200, self.data("Settings", {"rows": WORLD.settings}), ETag=f'"{WORLD.tag}"')
        return self.problem(404, "not_found", "There is nothing at this path.")

    def events(self):
        WORLD.resumed.append(self.headers.get("Last-Event-ID", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        drops, before, finished, status = WORLD.drops, None, 0, None
        while WORLD.drops == drops:
            with WORLD.changed:
                now = json.loads(json.dumps(WORLD.rows))
                new_status = WORLD.whole_status(self.token) if self.token in WORLD.tokens else status
                changes = {"revision": WORLD.revision, "whole": before is None, "state": WORLD.status["state"], "totals": WORLD.totals(),
                           "rows": [row for key, row in now.items() if before is None or before.get(key) != row],
                           "gone": [] if before is None else [int(key) for key in before if key not in now],
                           "finished": WORLD.finished[finished:], "refusals": WORLD.refusals, "blocks": WORLD.blocks}
                finished = len(WORLD.finished)
            if new_status != status:
                self.event("status", "Status", new_status)
            self.event("changes", "Changes", changes, changes["revision"])
            before, status = now, new_status
            with WORLD.changed:
                WORLD.changed.wait_for(lambda: WORLD.revision != changes["revision"], 5)

    def event(self, name, kind, value, number=None):
        line = f"id: {number}\n" if number else ""
        self.wfile.write(line.encode() + f"event: {name}\ndata: ".encode() + self.data(kind, value) + b"\n\n")
        self.wfile.flush()

    def do_PUT(self):
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/mock":
            WORLD.change(given)
            return self.answer(204)
        if not self.is_let_in("manage"):
            return None
        if self.headers["If-Match"] != f'"{WORLD.tag}"':
            return self.problem(412, "precondition_failed", "The settings have changed since; read them again.")
        if "bad" in given["value"]:
            return self.problem(422, "bad_value", 'allowed_ips: "bad": write an address\nallowed_ips: "bad2": write an address')
        name = self.path.rsplit("/", 1)[1]
        WORLD.orders.append(["settings", name, given["value"]])
        row = next(row for row in WORLD.settings if row["name"] == name)
        row.update(value=given["value"], source="state")
        WORLD.tag += 1
        return self.answer(200, self.data("SettingDone", {"setting": row, "kept": WORLD.kept, "leaves_out_caller": not WORLD.kept,
                                                          "hints": []}), ETag=f'"{WORLD.tag}"')

    def do_POST(self):
        if not self.is_let_in("manage"):
            return None
        parts = [urllib.parse.unquote(part) for part in self.path.split("/")[3:]]
        WORLD.orders.append(parts)
        if parts[0] == "connections":
            WORLD.change({"rows": [row for row in WORLD.rows.values() if row["id"] != int(parts[1])]})
        elif parts[0] == "blocks":
            WORLD.change({"blocks": [row for row in WORLD.blocks if row["address"] != parts[1]]})
        elif parts[0] == "users":
            for row in WORLD.users:
                row["state"] = {"enable": "enabled", "disable": "disabled"}[parts[2]] if row["name"] == parts[1] else row["state"]
        elif parts[0] == "drain":
            WORLD.change({"status": {"state": "draining"}})
            return self.answer(202)
        return self.answer(204)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
