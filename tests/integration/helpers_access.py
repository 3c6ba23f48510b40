# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Credentials and addresses for the tests of the access rules."""

import base64
import socket

USER = "alice"
PASSWORD = "open sesame: 24 hours"
WITH_AUTH = {"PROXY_AUTH_USERNAME": USER, "PROXY_AUTH_PASSWORD": PASSWORD}


def basic(user=USER, password=PASSWORD, charset="utf-8"):
    """The Proxy-Authorization line for these credentials."""
    token = base64.b64encode(f"{user}:{password}".encode(charset)).decode("ascii")
    return f"Proxy-Authorization: Basic {token}"


def own_addresses():
    """This machine's addresses other than loopback, as far as its routes show them."""
    found = []
    for family, elsewhere in ((socket.AF_INET, "198.51.100.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))  # sends nothing: asks for the route
                found.append(probe.getsockname()[0])
            except OSError:
                pass
    return found
