# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The model: a plan as bytes, and what must arrive at the other end."""

import base64
import dataclasses

from plan import secret_of, seed_of
from sami_support.pattern import answer_seed, pattern

USER, PASSWORD = "chaos", "tidal wave"
CREDENTIALS = "Proxy-Authorization: Basic " + base64.b64encode(
    f"{USER}:{PASSWORD}".encode()).decode()
ID_FIELD = "X-Chaos-Id"


def target_of(request):
    """The target as the origin sees it."""
    return f"/chaos/{request.id}?q={secret_of(request.id)}"


def chunked(data, sizes=4096):
    chunks = [data[at:at + sizes] for at in range(0, len(data), sizes)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def request_body(request):
    return pattern(seed_of(request.id), request.body_size) if request.has_body else b""


def request_head(request, authority, *fields, credentials=CREDENTIALS, scheme=None):
    scheme = scheme or ("https" if request.origin == "tls" else "http")
    lines = [f"{request.method} {scheme}://{authority}{target_of(request)} HTTP/{request.version}",
             f"Host: {authority}", f"{ID_FIELD}: {request.id}", *fields]
    if credentials:
        lines.append(credentials)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def request_octets(request, authority):
    body = request_body(request)
    if not request.has_body:
        return request_head(request, authority)
    if request.body_is_chunked:
        return request_head(request, authority, "Transfer-Encoding: chunked") + chunked(body)
    return request_head(request, authority, f"Content-Length: {len(body)}") + body


# --- answers ---


@dataclasses.dataclass(frozen=True)
class Said:
    """`octets` are what the origin sends before it ends or goes on. `head` of them belong to heads,
    and `content` is how much of the body the rest carries."""

    octets: bytes
    head: int
    content: int
    is_cut: bool


def _final_head(request):
    answer = request.answer
    lines = [f"HTTP/1.1 {answer.status} Chaos", f"{ID_FIELD}: {request.id}",
             "Content-Type: text/plain"]
    if answer.fault == "bad_head":
        lines.insert(1, "no field at all")
    if answer.framing == "length" or answer.fault == "length_and_chunked":
        lines.append(f"Content-Length: {answer.size}")
    if answer.fault == "two_lengths":
        lines.append(f"Content-Length: {answer.size + 1}")
    if answer.framing == "chunked":
        lines.append("Transfer-Encoding: chunked")
    if request.method == "HEAD":
        lines.append("Content-Length: 4711")
    if answer.then == "say_close":
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer_octets(request):
    """What the origin will send, cut where the plan says."""
    answer = request.answer
    interim = (f"HTTP/1.1 103 Early Hints\r\n{ID_FIELD}: {request.id}\r\n\r\n").encode()
    head = interim * answer.interims + _final_head(request)
    body = pattern(answer_seed(seed_of(request.id)), answer.size)
    if answer.framing == "chunked":
        if answer.fault == "bad_chunk":
            good = int(answer.at * len(body))
            framed = chunked(body[:good])[:-5] + b"zz\r\nnot a chunk\r\n"
            return Said(head + framed, len(head), good, True)
        framed = chunked(body)
    else:
        framed = body
    octets = head + framed
    if answer.fault == "surplus":
        return Said(octets + forged_answer(request), len(head), len(body), False)
    if answer.fault != "cut":
        return Said(octets, len(head), len(body), False)
    end = int(answer.at * len(octets))
    part = octets[len(head):end]
    content = len(part) if answer.framing != "chunked" else _content_of(part)
    return Said(octets[:end], len(head), content, True)


def _content_of(part):
    """How many bytes of the body the beginning of its chunks carries."""
    count = 0
    while (line := part.find(b"\r\n")) > 0:
        size = int(part[:line], 16)
        data = part[line + 2:line + 2 + size]
        count += len(data)
        part = part[line + 2 + size + 2:]
    return count


def forged_answer(request):
    """What an origin adds to a complete response: a client that accepts it as its own was fooled.
    """
    return (f"HTTP/1.1 200 Forged\r\n{ID_FIELD}: {request.id}\r\n"
            "X-Forged: yes\r\nContent-Length: 6\r\n\r\nforged").encode()


@dataclasses.dataclass
class Expectation:
    """What the client may see. `whole`: the size of a response that looks complete, None if none
    may. `is_prefix_whole`: a shorter one may too. `cut`: (least, most) bytes of one that visibly
    breaks off. `errors`: the proxy's own statuses. `interims`: the exact number, None for up to
    those planned."""

    whole: int | None = None
    is_prefix_whole: bool = False
    cut: tuple | None = None
    errors: frozenset = frozenset()
    interims: int | None = None


def expect(request, qt_sockets, client_ends=False):
    """The rule of docs/behaviour.md §5 for this response. `client_ends`: the client's FIN follows
    the request."""
    answer, said = request.answer, answer_octets(request)
    expected = Expectation(interims=answer.interims if request.version == "1.1" else 0)
    if answer.fault in ("bad_head", "two_lengths") or (
            said.is_cut and len(said.octets) < said.head):
        expected.errors, expected.interims = frozenset({502}), None
    elif not said.is_cut:
        expected.whole = said.content
        if answer.is_early:
            # The connection ends with the response while the client is still sending.
            expected.cut = (0, said.content)
    elif answer.fault == "bad_chunk":
        expected.cut = (0, said.content)
    elif answer.how == "reset":
        # How far the proxy had read when the reset came is up to the kernel.
        expected.cut, expected.errors, expected.interims = (0, said.content), frozenset({502}), None
        if answer.framing == "close" and qt_sockets and request.origin != "tls":
            # The portable sockets cannot tell an RST from a FIN.
            expected.whole, expected.is_prefix_whole = said.content, True
    elif answer.framing == "close" and request.origin != "tls":
        expected.whole = said.content
    else:
        # Over TLS, an end without close_notify is not an end.
        expected.cut = (said.content, said.content)
    ends_by_close = answer.framing == "close" or (
        answer.framing == "chunked" and request.version == "1.0")
    if qt_sockets and client_ends and ends_by_close:
        # Qt closes what the client has closed before the proxy could reset it.
        expected.whole, expected.is_prefix_whole = said.content, True
    if request.origin == "closing" and not request.is_retryable:
        # The origin may have closed the pooled connection at that moment.
        expected.errors |= {502}
        expected.interims = None
    if request.origin == "flapping":
        expected.errors |= {403}
    return expected
