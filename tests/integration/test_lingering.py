# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""How the proxy closes a connection whose client may still be sending: no octet of an answer is
lost to an RST."""

import re
import signal
import time
import unittest

from sami_support import Origin, Proxy, RowCase
from sami_support.doorclient import settings

# Small, so that most of an answer waits in the proxy's kernel.
WINDOW = 4096
SIZE = 60_000
LATE = b"GET http://late.test/ HTTP/1.1\r\nHost: late.test\r\n\r\n"


def by_size(connection):
    """Answers each request with as many octets as its path says."""
    while request := connection.read_request():
        size = int(re.search(r"\d+$", request.target)[0])
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size)


class Lingering(RowCase):
    def visit(self, proxy, is_tls):
        client = self.enter(proxy.client(receive_buffer=WINDOW))
        if is_tls:
            client.start_tls()
        return client

    def test_stop(self):
        for is_tls in (False, True):
            sentence = ("B§6: a stop that crosses a client's next request "
                        f"eats nothing of the last answer, {'over TLS' if is_tls else 'in clear'}")
            with self.row(sentence), Proxy(settings()) as proxy:
                origin = self.enter(Origin(by_size))
                busy = self.enter(proxy.client())
                busy.connect_tunnel("127.0.0.1", origin.port)
                clients = {size: self.visit(proxy, is_tls) for size in (20_000, 60_000, 150_000)}
                for size, client in clients.items():
                    client.request("GET", origin.url(f"/{size}"))
                proxy.wait_for_access(len(clients))
                proxy.signal(signal.SIGTERM)
                proxy.wait_for_log(lambda line: "stopping" in line.get("message", ""))
                time.sleep(0.2)
                for client in clients.values():
                    client.send(LATE)
                time.sleep(0.2)
                for size, client in clients.items():
                    response = client.read_response(allow_truncated=True)
                    self.assertEqual((len(response.body), response.truncated), (size, None))
                    data, how = client.recv_all()
                    self.assertEqual(how, "fin")
                    # A client whose answer was not out yet has been heard once more.
                    self.assertRegex(data, rb"^(|HTTP/1\.1 503 [^\0]*)$")
                    client.close()
                busy.close()

    def test_pause(self):
        def cut(connection):
            if connection.recv_some().startswith(b"GET"):
                connection.send("HTTP/1.1 200 OK\r\n\r\n")
            connection.send(b"x" * SIZE)
            time.sleep(0.3)  # until the proxy has read it
            connection.reset()

        for is_tls in (False, True):
            for is_tunnel in (False, True):
                sentence = (f"B§6: a client that pauses gets all of {'a tunnel' if is_tunnel else 'an answer'} "
                            f"that was cut, {'over TLS' if is_tls else 'in clear'}")
                with self.row(sentence), Proxy(settings()) as proxy:
                    origin = self.enter(Origin(cut))
                    client = self.visit(proxy, is_tls)
                    if is_tunnel:
                        client.connect_tunnel("127.0.0.1", origin.port)
                        client.send(b"go")
                    else:
                        client.request("GET", origin.url())
                        self.assertEqual(client.read_head().status, 200)
                    time.sleep(3.5)  # more than lingering alone would wait
                    self.assertEqual(len(client.recv_exactly(SIZE)), SIZE)
                    # Python's TLS tells an RST and a FIN without close_notify by one word.
                    self.assertEqual(client.recv_all(), (b"", "fin" if is_tls else "reset"))
                    client.close()


if __name__ == "__main__":
    unittest.main()
