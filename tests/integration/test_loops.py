# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Requests that lead back to the proxy that sent them."""

import socket
import threading
import unittest

from helpers_access import WITH_AUTH, basic, own_addresses
from sami_support import Origin, Proxy, RawClient, RowCase, answer, row


def another_way_to(target):
    """A script that passes every byte on to `target()`, as a port mapping does."""

    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve(connection):
        with RawClient("127.0.0.1", target().port) as onward:
            back = threading.Thread(target=pump, args=(onward.socket, connection.socket),
                                    daemon=True)
            back.start()
            pump(connection.socket, onward.socket)
            back.join()

    return serve


class Loops(RowCase):
    def assertLoop(self, response):
        self.assertEqual(response.status, 508)
        self.assertIn("proxy_loop_detected", response.value("Proxy-Status"))
        self.assertIn(b"leads back", response.body)

    def both_forms(self, proxy, host, port, *fields):
        with proxy.client() as client:
            client.request("GET", f"http://{host}:{port}/health", *fields)
            yield client.read_response()
        with proxy.client() as client:
            client.request("CONNECT", f"{host}:{port}", *fields)
            yield client.read_response("CONNECT")

    @row("B§4: a request to the proxy itself is a loop: 508, and nothing is dialled")
    def test_itself(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "true", **WITH_AUTH}) as proxy:
            hosts = ("127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]")
            for host in hosts:
                with self.subTest(host):
                    for response in self.both_forms(proxy, host, proxy.port, basic()):
                        self.assertLoop(response)
            proxy.wait_for_access(2 * len(hosts), lambda line: line.get("reason") == "loop")
            self.assertEqual(len(proxy.access_lines()), 2 * len(hosts))

    @row("B§4: every address of the machine leads back to a proxy that listens on all of them")
    def test_wildcard(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "true", "PROXY_ADDRESS": "::"}) as proxy:
            hosts = ["127.0.0.1", "127.8.8.8", "[::1]", "0.0.0.0", "[::]"]
            hosts += [f"[{address}]" if ":" in address else address for address in own_addresses()]
            for host in hosts:
                with self.subTest(host):
                    for response in self.both_forms(proxy, host, proxy.port):
                        self.assertLoop(response)

    @row("B§4: another server on the proxy's port, at another address, is no loop")
    def test_neighbour(self):
        with Proxy() as proxy:
            with Origin(answer(b"theirs"), host="127.0.0.2", port=proxy.port) as origin:
                response = proxy.get(origin.url("/health"))
                self.assertEqual((response.status, response.body), (200, b"theirs"))
                with proxy.client() as client:
                    client.connect_tunnel("127.0.0.2", origin.port)

    @row("B§2: who must not reach this machine at all is told that, not of a loop")
    def test_refused_first(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": None}) as proxy:
            for response in self.both_forms(proxy, "127.0.0.1", proxy.port):
                self.assertEqual(response.status, 403)
                self.assertIn(b"ALLOW_PRIVATE_TARGETS", response.body)

    @row("B§4: a request that comes back by a port mapping is met by its Via: 508, not 407 or a page")
    def test_mapped(self):
        with Origin(another_way_to(lambda: proxy)) as alias, Proxy(WITH_AUTH) as proxy:
            for path in ("/", "/health", "/nothing-here"):
                with self.subTest(path):
                    self.assertLoop(proxy.get(alias.url(path), basic()))
            lines = proxy.wait_for_access(6)
            self.assertEqual([line["status"] for line in lines], [508] * 6)

    @row("S§7.6.3: a Via of this instance is a loop in origin-form and for its own pages too")
    def test_via_in_origin_form(self):
        with Origin() as origin, Proxy() as proxy:
            via = proxy.get(origin.url()).value("Via")
            for path in ("/health", "/nothing-here"):
                with self.subTest(path):
                    self.assertLoop(proxy.get(path, f"Via: {via}"))
            self.assertEqual(proxy.get("/health", "Via: 1.1 another").status, 200)

    @row("B§4: with PROXY_VIA_HEADER=false a loop is known by its address all the same")
    def test_without_via(self):
        with Proxy({"ALLOW_PRIVATE_TARGETS": "true", "PROXY_VIA_HEADER": "false"}) as proxy:
            for response in self.both_forms(proxy, "127.0.0.1", proxy.port):
                self.assertLoop(response)

    @row("B§4: a loop is refused for the request, and the connection serves the next one")
    def test_next_request(self):
        with Origin() as origin, Proxy() as proxy, proxy.client() as client:
            client.request("GET", f"{proxy.url}/")
            self.assertLoop(client.read_response())
            client.request("GET", origin.url())
            self.assertEqual(client.read_response().status, 200)


if __name__ == "__main__":
    unittest.main()
