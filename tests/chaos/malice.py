# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Messages that two readers could frame differently, each hiding another request."""

import random

from wire import chunked, request_body, request_head


def malformed(visit, carrier, smuggled, authority):
    """The bytes of the visit's variant. `smuggled` is a whole request inside the carrier's body."""
    hidden = request_head(smuggled, authority)
    body = request_body(carrier)
    length = f"Content-Length: {len(body)}"
    variant = visit.variant
    if variant == "noise":
        noise = random.Random(visit.id).randbytes(1 + int(visit.at * 200))
        return b"\x01" + noise + b"\r\n\r\n" + hidden
    if variant == "bad_chunk":
        good = chunked(body[:int(visit.at * len(body))])[:-5]
        return (request_head(carrier, authority, "Transfer-Encoding: chunked") + good
                + b"-1\r\n" + hidden)
    fields = {
        "both_framings": (f"Content-Length: {len(hidden) + 5}", "Transfer-Encoding: chunked"),
        "two_lengths": (length, f"Content-Length: {len(body) + 1}"),
        "gzip": ("Transfer-Encoding: gzip",),
        "folded": (length, "X-Folded: one", " two"),
        "blank_before_colon": (f"Content-Length : {len(body)}",),
        "bare_lf": (length + "\nX-Bare: yes",),
        "two_hosts": (length, "Host: elsewhere.test"),
    }[variant]
    head = request_head(carrier, authority, *fields)
    return head + b"0\r\n\r\n" + hidden + body
