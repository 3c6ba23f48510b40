# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Real silences of 21 minutes, not shortened. They need no CPU time, only patience."""

import signal
import ssl
import threading
import time
import unittest

from drill import drill, only_long
from sami_support import Origin, Proxy, RowCase, row
from sami_support.doorclient import DoorClient, context
from sami_support.doorfiles import DoorFiles

MINUTE = 60.0
SILENCE = 21 * MINUTE
PATIENT = {"PROXY_TIMEOUT_MS": 1500000}


def thinking(released):
    """A model that thinks until released, then answers."""

    def serve(connection):
        connection.timeout = SILENCE + MINUTE
        connection.socket.settimeout(connection.timeout)
        connection.read_request()
        released.wait(SILENCE + 2 * MINUTE)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nthought!")

    return serve


def echo_after(released):
    """The same inside a tunnel, where the proxy sees no HTTP."""

    def serve(connection):
        connection.socket.settimeout(SILENCE + 2 * MINUTE)
        question = connection.recv_exactly(8)
        released.wait(SILENCE + 2 * MINUTE)
        connection.send(question.upper())
        connection.recv_all()

    return serve


@only_long("21 minutes")
class LongSilenceTest(RowCase):
    """All four wait at the same time, so the class takes as long as one of them."""

    @classmethod
    def setUpClass(cls):
        cls.released = threading.Event()
        cls.patient = cls.enterClassContext(Proxy(PATIENT))
        cls.default = cls.enterClassContext(Proxy())
        cls.model = cls.enterClassContext(Origin(thinking(cls.released)))
        cls.tunnelled = cls.enterClassContext(Origin(echo_after(cls.released)))
        cls.began = time.monotonic()
        cls.clients = {}
        for name, proxy in (("patient", cls.patient), ("default", cls.default)):
            request = proxy.client(timeout=SILENCE + 2 * MINUTE)
            request.request("GET", cls.model.url("/thinking"))
            tunnel = proxy.client(timeout=SILENCE + 2 * MINUTE)
            tunnel.connect_tunnel("127.0.0.1", cls.tunnelled.port)
            tunnel.send("question")
            cls.clients[name] = (request, tunnel)

    @classmethod
    def wait_out_the_silence(cls):
        left = cls.began + SILENCE - time.monotonic()
        if left > 0:
            time.sleep(left)
        cls.released.set()

    def line_of(self, proxy, method):
        line = proxy.wait_for_access(1, lambda entry: entry.get("method") == method)[0]
        print(f"  log: {line}", flush=True)
        return line

    @drill("the default PROXY_TIMEOUT_MS, a model that thinks longer",
           seen="504 after 20m00s; by=proxy how=timeout:silence silence=20m00s")
    @row("B§6: a forwarded request silent for 20 minutes gets 504, and the log says so")
    def test_1_default_cuts_the_request(self):
        response = self.clients["default"][0].read_response()
        self.assertEqual(504, response.status)
        self.assertAlmostEqual(20 * MINUTE, time.monotonic() - self.began, delta=MINUTE)
        line = self.line_of(self.default, "GET")
        self.assertEqual(("proxy", "timeout:silence"), (line["by"], line["how"]))

    @drill("the default PROXY_TIMEOUT_MS, a tunnel that is silent longer",
           seen="closed after 20m00s; by=proxy how=timeout:silence silence=20m00s")
    @row("B§6: a tunnel silent for 20 minutes is closed, and the log says so")
    def test_2_default_cuts_the_tunnel(self):
        self.assertEqual(b"", self.clients["default"][1].expects_end())
        line = self.line_of(self.default, "CONNECT")
        self.assertEqual(("proxy", "timeout:silence"), (line["by"], line["how"]))

    @drill("a model that thinks for 21 minutes, forwarded, PROXY_TIMEOUT_MS=1500000",
           seen="200 and the whole answer after 21m00s; silence=21m00s")
    @row("B§6: a forwarded request outlives 21 minutes of silence")
    def test_3_patient_request(self):
        self.wait_out_the_silence()
        response = self.clients["patient"][0].read_response()
        self.assertEqual((200, b"thought!"), (response.status, response.body))
        line = self.line_of(self.patient, "GET")
        self.assertGreaterEqual(line["silence"], (SILENCE - MINUTE) * 1000)

    @drill("a tunnel silent for 21 minutes, PROXY_TIMEOUT_MS=1500000",
           seen="alive: the answer came after 21m00s; by=client how=fin silence=21m00s")
    @row("B§6: a tunnel outlives 21 minutes of silence")
    def test_4_patient_tunnel(self):
        self.wait_out_the_silence()
        tunnel = self.clients["patient"][1]
        self.assertEqual(b"QUESTION", tunnel.recv_exactly(8))
        tunnel.close()
        line = self.line_of(self.patient, "CONNECT")
        self.assertEqual(("client", "fin"), (line["by"], line["how"]))
        self.assertGreaterEqual(line["silence"], (SILENCE - MINUTE) * 1000)


def event(text):
    return f"data: {text}\n\n".encode()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def streaming(released):
    """One event, a silence until released, another event."""

    def serve(connection):
        connection.timeout = SILENCE + 2 * MINUTE
        connection.socket.settimeout(connection.timeout)
        connection.read_request()
        connection.send(HEAD + chunk(event("thinking")))
        released.wait(SILENCE + 2 * MINUTE)
        connection.send(chunk(event("thought")) + chunk(b""))

    return serve


VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


@only_long("21 minutes")
class LongRenewalTest(RowCase):
    """TLS streams of both versions, forwarded and tunnelled, while their certificate is renewed."""

    def setUp(self):
        self.released = threading.Event()
        self.addCleanup(self.released.set)
        self.files = self.enter(DoorFiles("first.example"))
        self.proxy = self.enter(Proxy(self.files.settings(PROXY_TIMEOUT_MS=1_800_000)))
        self.origin = self.enter(Origin(streaming(self.released)))

    def start(self, version, tunnelled):
        """A stream whose first event has arrived."""
        tls = context(newest=version, oldest=version)
        tls.check_hostname = False
        client = self.enter(DoorClient(self.proxy, tls)).handshake()
        client.socket.settimeout(2 * MINUTE)
        if tunnelled:
            self.assertEqual(client.connect(self.origin.authority), 200)
            client.request("GET", "/")
        else:
            client.request("GET", self.origin.url())
        self.assertIn(b" 200 ", client.until(b"\r\n\r\n").split(b"\r\n")[0])
        self.assertEqual(client.until(b"\n\n\r\n"), chunk(event("thinking")))
        return client

    @drill("a certificate is renewed twice, by SIGHUP and by the minute's look, under four streams in TLS that are"
           " silent for 21 minutes, PROXY_TIMEOUT_MS=1800000",
           seen="newcomers saw each new one; the four went on: the rest of each answer came after 21m00s; silence=21m00s")
    @row("B§12: a stream that is silent for 21 minutes outlives the renewal of its certificate")
    def test_renewed_in_silence(self):
        began = time.monotonic()
        clients = [self.start(version, tunnelled) for version in VERSIONS
                   for tunnelled in (False, True)]
        self.files.write("second.example")
        self.proxy.signal(signal.SIGHUP)
        self.files.wait_shown(self.proxy, "second.example")
        time.sleep(15)  # the check after a reload is over: the next one is due within a minute
        self.files.write("third.example")
        waited = self.files.wait_shown(self.proxy, "third.example")
        print(f"  seen without a signal after {waited:.0f} s", flush=True)
        time.sleep(max(0.0, began + SILENCE - time.monotonic()))
        self.released.set()
        for client in clients:
            self.assertEqual(client.until(b"0\r\n\r\n"), chunk(event("thought")) + chunk(b""))
            client.half_close()
        lines = self.proxy.wait_for_access(4, lambda line: self.origin.authority in line["target"])
        for line in lines:
            print(f"  log: {line}", flush=True)
            self.assertGreaterEqual(line["silence"], (SILENCE - MINUTE) * 1000)
            self.assertIn(line["how"], ("complete", "fin"))
        self.assertEqual(sorted(line["tls"] for line in lines), ["1.2", "1.2", "1.3", "1.3"])


if __name__ == "__main__":
    unittest.main()
