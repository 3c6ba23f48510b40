# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Real silences of 21 minutes, nothing shortened. They need no processor, only patience."""

import threading
import time
import unittest

from drill import drill, only_long
from sami_support import Origin, Proxy, RowCase, row

MINUTE = 60.0
SILENCE = 21 * MINUTE
PATIENT = {"PROXY_TIMEOUT_MS": 1500000}


def thinking(released):
    """A model that thinks until told, then answers."""

    def serve(connection):
        connection.timeout = SILENCE + MINUTE
        connection.socket.settimeout(connection.timeout)
        connection.read_request()
        released.wait(SILENCE + 2 * MINUTE)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nthought!")

    return serve


def echo_after(released):
    """The same inside a tunnel: no HTTP that the proxy could see."""

    def serve(connection):
        connection.socket.settimeout(SILENCE + 2 * MINUTE)
        question = connection.recv_exactly(8)
        released.wait(SILENCE + 2 * MINUTE)
        connection.send(question.upper())
        connection.recv_all()

    return serve


@only_long("21 minutes")
class LongSilenceTest(RowCase):
    """All four wait at the same time: the class takes as long as one of them."""

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


if __name__ == "__main__":
    unittest.main()
