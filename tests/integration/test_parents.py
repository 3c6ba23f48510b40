# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The way out through parent proxies: what is sent, through which one, and what is logged."""

import base64
import pathlib
import signal
import ssl
import time
import unittest

from helpers_access import basic
from helpers_parents import (ENCODED, ESTABLISHED, LOCKED, PASSWORD, USER, ParentCase)
from helpers_tunnel import HeldOrigin
from sami_support import TestCa, answer, closed_port, row, wait_until


class Through(ParentCase):
    def check(self, parent_url, server, name="server", **settings):
        """A tunnel and a request through `server`, given by its link or URL."""
        desk = self.desk(parent_url, **settings)
        held = self.enter(HeldOrigin())
        client = desk.client()
        self.assertEqual(client.connect_tunnel("127.0.0.1", held.port).status, 200)
        end = held.take()
        client.send(b"ping")
        self.assertEqual(end.recv_exactly(4), b"ping")
        end.send(b"pong!")
        self.assertEqual(client.recv_exactly(5), b"pong!")
        end.close()
        client.expects_eof()
        client.close()
        line = self.line(desk)
        self.assertEqual((line["route"], line["status"], line["by"], line["how"]),
                         (name, 200, "upstream", "fin"))
        self.assertIn("route_dial", line)
        origin = self.origin(answer(b"hello"))
        with desk.client() as client:  # always the same worker
            for _ in range(2):
                client.request("GET", origin.url("/x"))
                self.assertEqual(client.read_response().body, b"hello")
        lines = desk.wait_for_access(3)[1:]
        self.assertEqual({line["route"] for line in lines}, {name})
        # Everything used CONNECT, and the second request the first one's connection.
        self.assertEqual((len(origin.requests), len(origin.connections)), (2, 1))
        desk.stop()
        seen = server.wait_for_access(2)
        self.assertEqual([(line["method"], line["target"]) for line in seen],
                         [("CONNECT", f"127.0.0.1:{held.port}"), ("CONNECT", origin.authority)])
        return seen

    @row("B§14: through a parent in clear text")
    def test_clear(self):
        server = self.proxy(LOCKED)
        seen = self.check(f"http://{ENCODED}@127.0.0.1:{server.port}?name=server", server)
        self.assertEqual({line["user"] for line in seen}, {USER})

    @row("B§14: through a parent over TLS, by its pin")
    def test_tls(self):
        server, pin = self.server(**LOCKED)
        seen = self.check(f"sami-proxy://{ENCODED}@127.0.0.1:{server.port}?pin={pin}&name=server",
                          server)
        self.assertEqual({line["tls"] for line in seen}, {"1.3"})

    @row("B§14: through a parent over TLS, by PROXY_UPSTREAM_CA_FILE and its name")
    def test_tls_by_authority(self):
        certificate, key = TestCa.shared().certificate()
        server = self.proxy(PROXY_TLS_CERT_FILE=certificate, PROXY_TLS_KEY_FILE=key)
        self.check(f"https://localhost:{server.port}?name=server", server,
                   PROXY_UPSTREAM_CA_FILE=TestCa.shared().ca_file)

    @row("B§14: through a SOCKS5 parent")
    def test_socks(self):
        server = self.proxy(LOCKED)
        seen = self.check(f"socks5://{ENCODED}@127.0.0.1:{server.port}?name=server", server)
        self.assertEqual({line["front"] for line in seen}, {"socks5"})

    @row("B§14: TLS with the origin inside TLS with the parent")
    def test_tls_in_tls(self):
        server, pin = self.server()
        origin = self.origin(answer(b"hello"), tls=TestCa.shared().server_context())
        desk = self.desk(f"https://127.0.0.1:{server.port}?pin={pin}&name=server",
                         PROXY_UPSTREAM_CA_FILE=TestCa.shared().ca_file)
        self.assertEqual(desk.get(origin.url("/x", scheme="https", host="localhost")).body,
                         b"hello")
        self.assertEqual(self.line(desk)["route"], "server")
        # An untrusted origin is the origin's fault, not the parent's.
        wrong = self.origin(answer(b"no"), tls=TestCa.stranger().server_context())
        response = desk.get(wrong.url("/x", scheme="https", host="localhost"))
        self.assertEqual(response.status, 502)
        self.assertEqual(self.line(desk, count=2)["reason"], "tls_certificate_error")
        self.assertEqual(desk.get(origin.url("/y", scheme="https", host="localhost")).body,
                         b"hello")

    @row("B§14: route_dial is absent over a connection that waited for use")
    def test_spare(self):
        server, pin = self.server()
        origin = self.origin()
        desk = self.desk(f"https://127.0.0.1:{server.port}?pin={pin}", PROXY_THREADS="1")
        lines = []

        def has_used_a_spare_one():
            with desk.client() as client:
                status = client.connect_tunnel("127.0.0.1", origin.port).status
                self.assertEqual(status, 200)
            lines.append(self.line(desk, count=len(lines) + 1))
            return "route_dial" not in lines[-1]

        self.assertFalse(has_used_a_spare_one())
        wait_until(has_used_a_spare_one)

    @row("B§14: a half-close goes through a parent over TLS 1.3")
    def test_half_close(self):
        server, pin = self.server()
        held = self.enter(HeldOrigin())
        desk = self.desk(f"https://127.0.0.1:{server.port}?pin={pin}")
        client = desk.client()
        client.connect_tunnel("127.0.0.1", held.port)
        end = held.take()
        client.send(b"all")
        client.half_close()
        self.assertEqual(end.recv_all(), (b"all", "fin"))
        end.send(b"late")
        end.close()
        self.assertEqual(client.recv_all(), (b"late", "fin"))

    @row("B§14: a WebSocket and many octets go through")
    def test_bulk(self):
        server, pin = self.server()
        body = bytes(range(256)) * 8192
        origin = self.origin(answer(body))
        desk = self.desk(f"https://127.0.0.1:{server.port}?pin={pin}")
        self.assertEqual(desk.get(origin.url("/x")).body, body)


class What(ParentCase):
    """What a parent can see."""

    @row("B§14: the CONNECT is made anew: nothing of the client's head is in it")
    def test_head(self):
        parent = self.parent()
        desk = self.desk(parent.url(user=ENCODED), **{**LOCKED, "PROXY_AUTH_PASSWORD": "desk"})
        client = desk.client()
        response = client.connect_tunnel("api.example.com", 443, basic(USER, "desk"),
                                         "User-Agent: spy", "X-Secret: 1", "Cookie: a=b")
        self.assertEqual(response.status, 200)
        [head] = parent.heads
        lines = head.decode().split("\r\n")
        self.assertEqual(lines[:2], ["CONNECT api.example.com:443 HTTP/1.1",
                                     "Host: api.example.com:443"])
        self.assertRegex(lines[2], r"^Via: 1\.1 sami-[0-9a-f]{8}$")
        sent = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self.assertEqual(lines[3:], [f"Proxy-Authorization: Basic {sent}", "", ""])

    @row("B§14: an http:// request goes through CONNECT too, its own head behind that")
    def test_request(self):
        def serve(connection, _):
            connection.sendall(ESTABLISHED)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            parent.sent_up.append(head)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        parent = self.parent(serve=serve)
        desk = self.desk(parent.url(), PROXY_VIA_HEADER="false")
        self.assertEqual(desk.get("http://api.example.com/v1?a=b").body, b"ok")
        self.assertTrue(parent.heads[0].startswith(b"CONNECT api.example.com:80 HTTP/1.1\r\n"))
        self.assertIn(b"\r\nVia: 1.1 sami-", parent.heads[0])
        self.assertTrue(parent.sent_up[0].startswith(b"GET /v1?a=b HTTP/1.1\r\n"))
        self.assertNotIn(b"Via", parent.sent_up[0])

    @row("B§14: octets of the host behind the parent's answer are the client's")
    def test_early(self):
        parent = self.parent(ESTABLISHED + b"220 ready\r\n")
        client = self.desk(parent.url()).client()
        client.connect_tunnel("mail.example.com", 443)
        self.assertEqual(client.recv_exactly(11), b"220 ready\r\n")

    @row("B§14: names travel as names, whatever this machine knows of them")
    def test_names(self):
        parent = self.parent()
        desk = self.desk(parent.url(), ALLOW_PRIVATE_TARGETS="false")
        client = desk.client()
        self.assertEqual(client.connect_tunnel("no-such-host.invalid", 443).status, 200)

    @row("B§14: addresses and names of the inside are judged here, and nobody is asked")
    def test_judged_here(self):
        parent = self.parent()
        desk = self.desk(parent.url(), ALLOW_PRIVATE_TARGETS="false")
        for host, status, reason in (("10.1.2.3", 403, "private_target"),
                                     ("[::ffff:10.1.2.3]", 403, "private_target"),
                                     ("intranet", 403, "private_target"),
                                     ("db.internal", 403, "private_target"),
                                     ("printer.local.", 403, "private_target"),
                                     ("127.0.0.1", 403, "own_address"),
                                     ("a.localhost", 403, "own_address"),
                                     ("2130706433", 400, None), ("0x7f.1", 400, None)):
            with self.subTest(host):
                count = len(desk.access_lines())
                with desk.client() as client:
                    client.request("CONNECT", f"{host}:443")
                    self.assertEqual(client.read_response("CONNECT").status, status)
                line = desk.wait_for_access(count + 1)[-1]
                if reason:
                    self.assertEqual(line["reason"], reason)
                self.assertNotIn("route", line)
        self.assertEqual(parent.heads, [])

    @row("B§14: with ALLOW_PRIVATE_TARGETS=true names of the inside travel")
    def test_allowed_names(self):
        parent = self.parent()
        desk = self.desk(parent.url(), ALLOW_PRIVATE_TARGETS="true")
        for host in ("intranet", "db.internal", "10.1.2.3"):
            with desk.client() as client:
                self.assertEqual(client.connect_tunnel(host, 443).status, 200)

    @row("B§14: the proxy's own pages are never asked through a parent, its doors never reached")
    def test_own_pages(self):
        parent = self.parent()
        desk = self.desk(parent.url(), ALLOW_PRIVATE_TARGETS="true")
        with desk.client() as client:
            client.request("GET", "/health")
            self.assertEqual(client.read_response().status, 200)
        for host in ("127.0.0.1", "localhost", "x.localhost", "[::1]", "0.0.0.0"):
            with self.subTest(host):
                expected = 200 if host == "[::1]" else 508
                with desk.client() as client:
                    client.request("CONNECT", f"{host}:{desk.port}")
                    self.assertEqual(client.read_response("CONNECT").status, expected)
        self.assertEqual(desk.get(f"http://127.0.0.1:{desk.port}/health").status, 508)
        self.assertEqual(len(parent.heads), 1)  # for all we know, it may be another machine's ::1

    @row("B§14: what the bypass names goes direct, though the list has no direct")
    def test_bypass(self):
        parent = self.parent()
        origin = self.origin(answer(b"hello"))
        desk = self.desk(parent.url(), PROXY_PARENTS_BYPASS="127.0.0.0/8")
        self.assertEqual(desk.get(origin.url("/x")).body, b"hello")
        line = self.line(desk)
        self.assertEqual(line["route"], "direct")
        self.assertNotIn("route_dial", line)
        self.assertEqual(parent.heads, [])

    @row("B§14: without parents no line names a way")
    def test_without(self):
        origin = self.origin(answer(b"hello"))
        proxy = self.proxy()
        proxy.get(origin.url("/x"))
        self.assertNotIn("route", self.line(proxy))


class Answers(ParentCase):
    """What clients are told."""

    def ask(self, desk, host="api.example.com", port=443):
        with desk.client() as client:
            client.request("CONNECT", f"{host}:{port}")
            return client.read_response("CONNECT")

    @row("B§14: what a parent says of the destination is the answer, with both hops named")
    def test_destination(self):
        server, pin = self.server()
        desk = self.desk(f"https://127.0.0.1:{server.port}?pin={pin}&name=home")
        response = self.ask(desk, "127.0.0.1", closed_port())
        self.assertEqual((response.status, response.reason),
                         (502, "Parent proxy: The host refused the connection"))
        self.assertEqual(response.value("Proxy-Status"),
                         '"home"; error=connection_refused; '
                         'details="The host refused the connection", '
                         'sami; error=connection_refused; '
                         'details="Parent proxy: The host refused the connection"; '
                         'next-hop="home"')
        line = self.line(desk)
        self.assertEqual((line["reason"], line["route"], line["how"]),
                         ("connection_refused", "home", "dial_failed"))

    @row("B§14: a parent's reason is passed on as 80 printable octets")
    def test_phrase(self):
        parent = self.parent(b"HTTP/1.1 403 " + b'no "way" \t\xc3\xa9' + b"x" * 100
                             + b"\r\nContent-Length: 4\r\n\r\nbody")
        response = self.ask(self.desk(parent.url(name="home")))
        self.assertEqual(response.status, 403)
        self.assertEqual(response.reason, 'Parent proxy: no "way" ' + "x" * 71)
        self.assertIn('details="no \\"way\\" ' + "x" * 71 + '"', response.value("Proxy-Status"))

    @row("B§14: a wrong password is never the client's matter, and is not tried again")
    def test_credentials(self):
        server = self.proxy(LOCKED)
        desk = self.desk(f"http://{USER}:wrong@127.0.0.1:{server.port}?name=home")
        for _ in range(3):
            response = self.ask(desk)
            self.assertEqual(response.status, 502)
            self.assertFalse(response.has("Proxy-Authenticate"))
        self.assertEqual({line["reason"] for line in desk.wait_for_access(3)},
                         {"parent_credentials"})
        self.assertEqual(len(server.wait_for_access()), 1)

    @row("B§14: without direct in the list nothing goes direct")
    def test_never_direct(self):
        origin = self.enter(HeldOrigin())
        desk = self.desk(f"http://127.0.0.1:{closed_port()}?name=home")
        response = self.ask(desk, "127.0.0.1", origin.port)
        self.assertEqual((response.status, response.reason), (502, "No parent proxy answers"))
        self.assertIn('next-hop="home"', response.value("Proxy-Status"))
        line = self.line(desk)
        self.assertEqual((line["reason"], line["route"]), ("no_parent", "home"))
        self.assertTrue(origin.accepted.empty())

    @row("B§14: with direct at its end the list leads out without parents")
    def test_direct_last(self):
        origin = self.origin(answer(b"hello"))
        desk = self.desk(f"http://127.0.0.1:{closed_port()}", "direct")
        self.assertEqual(desk.get(origin.url("/x")).body, b"hello")
        self.assertEqual(self.line(desk)["route"], "direct")

    @row("B§14: a circle of parents ends at its first repetition")
    def test_circle(self):
        one_port, other_port = closed_port(), closed_port()
        one = self.desk(f"http://127.0.0.1:{other_port}", PROXY_PORT=one_port)
        other = self.desk(f"http://127.0.0.1:{one_port}", PROXY_PORT=other_port)
        response = self.ask(one)
        self.assertEqual(response.status, 508)
        self.assertEqual(self.line(one, lambda line: line["reason"] == "loop")["status"], 508)
        time.sleep(0.2)
        self.assertEqual((len(one.access_lines()), len(other.access_lines())), (2, 1))

    @row("B§14: a parent that leads to an own door is a loop, though the next one does not answer")
    def test_own_door(self):
        path = pathlib.Path(self.folder()) / "proxy.ini"
        path.write_text("port = 0\n", encoding="utf-8")
        desk = self.proxy({"PROXY_PORT": None}, arguments=["--config", str(path)])
        for order in (1, -1):
            parents = [f"http://127.0.0.1:{port}" for port in (desk.port, closed_port())][::order]
            path.write_text(f"port = 0\nparents = {', '.join(parents)}\n", encoding="utf-8")
            known = len(desk.log_lines())
            desk.signal(signal.SIGHUP)
            wait_until(lambda k=known: any(line.get("message") == "reloaded"
                                           for line in desk.log_lines()[k:]), what="the reload")
            self.assertEqual(self.ask(desk).status, 508)
        self.assertEqual({line["reason"] for line in desk.wait_for_access(2)}, {"loop"})

    @row("B§14: SOCKS5 clients go through parents, and hear codes")
    def test_socks_client(self):
        from helpers_socks import NOT_ALLOWED, OPEN, SUCCESS, ask, reply, to_name
        parent = self.parent()
        desk = self.desk(parent.url(name="home"))
        with desk.client() as client:
            self.assertEqual(ask(client, to_name("api.example.com", 443), OPEN, None), SUCCESS)
        self.assertTrue(parent.heads[0].startswith(b"CONNECT api.example.com:443"))
        self.assertEqual(self.line(desk)["route"], "home")


if __name__ == "__main__":
    unittest.main()
