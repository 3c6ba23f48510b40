# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The admin doors: what they say, what they change, and who may use them."""

import os
import signal
import socket
import stat
import tempfile
import time
import unittest
import zlib

from helpers_admin import AdminCase, AdminClient, tls_context
from helpers_command import run_daemon
from sami_support import WAIT, Origin, Proxy, RowCase, TestCa, answer, closed_port, row, wait_until
from sami_support.doorclient import settings as door_settings
from sami_support.process import Process


class Reading(AdminCase):
    @row("B§18: the status says the state, who may use it, the limits, and who asks")
    def test_status(self):
        self.start()
        status = self.admin(self.read).json("/api/v1/status")
        self.assertEqual(status["state"], "running")
        self.assertEqual(status["listening"], f"127.0.0.1:{self.proxy.port}")
        self.assertEqual(status["exposure"]["level"], "this_computer")
        self.assertEqual(status["running"], {"count": 0})
        self.assertEqual(status["caller"], {"name": "watcher", "right": "read"})
        self.assertEqual(status["parents"], [])
        self.assertTrue(status["certificate"]["own"])
        self.assertGreater(status["certificate"]["days_left"], 300)

    @row("B§18: live connections are shown, and what became of them")
    def test_connections(self):
        self.start()
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        admin = self.admin(self.read)
        with self.proxy.client() as client:
            client.connect_tunnel(origin.host, origin.port)
            # Its answer leaves a moment before its row says so.
            [connection] = wait_until(lambda: [shown for shown in admin.json("/api/v1/connections")["rows"]
                                               if shown["phase"] == "tunnel"], what="the tunnel")
            self.assertEqual(admin.json("/api/v1/connections")["total"], 1)
            self.assertEqual((connection["host"], connection["port"]), (origin.host, origin.port))
            self.assertEqual(admin.json("/api/v1/status")["running"]["count"], 1)
            self.assertEqual(admin.json(f"/api/v1/connections?after={connection['id']}")["rows"], [])
        finished = wait_until(lambda: admin.json("/api/v1/finished")["rows"], what="its end")
        self.assertEqual((finished[-1]["id"], finished[-1]["method"]), (connection["id"], "CONNECT"))

    @row("B§18: finished work is read on from where one has stopped")
    def test_finished(self):
        self.start()
        origin = self.enter(Origin(answer(b"")))
        admin = self.admin(self.read)
        for count, name in enumerate(("/1", "/2", "/3"), 1):
            self.proxy.get(origin.url(name))
            self.proxy.wait_for_access(count)  # each has its own worker, which writes when it gets to it
        first = admin.json("/api/v1/finished?limit=2&after=0")
        self.assertEqual((first["total"], first["next"], len(first["rows"])), (3, 2, 2))
        rest = admin.json(f"/api/v1/finished?after={first['next']}")
        self.assertEqual([found["target"][-2:] for found in rest["rows"]], ["/3"])
        none = admin.json(f"/api/v1/finished?after={rest['next']}")
        self.assertEqual((none["next"], none["rows"]), (3, []))
        self.assertEqual([found["target"][-2:] for found in admin.json("/api/v1/finished?limit=1")["rows"]],
                         ["/3"])

    @row("B§18: a client that takes its time gets a large answer whole, also as the last one of its connection")
    def test_slow(self):
        self.start()
        client = self.enter(self.proxy.client())
        for number in range(1000):
            client.request("GET", f"http://127.0.0.1:1/{number}{'x' * 600}", "Host: 127.0.0.1:1")
            client.read_response()
        path = "/api/v1/finished?limit=1000"
        whole = len(self.admin(self.read).ask("GET", path)[2])
        self.assertGreater(whole, 600_000)
        for ends_its_half in (False, True):
            for where in (self.port, self.path):
                with self.subTest(where=where, ends_its_half=ends_its_half):
                    admin = self.admin(self.read, where, receive_buffer=4096)
                    admin.request("GET", path, "Connection: close")
                    if ends_its_half:
                        admin.socket.shutdown(socket.SHUT_WR)
                    time.sleep(3)  # longer than an ending takes
                    self.assertEqual(len(admin.response()[2]), whole)
                    self.assertTrue(admin.is_closed())

    @row("B§18: refusals are shown; settings too, with their source and without a secret")
    def test_refusals_and_settings(self):
        secret = "a password of some length"
        self.start(ALLOWED_PORTS="443", PROXY_AUTH_USERNAME="sami", PROXY_AUTH_PASSWORD=secret)
        admin = self.admin(self.read)
        self.assertEqual(admin.json("/api/v1/refusals"), {"rows": []})
        status, fields, body = admin.ask("GET", "/api/v1/settings")
        self.assertEqual(status, 200)
        self.assertIn("etag", fields)
        self.assertNotIn(secret.encode(), body)
        rows = {found["name"]: found for found in admin.json("/api/v1/settings")["rows"]}
        self.assertEqual(rows["proxy_auth_password"]["value"], "***")
        self.assertEqual((rows["allowed_ports"]["source"], rows["allowed_ports"]["locked"]),
                         ("environment", True))
        self.assertEqual((rows["allowed_ips"]["source"], rows["allowed_ips"]["locked"]),
                         ("default", False))

    @row("B§18: a HEAD has the fields of a GET and no body")
    def test_head(self):
        self.start()
        admin = self.admin(self.read)
        admin.request("HEAD", "/api/v1/status")
        status, fields, _ = admin.response(is_head=True)
        self.assertEqual(status, 200)
        self.assertGreater(int(fields["content-length"]), 100)
        self.assertEqual(admin.json("/api/v1/status")["state"], "running")

    @row("B§18: the page is there without a token, and says to browsers what they may do with it")
    def test_page(self):
        self.start()
        admin = self.admin()
        for path, kind in (("/", "text/html"), ("/page.js", "text/javascript"), ("/page.css", "text/css")):
            status, fields, body = admin.ask("GET", path)
            self.assertEqual(status, 200)
            self.assertTrue(fields["content-type"].startswith(kind))
            self.assertTrue(body)
        self.assertTrue(fields["content-security-policy"].startswith("default-src 'none'; "))
        self.assertIn("frame-ancestors 'none'", fields["content-security-policy"])
        status, fields, packed = admin.ask("GET", "/page.js", "Accept-Encoding: gzip, deflate, br")
        self.assertEqual((status, fields["content-encoding"]), (200, "deflate"))
        self.assertEqual(zlib.decompress(packed), admin.ask("GET", "/page.js")[2])
        self.assertEqual(fields["x-content-type-options"], "nosniff")
        self.assertEqual(fields["cache-control"], "no-store")
        self.assertEqual(fields["referrer-policy"], "no-referrer")
        self.assertFalse([name for name in fields if name.startswith("access-control-")])

    @row("B§18: /metrics has a door of its own, without a token and with nothing else")
    def test_metrics(self):
        self.start()
        metrics = self.admin(where=self.metrics)
        status, fields, body = metrics.ask("GET", "/metrics", host="192.0.2.1:9464")
        self.assertEqual(status, 200)
        self.assertTrue(fields["content-type"].startswith("text/plain"))
        self.assertIn(b"sami_proxy_running 1\n", body)
        self.problem(metrics.ask("GET", "/api/v1/status"), 404, "not_found")
        self.problem(self.admin(self.read).ask("GET", "/metrics"), 404, "not_found")


    @row("B§18: a problem has the standard phrase of its status")
    def test_phrases(self):
        self.start()
        for port, path, line in ((self.metrics, "/x", b"404 Not Found"), (self.port, "/api/v1/status", b"401 Unauthorized"),
                                 (self.port, "/" + "x" * 100000, b"414 URI Too Long")):
            with socket.create_connection(("127.0.0.1", port), WAIT) as peer:
                peer.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                self.assertEqual(peer.recv(256).split(b"\r\n")[0], b"HTTP/1.1 " + line)


class Changing(AdminCase):
    def audit(self, did):
        return self.proxy.wait_for_log(lambda line: line.get("did") == did)

    @row("B§18: a connection is closed by its number, and the log says who had it closed")
    def test_close(self):
        self.start()
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        admin = self.admin(self.manage)
        with self.proxy.client() as client:
            client.connect_tunnel(origin.host, origin.port)
            [found] = admin.json("/api/v1/connections")["rows"]
            path = f"/api/v1/connections/{found['id']}/close"
            self.assertEqual(admin.ask("POST", path)[0], 204)
            client.expects_reset()
        line = self.audit("close_connection")
        self.assertEqual((line["token"], line["of"]), ("keeper", str(found["id"])))
        self.assertTrue(line["from"].startswith("127.0.0.1:"))
        [closed] = self.proxy.wait_for_access()
        self.assertEqual(closed["how"], "closed")
        wait_until(lambda: admin.ask("POST", path)[0] == 404, what="its going")

    @row("B§18: a block is lifted; none is a 404")
    def test_lift(self):
        self.start(PROXY_AUTH_USERNAME="sami", PROXY_AUTH_PASSWORD="secret and long",
                   AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS="1")
        wrong = "Proxy-Authorization: Basic c2FtaTp3cm9uZw=="
        self.assertEqual(self.proxy.get("http://192.0.2.1/", wrong).status, 407)
        admin = self.admin(self.manage)
        [block] = wait_until(lambda: admin.json("/api/v1/blocks")["rows"], what="the block")
        self.assertEqual(block["address"], "127.0.0.1")
        self.assertGreater(block["left_s"], 0)
        self.assertEqual(admin.ask("POST", "/api/v1/blocks/127.0.0.1/lift")[0], 204)
        self.assertEqual(self.audit("lift_block")["of"], "127.0.0.1")
        self.problem(admin.ask("POST", "/api/v1/blocks/127.0.0.1/lift"), 404, "not_found")
        self.problem(admin.ask("POST", "/api/v1/blocks/nobody/lift"), 404, "not_found")

    @row("B§18: a drain lets running work finish, then the proxy stops")
    def test_drain(self):
        self.start()
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        admin = self.admin(self.manage)
        client = self.proxy.client()
        client.connect_tunnel(origin.host, origin.port)
        self.problem(admin.ask("POST", "/api/v1/drain", body=b'{"grace_ms": -1}'), 422, "bad_value")
        self.problem(admin.ask("POST", "/api/v1/drain", body=b'[]'), 400, "bad_request")
        self.assertEqual(admin.ask("POST", "/api/v1/drain", body=b"{}")[0], 202)
        wait_until(lambda: admin.json("/api/v1/status")["state"] == "draining", what="the drain")
        self.problem(admin.ask("POST", "/api/v1/drain"), 409, "conflict")
        self.assertEqual(admin.ask("POST", "/api/v1/drain", body=b'{"grace_ms": 3600000}')[0], 202)
        self.problem(admin.ask("POST", "/api/v1/drain", body=b'{"grace_ms": 7200000}'), 409, "conflict")
        self.problem(admin.ask("POST", "/api/v1/drain"), 409, "conflict")
        self.assertTrue(self.proxy.is_running())
        client.close()
        self.assertEqual(self.proxy.wait_exit(), 0)
        self.assertFalse(os.path.exists(self.path), "the socket is removed")

    @row("B§18: a second order to drain makes the stop come sooner")
    def test_drain_sooner(self):
        self.start()
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        admin = self.admin(self.manage)
        client = self.enter(self.proxy.client())
        client.connect_tunnel(origin.host, origin.port)
        self.assertEqual(admin.ask("POST", "/api/v1/drain", body=b'{"grace_ms": 600000}')[0], 202)
        self.assertEqual(admin.ask("POST", "/api/v1/drain", body=b'{"grace_ms": 100}')[0], 202)
        self.assertEqual(self.proxy.wait_exit(), 0)
        self.assertIn("the grace time is over", self.proxy.log_text())

    @row("B§18: a body that is no JSON, or where none belongs, is refused by name")
    def test_bodies(self):
        self.start()
        admin = self.admin(self.manage)
        admin.request("POST", "/api/v1/drain", "Content-Type: text/plain", "Content-Length: 2")
        self.problem(admin.response(), 415, "unsupported_media_type")
        self.problem(self.admin(self.manage).ask("POST", "/api/v1/blocks/192.0.2.1/lift", body=b"{}"),
                     400, "bad_request")
        self.problem(self.admin(self.manage).ask("POST", "/api/v1/drain", body=b"{"), 400, "bad_request")


class Events(AdminCase):
    @row("B§18: the events begin with the status and everything, then tell what is different")
    def test_events(self):
        self.start()
        origin = self.enter(Origin(lambda connection: connection.recv_all()))
        admin = self.admin(self.read)
        head = admin.subscribe()
        self.assertIn(b"text/event-stream", head)
        name, number, status = admin.next_event()
        self.assertEqual((name, number, status["state"]), ("status", None, "running"))
        name, number, data = admin.next_event()
        self.assertEqual((name, number, data["whole"]), ("changes", data["revision"], True))
        with self.proxy.client() as client:
            client.connect_tunnel(origin.host, origin.port)
            _, data = admin.wait_event(lambda name, data: name == "changes" and data["rows"])
            self.assertFalse(data["whole"])
            number = data["rows"][0]["id"]
        _, data = admin.wait_event(lambda name, data: name == "changes" and number in data["gone"])
        self.assertEqual(data["finished"][-1]["id"], number)

    @row("B§18: Last-Event-ID resumes with the difference; one of another run gets everything")
    def test_resume(self):
        self.start()
        with AdminClient(self.port, self.read) as admin:
            admin.subscribe()
            number, _ = admin.wait_event(lambda name, data: name == "changes")
        again = self.admin(self.read)
        again.subscribe(f"Last-Event-ID: {number}")
        _, data = again.wait_event(lambda name, data: name == "changes")
        self.assertFalse(data["whole"])
        foreign = self.admin(self.read)
        foreign.subscribe("Last-Event-ID: 1")
        _, data = foreign.wait_event(lambda name, data: name == "changes")
        self.assertTrue(data["whole"])

    @row("B§18: a revoked token's events end within ten seconds, and it opens nothing more")
    def test_revoked(self):
        self.start()
        admin, other = self.admin(self.read), self.admin(self.manage)
        admin.subscribe()
        other.subscribe()
        done = self.command("token", "revoke", "watcher")
        self.assertEqual(done.returncode, 0, done.stderr)
        with self.assertRaises(EOFError):
            admin.wait_event(lambda *_: False)
        self.problem(self.admin(self.read).ask("GET", "/api/v1/status"), 401, "unauthorized")
        other.wait_event(lambda *_: True)


class Tokens(AdminCase):
    @row("B§18: a token is shown once; the file has its digest, is the owner's, and keeps its comments")
    def test_file(self):
        path = os.path.join(self.state, "admin-tokens")
        with open(path, encoding="ascii") as file:
            text = file.read()
        self.assertNotIn(self.read, text)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path, "a", encoding="ascii") as file:
            file.write("# for the dashboard\n")
        self.new_token("third", "read", "--until", "2099-12-31")
        listed = self.command("token", "list").stdout
        self.assertEqual(listed, "watcher read\nkeeper manage\nthird read 2099-12-31\n")
        self.assertEqual(self.command("token", "revoke", "keeper").returncode, 0)
        with open(path, encoding="ascii") as file:
            left = file.read()
        self.assertIn("# for the dashboard\n", left)
        self.assertNotIn("keeper", left)

    @row("B§18: a wrong command about tokens ends with 2 and names what is wrong")
    def test_wrong_commands(self):
        for arguments, word in ((("new", "watcher", "--right", "read"), "already"),
                                (("new", "other", "--right", "admin"), "--right"),
                                (("new", "a:b"), "letters"),
                                (("new", "other", "--until", "tomorrow"), "2027-01-31"),
                                (("new", "other", "--until", "2020-01-31"), "is past"),
                                (("revoke", "nobody"), "no token")):
            with self.subTest(arguments):
                done = self.command("token", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(word, done.stderr)

    @row("B§18: a tokens file that is damaged stops a start, and changes nothing later")
    def test_damaged(self):
        self.start()
        path = os.path.join(self.state, "admin-tokens")
        with open(path, "a", encoding="ascii") as file:
            file.write("nonsense\n")
        self.proxy.wait_for_log(lambda line: "the tokens stay" in line.get("message", ""))
        self.assertEqual(self.admin(self.read).json("/api/v1/status")["state"], "running")
        done = self.command("--check-config")
        self.assertEqual(done.returncode, 2)
        self.assertIn("line 3", done.stderr)


class Doors(AdminCase):
    @row("B§18: at the Unix socket the peer's user stands for a token")
    def test_unix(self):
        self.start()
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        status = self.admin(where=self.path).json("/api/v1/status")
        self.assertEqual(status["caller"], {"name": "", "right": "manage"})
        self.problem(self.admin("wrong", where=self.path).ask("GET", "/api/v1/status"), 401, "unauthorized")

    @row("B§18: the command status asks there, for people and for scripts")
    def test_status_command(self):
        self.start()
        done = self.command("status")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"listening on 127.0.0.1:{self.proxy.port}", done.stdout)
        self.assertIn("a restart cuts nothing", done.stdout)
        script = self.command("status", "--json")
        self.assertIn('"state":"running"', script.stdout)
        self.assertEqual(run_daemon("status").returncode, 1)
        gone = run_daemon("status", PROXY_ADMIN="unix:/tmp/sami-not-there.sock")
        self.assertEqual(gone.returncode, 1)

    @row("B§18: a socket that a killed proxy left is replaced; one in use is an error")
    def test_stale(self):
        self.start()
        second = self.enter(Proxy(self.given, expect_start=False))
        self.assertEqual(second.wait_exit(), 1)
        self.assertIn("another program listens there", second.stderr())
        self.proxy.signal(signal.SIGKILL)
        self.proxy.wait_exit()
        self.proxy._check_exit = False
        self.assertTrue(os.path.exists(self.path))
        third = self.enter(Proxy(self.given))
        self.assertEqual(self.command("status").returncode, 0)
        self.assertEqual(third.stop(), 0)
        self.assertFalse(os.path.exists(self.path))

    @row("B§18: a reload opens doors that are new and closes those asked for no more; others go on")
    def test_reload(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        config = os.path.join(folder, "sami.ini")

        def write(doors):
            with open(config, "w", encoding="ascii") as file:
                file.write(f"admin = {doors}\n")

        write(f"unix:{self.path}")
        proxy = self.enter(Proxy({"PROXY_STATE_DIR": self.state}, ["--config", config]))
        staying = self.enter(AdminClient(self.path))
        staying.subscribe()
        other = os.path.join(folder, "other.sock")
        write(f"unix:{self.path},unix:{other}")
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        self.enter(AdminClient(other)).json("/api/v1/status")
        write(f"unix:{other}")
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded" and not os.path.exists(self.path))
        staying.wait_event(lambda *_: True)
        write("unix:/tmp/sami-not-there/a.sock")
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message", "").startswith("not reloaded: cannot listen"))
        self.enter(AdminClient(other)).json("/api/v1/status")

    @row("B§18: a reload gives a door TLS, and takes it; who is connected goes on; another address has to wait")
    def test_reload_kind(self):
        config = os.path.join(self.enter(tempfile.TemporaryDirectory()), "sami.ini")
        port = closed_port()

        def write(door):
            with open(config, "w", encoding="ascii") as file:
                file.write(f"admin = {door}:{port}\n")

        def reload(door):
            write(door)
            mark = len(proxy.log_lines())
            proxy.signal(signal.SIGHUP)
            [said] = wait_until(lambda: [line["message"] for line in proxy.log_lines()[mark:]
                                         if "reloaded" in line.get("message", "")], what="the reload")
            return said, [line["at"] for line in proxy.log_lines()[mark:] if line.get("message") == "admin door open"]

        write("127.0.0.1")
        proxy = self.enter(Proxy({"PROXY_STATE_DIR": self.state, **door_settings()}, ["--config", config]))
        staying = self.admin(self.read, port)
        staying.json("/api/v1/status")
        self.assertEqual(reload("tls:127.0.0.1"), ("reloaded", [f"tls:127.0.0.1:{port}"]))
        self.admin(self.read, port, tls=tls_context(TestCa.shared().ca_file)).json("/api/v1/status")
        clear = self.admin(self.read, port)
        clear.request("GET", "/api/v1/status")
        with self.assertRaises((EOFError, ConnectionResetError)):
            clear.response()
        staying.json("/api/v1/status")
        self.assertEqual(reload("127.0.0.1"), ("reloaded", [f"127.0.0.1:{port}"]))
        self.admin(self.read, port).json("/api/v1/status")
        said, opened = reload("tls:0.0.0.0")
        self.assertTrue(said.startswith(f"not reloaded: cannot listen on tls:0.0.0.0:{port}: "), said)
        self.assertTrue(said.endswith("; another door of this proxy has that port until it restarts"), said)
        self.assertEqual(opened, [])
        self.admin(self.read, port).json("/api/v1/status")

    @row("B§18: a door that a failed reload was about to close goes on")
    def test_failed_reload(self):
        folder = self.enter(tempfile.TemporaryDirectory())
        config = os.path.join(folder, "sami.ini")

        def write(line):
            with open(config, "w", encoding="ascii") as file:
                file.write(f"via_header = true\n{line}\n")

        write("metrics = 127.0.0.1:0")
        proxy = self.enter(Proxy({}, ["--config", config]))
        opened = proxy.wait_for_log(lambda line: line.get("message") == "metrics door open")
        write("users_file = /tmp/sami-not-there/users")
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message", "").startswith("not reloaded"))
        port = int(opened["at"].rsplit(":", 1)[1])
        self.assertEqual(self.enter(AdminClient(port)).ask("GET", "/metrics")[0], 200)
        write("")
        proxy.signal(signal.SIGHUP)
        proxy.wait_for_log(lambda line: line.get("message") == "reloaded")
        with self.assertRaises(ConnectionRefusedError):
            wait_until(lambda: AdminClient(port).socket.close(), what="the end of the door")

    @row("B§18: beyond loopback there is TLS, with what the proxy's own door shows")
    def test_tls(self):
        self.start(**door_settings(), PROXY_ADMIN="tls:127.0.0.1:0")
        admin = self.admin(self.read, tls=tls_context(TestCa.shared().ca_file))
        self.assertEqual(admin.socket.version(), "TLSv1.3")
        status = admin.json("/api/v1/status")
        self.assertFalse(status["certificate"]["own"])
        admin.subscribe()
        admin.wait_event(lambda name, data: name == "changes")
        clear = self.admin(self.read)
        clear.request("GET", "/api/v1/status")
        with self.assertRaises((EOFError, ConnectionResetError)):
            clear.response()


class Nothing(RowCase):
    @row("B§18: without these settings there is no thread and no descriptor; with them, one thread")
    def test_costs_nothing(self):
        def costs(**settings):
            with Proxy(settings) as proxy:
                proxy.get("/health")
                process = Process(proxy.pid)
                names = []
                for task in os.listdir(f"/proc/{proxy.pid}/task"):
                    with open(f"/proc/{proxy.pid}/task/{task}/comm", encoding="ascii") as comm:
                        names.append(comm.read().strip())
                # Descriptors of the request above are released a moment later.
                held = []
                wait_until(lambda: held.append(sum(process.descriptors())) or len(held) > 20,
                           what="twenty looks")
                return process.threads(), min(held), names

        folder = self.enter(tempfile.TemporaryDirectory())
        threads, descriptors, names = costs()
        self.assertNotIn("sami-admin", names)
        more, held, others = costs(PROXY_ADMIN=f"unix:{folder}/a.sock")
        self.assertEqual(others.count("sami-admin"), 1)
        self.assertEqual(more, threads + 1)
        # The listener, and an event loop's epoll and eventfd descriptors.
        self.assertEqual(held, descriptors + 3)

    @row("B§18: doors that would be unsafe or useless stop a start by name")
    def test_refused(self):
        for settings, name in (({"PROXY_ADMIN": "0.0.0.0:8081"}, "PROXY_ADMIN"),
                               ({"PROXY_ADMIN": "127.0.0.1:8081"}, "PROXY_ADMIN"),
                               ({"PROXY_ADMIN": "127.0.0.1:18080", "PROXY_PORT": "18080",
                                 "PROXY_ADMIN_TOKENS_FILE": "/tmp/sami-not-there"}, "own port"),
                               ({"PROXY_METRICS": "127.0.0.1:18080", "PROXY_PORT": "18080"}, "own port"),
                               ({"PROXY_ADMIN": "tls:127.0.0.1:1", "PROXY_TLS": "off",
                                 "PROXY_STATE_DIR": "/tmp/sami-not-there"}, "PROXY_TLS is off")):
            with self.subTest(settings):
                done = run_daemon(**{"PROXY_PORT": "0", **settings})
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(name, done.stderr)


if __name__ == "__main__":
    unittest.main()
