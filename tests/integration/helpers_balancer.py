# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""PROXY protocol headers as bytes, and a proxy that trusts one of this machine's addresses to send
them.

In these tests a client from an own address other than loopback is the balancer; a client from
127.0.0.1 is anybody else.
"""

import socket
import struct
import unittest

from helpers_access import own_addresses
from sami_support import Origin, Proxy, RawClient, RowCase

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LOCAL, PROXIED = 0x20, 0x21
IPV4, IPV6 = 0x11, 0x21


def line(client="203.0.113.7", port=5000):
    """Version 1."""
    family, here = ("TCP6", "2001:db8::1") if ":" in client else ("TCP4", "198.51.100.1")
    return f"PROXY {family} {client} {here} {port} 8080\r\n".encode("ascii")


def binary(client="203.0.113.7", port=5000, extensions=b"", command=PROXIED, family=None, length=None):
    """Version 2; `length` overrides its length field."""
    version = socket.AF_INET6 if ":" in client else socket.AF_INET
    here = "2001:db8::1" if ":" in client else "198.51.100.1"
    rest = (socket.inet_pton(version, client) + socket.inet_pton(version, here)
            + struct.pack("!HH", port, 8080) + extensions)
    return raw(command, family or (IPV6 if ":" in client else IPV4), rest, length)


def raw(command, family, rest=b"", length=None):
    said = len(rest) if length is None else length
    return SIGNATURE + struct.pack("!BBH", command, family, said) + rest


def extension(kind, value=b""):
    return struct.pack("!BH", kind, len(value)) + value


def crc32c(octets):
    total = 0xffffffff
    for octet in octets:
        total ^= octet
        for _ in range(8):
            total = (total >> 1) ^ (0x82f63b78 if total & 1 else 0)
    return total ^ 0xffffffff


def with_checksum(client="203.0.113.7"):
    blank = binary(client, extensions=extension(3, bytes(4)))
    return blank[:-4] + struct.pack("!I", crc32c(blank))


class BalancerCase(RowCase):
    @classmethod
    def setUpClass(cls):
        cls.sender = next((address for address in own_addresses() if "." in address), None)
        if cls.sender is None:
            raise unittest.SkipTest("this machine has no IPv4 address beside loopback")
        cls.origin = cls.enterClassContext(Origin())

    def proxy(self, **settings):
        """A proxy that accepts headers from the balancer and can be reached by it and over
        loopback."""
        return self.enter(Proxy({"PROXY_ADDRESS": "0.0.0.0",
                                 "PROXY_PROXY_PROTOCOL_FROM": self.sender, **settings}))

    def connect(self, proxy, *octets):
        """The balancer's connection, on which these bytes were sent."""
        client = self.enter(RawClient(self.sender, proxy.port))
        for piece in octets:
            client.send(piece)
        return client

    def ask(self, proxy, header, *fields, url=None, method="GET"):
        """The response to a request that follows the header."""
        client = self.connect(proxy, header)
        client.request(method, url or self.origin.url(), *fields)
        return client.read_response(method)

    def last(self, proxy, **fields):
        """The access line with these fields."""
        return proxy.wait_for_access(
            1, lambda found: all(found.get(name) == value for name, value in fields.items()))[-1]
