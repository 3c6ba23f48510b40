# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What happens to a head on its way through the proxy."""

import re
import unittest

from sami_support import ProxyCase, Proxy, answer, row


class TargetTest(ProxyCase):
    def forwarded(self, target_of, *fields, method="GET"):
        origin = self.origin()
        with self.proxy.client() as client:
            client.request(method, target_of(origin), *fields)
            self.assertEqual(client.read_response(method).status, 200)
        return origin, origin.requests[0]

    def test_query(self):
        with self.row("B§4: the query string goes on once, not doubled"):
            _, request = self.forwarded(lambda origin: origin.url("/v1/chat?a=1&b=2"))
            self.assertEqual(request.target, "/v1/chat?a=1&b=2")

    def test_octets(self):
        rows = {
            "B§4: percent-encoding in a target stays as it came": "/a%2Fb%2f%C3%bc?%20=%2B",
            "B§4: dot segments and double slashes are not normalised": "//a/./b/../c//",
            "B§4: reserved characters of a path and query stay": "/!$&'()*+,;=:@?q=/?:@!$'()*,;",
            "B§4: an empty query keeps its question mark": "/path?",
            "B§4: a second question mark belongs to the query": "/p?a?b=c?",
        }
        for name, path in rows.items():
            with self.row(name):
                _, request = self.forwarded(lambda origin: origin.url(path))
                self.assertEqual(request.target, path)

    @row("M§3.2.1: an empty path becomes a slash")
    def test_empty_path(self):
        _, request = self.forwarded(lambda origin: origin.url(""))
        self.assertEqual(request.target, "/")

    @row("M§3.2.1: an empty path before a query becomes a slash")
    def test_empty_path_with_query(self):
        _, request = self.forwarded(lambda origin: origin.url("?x=1"))
        self.assertEqual(request.target, "/?x=1")

    @row("M§3.2.4: OPTIONS without a path goes on as an asterisk")
    def test_options_asterisk(self):
        _, request = self.forwarded(lambda origin: origin.url(""), method="OPTIONS")
        self.assertEqual((request.method, request.target), ("OPTIONS", "*"))

    @row("M§3.2.4: OPTIONS with a path keeps it")
    def test_options_path(self):
        _, request = self.forwarded(lambda origin: origin.url("/"), method="OPTIONS")
        self.assertEqual(request.target, "/")

    @row("S§4.2.4: userinfo in a target is stripped and never logged")
    def test_userinfo(self):
        origin, request = self.forwarded(
            lambda origin: f"http://alice:opensesame@{origin.authority}/x")
        self.assertEqual(request.target, "/x")
        self.assertEqual(request.values("Host"), [origin.authority])
        self.assertNotIn(b"opensesame", request.head)
        self.proxy.wait_for_access(1, lambda line: line.get("target", "").endswith("/x"))
        self.assertNotIn("opensesame", self.proxy.log_text())

    @row("M§3.2.2: Host is regenerated from an absolute-form target")
    def test_host(self):
        origin, request = self.forwarded(lambda origin: origin.url("/"), "Host: evil.example")
        self.assertEqual(request.values("Host"), [origin.authority])
        self.assertEqual(request.names()[0], "Host")

    @row("S§9.1: a method that nobody knows is forwarded as it is")
    def test_unknown_method(self):
        _, request = self.forwarded(lambda origin: origin.url("/"), method="BREW")
        self.assertEqual(request.method, "BREW")

    def test_fragment(self):
        rows = {
            "S§4.2.5: a fragment is cut from a target, and the request goes on":
                ("/docs?a=1#usage", "/docs?a=1"),
            "S§4.2.5: a fragment behind the authority is cut": ("#usage", "/"),
            "S§4.2.5: octets that no fragment has are cut with it": ("/p#a#b\xe9\"<>", "/p"),
        }
        for name, (path, target) in rows.items():
            with self.row(name):
                origin, request = self.forwarded(lambda origin: origin.url("") + path)
                self.assertEqual(request.target, target)
                self.assertEqual(request.values("Host"), [origin.authority])
                self.assertNotIn(b"#", request.head)
        self.proxy.wait_for_access(len(rows), lambda line: line.get("method") == "GET")
        self.assertNotIn("#", self.proxy.log_text())

    @row("B§4: a target whose fragment would move the host for some readers is refused")
    def test_fragment_with_host(self):
        origin, other = self.origin(), self.origin()
        with self.proxy.client() as client:
            client.request("GET", f"http://{origin.authority}#@{other.authority}/")
            self.assertEqual(client.read_response().status, 400)
        self.assertEqual((origin.connections, other.connections), ([], []))

    @row("S§4.2.5: a fragment in the target of an own page is refused")
    def test_fragment_of_a_page(self):
        self.assertEqual(self.proxy.get("/health#top").status, 400)

    @row("B§4: ws:// without an upgrade is the http request that it is")
    def test_websocket_scheme(self):
        origin, request = self.forwarded(
            lambda origin: f"WS://{origin.authority}/by-ws", "Connection: keep-alive")
        self.assertEqual(request.target, "/by-ws")
        self.assertFalse(request.has("Upgrade"))
        line = self.proxy.wait_for_access(1, lambda one: one.get("target", "").endswith("/by-ws"))[0]
        self.assertEqual(line["target"], f"http://{origin.authority}/by-ws")

    def test_refused_targets(self):
        rows = {
            "M§3.2.3: authority-form is for CONNECT alone": "example.com:80",
            "S§4.2.1: an empty host is refused": "http:///path",
            "B§4: a scheme other than http and https is refused": "ftp://example.com/",
            "B§4: a port over 65535 is refused": "http://127.0.0.1:65536/",
        }
        for name, target in rows.items():
            with self.row(name), self.proxy.client() as client:
                client.request("GET", target, "Host: example.com")
                self.assertEqual(client.read_response().status, 400)

    def test_refused_hosts(self):
        rows = {
            "M§3.2: HTTP/1.1 without Host is refused": "",
            "M§3.2: two Host fields are refused": "Host: a.example\r\nHost: a.example\r\n",
            "M§3.2: a malformed Host is refused": "Host: a b\r\n",
        }
        for name, fields in rows.items():
            origin = self.origin()
            with self.row(name), self.proxy.client() as client:
                client.send(f"GET {origin.url()} HTTP/1.1\r\n{fields}\r\n")
                self.assertEqual(client.read_response().status, 400)
                self.assertEqual(origin.connections, [])


class FieldsTest(ProxyCase):
    def through(self, *fields, response=("Content-Length: 2",), body=b"ok", version="1.1"):
        raw = "HTTP/1.1 200 OK\r\n" + "".join(f"{field}\r\n" for field in response) + "\r\n"
        origin = self.origin(answer(raw=raw.encode("latin-1") + body))
        with self.proxy.client() as client:
            client.request("GET", origin.url("/"), *fields, version=version)
            received = client.read_response()
        return origin.requests[0], received

    def test_hop_by_hop_requests(self):
        rows = {
            "S§7.6.1: Connection is not forwarded": "Connection: keep-alive",
            "S§7.6.1: Keep-Alive is not forwarded": "Keep-Alive: timeout=5",
            "S§7.6.1: Proxy-Connection is not forwarded": "Proxy-Connection: keep-alive",
            "S§7.6.1: TE is not forwarded": "TE: trailers",
            "S§7.6.1: Upgrade is not forwarded": "Upgrade: h2c",
            "S§11.7.2: Proxy-Authorization is not forwarded": "Proxy-Authorization: Basic YTpi",
        }
        for name, field in rows.items():
            with self.row(name):
                request, _ = self.through(field)
                self.assertFalse(request.has(field.split(":")[0]), request.head)

    @row("S§7.6.1: what Connection names is not forwarded to the origin")
    def test_connection_named(self):
        request, _ = self.through("X-Hop: 1", "x-other: 2", "Connection: x-hop , X-OTHER",
                                  "X-Stays: 3")
        self.assertEqual([name for name in request.names() if name.lower().startswith("x-")],
                         ["X-Stays"])

    @row("S§7.6.1: Connection cannot take away Host or the length")
    def test_connection_names_framing(self):
        request, received = self.through("Connection: host", response=(
            "Content-Length: 2", "Connection: content-length"))
        self.assertEqual(len(request.values("Host")), 1)
        self.assertEqual(received.body, b"ok")

    @row("S§7.6.1: hop-by-hop fields of a response do not reach the client")
    def test_hop_by_hop_response(self):
        _, received = self.through(response=(
            "Content-Length: 2", "Keep-Alive: timeout=5", "Connection: X-Hop", "X-Hop: 1",
            "Upgrade: h2c", "Proxy-Connection: close", "X-Stays: yes"))
        self.assertEqual([name for name in received.names() if name not in ("Date", "Via")],
                         ["Content-Length", "X-Stays", "Connection", "Keep-Alive"])
        self.assertEqual(received.value("Connection"), "keep-alive")

    @row("B§6: a client that is kept is told 5 s less than the proxy waits, for an origin's own time")
    def test_told_time(self):
        _, received = self.through(response=("Content-Length: 2", "Keep-Alive: timeout=5"))
        self.assertEqual(received.values("Keep-Alive"), ["timeout=70"])
        self.assertEqual(self.proxy.get("/health").values("Keep-Alive"), ["timeout=70"])
        self.assertEqual(self.proxy.get("http://10.0.0.1/").values("Keep-Alive"), ["timeout=70"])

    @row("B§6: a client that is not kept is told no time, and a tunnel has none")
    def test_no_told_time(self):
        _, received = self.through("Connection: close")
        self.assertEqual((received.value("Connection"), received.values("Keep-Alive")),
                         ("close", []))
        _, received = self.through(version="1.0")
        self.assertEqual(received.values("Keep-Alive"), [])
        with self.client() as client:
            client.request("CONNECT", self.origin().authority)
            self.assertEqual(client.read_response("CONNECT").fields, [])

    @row("S§7.6.3: Via is added to the request and to the response")
    def test_via(self):
        request, received = self.through("Via: 1.0 first", response=(
            "Content-Length: 2", "Via: 1.1 origin-side"))
        self.assertEqual(request.values("Via")[0], "1.0 first")
        self.assertRegex(request.values("Via")[1], r"^1\.1 sami-[0-9a-f]{8}$")
        self.assertEqual(received.values("Via"), ["1.1 origin-side", request.values("Via")[1]])

    @row("S§7.6.3: Via tells the version in which the request was received")
    def test_via_version(self):
        request, _ = self.through(version="1.0")
        self.assertRegex(request.value("Via"), r"^1\.0 sami-[0-9a-f]{8}$")

    @row("B§4: PROXY_VIA_HEADER=false adds no Via to request, response and 1xx; others' pass")
    def test_no_via(self):
        raw = (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
               b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVia: 1.1 origin-side\r\n\r\nok")
        origin = self.origin(answer(raw=raw))
        with Proxy({"PROXY_VIA_HEADER": "false"}) as proxy, proxy.client() as client:
            client.request("GET", origin.url(), "Via: 1.0 first")
            final, (hint,) = client.read_final()
            self.assertEqual(hint.values("Via"), [])
            self.assertEqual(final.values("Via"), ["1.1 origin-side"])
            self.assertEqual(origin.requests[0].values("Via"), ["1.0 first"])

    @row("B§4: order, case and duplicates of fields survive")
    def test_order(self):
        fields = ["X-B: 1", "x-a: 2", "X-B: 3", "X-EMPTY:", "X-b: 1", "Cookie: a=1", "Cookie: b=2"]
        request, _ = self.through(*fields)
        sent = [tuple(part.strip() for part in field.split(":", 1)) for field in fields]
        self.assertEqual([field for field in request.fields if field[0] not in ("Host", "Via")],
                         sent)

    @row("B§4: octets over 127 in a value survive")
    def test_obs_text(self):
        request, received = self.through("X-Latin: caf\xe9", response=(
            "Content-Length: 2", "X-Answer: \xfc\xff"))
        self.assertEqual(request.value("X-Latin"), "caf\xe9")
        self.assertEqual(received.value("X-Answer"), "\xfc\xff")

    @row("B§4: no trace of the client is added to a request")
    def test_no_trace(self):
        request, _ = self.through("User-Agent: test")
        self.assertEqual(sorted(request.names()), ["Host", "User-Agent", "Via"])

    @row("S§5.3: Set-Cookie lines stay apart")
    def test_set_cookie(self):
        _, received = self.through(response=(
            "Content-Length: 2", "Set-Cookie: a=1, x", "Set-Cookie: b=2"))
        self.assertEqual(received.values("Set-Cookie"), ["a=1, x", "b=2"])

    @row("S§6.6.1: Date is added to a response without one")
    def test_date_added(self):
        _, received = self.through()
        self.assertRegex(received.value("Date"), re.compile(
            r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$"))

    @row("S§6.6.1: an origin's Date stays as it is")
    def test_date_kept(self):
        date = "Date: Mon, 01 Jan 2001 00:00:00 GMT"
        _, received = self.through(response=("Content-Length: 2", date))
        self.assertEqual(received.values("Date"), [date[6:]])

    @row("M§5.1: a blank before the colon in a response is mended")
    def test_blank_before_colon(self):
        _, received = self.through(response=("Content-Length: 2", "X-Odd : value"))
        self.assertEqual(received.value("X-Odd"), "value")

    @row("M§5.2: obs-fold in a response is mended")
    def test_obs_fold(self):
        _, received = self.through(response=("X-Folded: one", "\t two", "Content-Length: 2"))
        self.assertEqual(received.value("X-Folded").split(), ["one", "two"])
        self.assertEqual(received.body, b"ok")


class OwnAnswersTest(ProxyCase):
    settings = {"ALLOW_PRIVATE_TARGETS": "true"}

    @row("S§7.6.3: a request that went through this instance before is a loop")
    def test_loop(self):
        origin = self.origin()
        first = self.proxy.get(origin.url())
        via = first.value("Via")
        looped = self.proxy.get(origin.url(), f"Via: 1.1 other, {via} (comment)")
        self.assertEqual(looped.status, 508)
        self.assertIn("proxy_loop_detected", looped.value("Proxy-Status"))
        self.assertEqual(len(origin.requests), 1)

    @row("S§7.6.3: a Via that names another instance is no loop")
    def test_no_loop(self):
        origin = self.origin()
        self.assertEqual(self.proxy.get(origin.url(), "Via: 1.1 sami-00000000").status, 200)

    @row("S§7.6.2: Max-Forwards 0 on OPTIONS is answered by the proxy")
    def test_options_max_forwards(self):
        origin = self.origin()
        with self.client() as client:
            client.request("OPTIONS", origin.url(), "Max-Forwards: 0")
            self.assertEqual(client.read_response("OPTIONS").status, 200)
        self.assertEqual(origin.connections, [])

    @row("S§7.6.2: Max-Forwards on OPTIONS counts down")
    def test_max_forwards_decrement(self):
        origin = self.origin()
        self.proxy.get(origin.url(), "Max-Forwards: 7", method="OPTIONS")
        self.assertEqual(origin.requests[0].values("Max-Forwards"), ["6"])

    @row("S§7.6.2: Max-Forwards on other methods stays")
    def test_max_forwards_get(self):
        origin = self.origin()
        self.proxy.get(origin.url(), "Max-Forwards: 0")
        self.assertEqual(origin.requests[0].values("Max-Forwards"), ["0"])

    @row("S§9.3.8: a TRACE answered here echoes the request without its secrets")
    def test_trace(self):
        origin = self.origin()
        response = self.proxy.get(origin.url("/t"), "Max-Forwards: 0", "X-Seen: yes",
                                  "Authorization: Bearer s3cret", "Cookie: s3cret",
                                  "Proxy-Authorization: Basic s3cret", method="TRACE")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.value("Content-Type"), "message/http")
        self.assertTrue(response.body.startswith(b"TRACE "), response.body)
        self.assertIn(b"X-Seen: yes", response.body)
        self.assertNotIn(b"s3cret", response.body)
        self.assertEqual(origin.connections, [])


class LimitsTest(ProxyCase):
    def status_of(self, *fields, path="/"):
        origin = self.origin()
        with self.proxy.client() as client:
            client.request("GET", origin.url(path), *fields)
            status = client.read_response().status
        self.assertEqual(len(origin.connections), 1 if status == 200 else 0)
        return status

    @row("B§1: a target as long as MAX_URL_LENGTH allows goes on")
    def test_long_target(self):
        self.assertEqual(self.status_of(path="/" + "a" * 16000), 200)

    @row("B§1: a target over MAX_URL_LENGTH is a 414")
    def test_too_long_target(self):
        self.assertEqual(self.status_of(path="/" + "a" * 16384), 414)

    @row("B§1: 199 fields and Host go on")
    def test_many_fields(self):
        self.assertEqual(self.status_of(*[f"X-{i}: 1" for i in range(199)]), 200)

    @row("B§1: more than 200 fields are a 431")
    def test_too_many_fields(self):
        self.assertEqual(self.status_of(*[f"X-{i}: 1" for i in range(200)]), 431)

    @row("B§1: a head over 64 KiB is a 431")
    def test_too_large_head(self):
        self.assertEqual(self.status_of(*[f"X-{i}: {'v' * 8000}" for i in range(9)]), 431)

    @row("B§1: a head under 64 KiB goes on")
    def test_large_head(self):
        self.assertEqual(self.status_of(*[f"X-{i}: {'v' * 8000}" for i in range(7)]), 200)

    @row("B§1: a smaller MAX_URL_LENGTH is kept")
    def test_small_limit(self):
        with Proxy({"MAX_URL_LENGTH": "100"}) as proxy:
            self.assertEqual(proxy.get("http://127.0.0.1:1/" + "a" * 100).status, 414)


if __name__ == "__main__":
    unittest.main()
