# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A real daemon under real traffic for the page's browser test, and a server of an attacker beside it.

    stage.py DAEMON     prints {"url", "evil", "tokens"}; PUT /do at `evil` takes one order as JSON and
                        answers what came of it (see Stage); everything ends with standard input.
"""
import base64
import contextlib
import http.server
import json
import os
import pathlib
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "support"), str(HERE.parent / "integration")]
os.environ["SAMI_DAEMON"] = os.path.abspath(sys.argv[1])

from helpers_command import run_daemon  # pylint: disable=wrong-import-position
from helpers_users import UsersFile, line  # pylint: disable=wrong-import-position
from sami_support import Origin, Proxy, wait_until  # pylint: disable=wrong-import-position

PASSWORD = "secret"
HOSTILE_USER = '<img src=x onerror="window.ran=1">'


def tick(connection):
    """An answer that comes a piece at a time, until somebody ends it."""
    with contextlib.suppress(OSError):
        while True:
            connection.send(b"data: tick\n\n" * 20)
            if connection.origin.is_over.wait(0.25):
                return


def basic(user, password=PASSWORD):
    return "Proxy-Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Stage:
    def __init__(self, stack):
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        self.path = os.path.join(folder, "admin.sock")
        settings = {"PROXY_STATE_DIR": os.path.join(folder, "state"), "PROXY_ADMIN": f"127.0.0.1:0,unix:{self.path}"}
        self.tokens = {right: run_daemon("token", "new", right, "--right", right, **settings).stdout.strip()
                       for right in ("read", "manage")}
        users = stack.enter_context(UsersFile(line("anna"), line("boris", keys="note=<b>bold</b>"), line(HOSTILE_USER)))
        self.proxy = stack.enter_context(Proxy({
            **settings, **users.settings(), "ALLOW_PRIVATE_TARGETS": "127.0.0.1/32", "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS": "3"}))
        [door] = [line["at"] for line in self.proxy.log_lines()
                  if line.get("message") == "admin door open" and not line["at"].startswith("unix:")]
        self.url = f"http://{door}/"
        self.origin = Origin(tick)
        self.origin.is_over = threading.Event()
        stack.callback(self.origin.is_over.set)
        stack.enter_context(self.origin)
        self.tunnels = []

    def stream(self, user="anna", count=1):
        for _ in range(count):
            client = self.proxy.client()
            client.connect_tunnel(self.origin.host, self.origin.port, basic(user))
            client.send(b"POST /v1/responses HTTP/1.1\r\n\r\n")
            client.recv_until(b"tick")
            threading.Thread(target=self._drain, args=(client,), daemon=True).start()
            self.tunnels.append(client)

    @staticmethod
    def _drain(client):
        with contextlib.suppress(Exception):
            while client.socket.recv(65536):
                pass
        client.is_over = True

    def running(self):
        """How many streams still tick."""
        return sum(not getattr(client, "is_over", False) for client in self.tunnels)

    def hang_up(self):
        for client in self.tunnels:
            with contextlib.suppress(OSError):
                client.socket.shutdown(2)
        self.origin.is_over.set()

    def ask(self, target, user="anna", password=PASSWORD, source=None, method="GET"):
        with self.proxy.client(source=source) as client:
            client.request(method, target, basic(user, password))
            return client.read_response(method).status

    def refusal(self, user):
        """Why a request of that user to a private address is refused."""
        before = len(self.proxy.access_lines())
        self.ask("http://10.0.0.1/", user)
        return self.proxy.wait_for_access(before + 1)[-1]["reason"]

    def audit(self):
        return [[line["did"], line["of"], line["token"]] for line in self.proxy.log_lines() if "did" in line]

    def exit_code(self):
        return self.proxy.wait_exit()

    def is_alive(self):
        return self.proxy.is_running()


class Handler(http.server.BaseHTTPRequestHandler):
    stage = None

    def log_message(self, *_):
        pass

    def answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer("text/html; charset=utf-8", b"<!doctype html><title>a prize</title>")

    def do_PUT(self):
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            result = getattr(self.stage, order.pop("do"))(**order)
        except Exception as error:  # the browser's test has to hear of it
            result = {"error": repr(error)}
        self.answer("application/json", json.dumps(result).encode())


def main():
    with contextlib.ExitStack() as stack:
        Handler.stage = stage = Stage(stack)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"url": stage.url, "evil": f"http://127.0.0.1:{server.server_address[1]}/", "tokens": stage.tokens}), flush=True)
        sys.stdin.read()
        stage.hang_up()
        wait_until(lambda: stage.running() == 0, what="the end of the streams")
        # What a case did to the daemon is its own business.
        stage.proxy._check_exit = False


if __name__ == "__main__":
    main()
