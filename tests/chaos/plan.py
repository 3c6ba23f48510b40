# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What each client will do and what each origin will answer, drawn only from the seed.

A visit is one connection to the proxy. `draw_visit(seed, client, number)` gives the same visit in
every run, whatever the others do, so that one client can be replayed alone.
"""

import dataclasses
import random
import zlib

# The listeners: see origins.py.
ORIGINS = ("plain", "second", "tls", "closing", "late", "flapping")
_SIZES = (0, 1, 10, 500, 2000, 2000, 16_000, 66_000, 200_000)
# Faults that the head or the body announces, and that need a body.
_BODY_FAULTS = ("two_lengths", "length_and_chunked", "bad_chunk", "surplus")


@dataclasses.dataclass(frozen=True)
class Answer:
    """`fault` is what goes wrong, "" for an honest response. `at` is the place, as a fraction of
    the whole. `how` is the kind of a premature end: "fin" or "reset"."""

    status: int
    framing: str  # length, chunked, close, none
    size: int
    interims: int
    fault: str
    at: float
    how: str
    in_pieces: bool
    is_early: bool  # before the request's body was read
    then: str  # keep, say_close, close_silently


@dataclasses.dataclass(frozen=True)
class Request:
    id: str
    method: str
    origin: str
    version: str
    body_size: int
    body_is_chunked: bool
    answer: Answer

    @property
    def has_body(self):
        return self.method in ("POST", "PUT")

    @property
    def is_retryable(self):
        """Whether the proxy may send it a second time (RFC 9110 §9.2.2)."""
        return self.method != "POST" and not self.body_size and not (
            self.has_body and self.body_is_chunked)


@dataclasses.dataclass(frozen=True)
class Visit:
    """The kind defines the meaning of `variant` and `at`."""

    client: int
    number: int
    kind: str
    requests: tuple
    variant: str
    at: float
    up: int
    down: int
    in_pieces: bool
    reads_slowly: bool
    half_closes: bool
    leaves_by: str  # fin, reset, cut: an end without close_notify where there is TLS
    pause: float
    comes_by: str  # clear, tls
    speaks: str  # http, socks5: to open a tunnel

    @property
    def id(self):
        return f"{self.client}-{self.number}"


def seed_of(identity):
    """The seed of the data of a request; the response's data differs: `answer_seed()`."""
    return zlib.crc32(identity.encode())


def secret_of(identity):
    """Part of the query: the origin must get it, and no log may show it."""
    return f"secret{seed_of(identity):08x}"


VARIANTS = {
    "pipeline": ("in_turn",) * 5 + ("then_fin",),
    "upload_abort": ("reset", "fin", "half_close"),
    "answer_abort": ("in_the_answer", "unread", "at_once", "silent"),
    "malformed": ("both_framings", "two_lengths", "gzip", "folded", "blank_before_colon", "bare_lf",
                  "two_hosts", "bad_chunk", "noise"),
    "credentials": ("wrong", "none", "bearer"),
    "own_page": ("/", "/health", "/status", "/nowhere"),
    "probe": ("nothing", "part_of_a_head"),
    "refused_connect": ("closed_port", "closed_port_then_octets", "forbidden_port_then_octets"),
    "tunnel": ("orderly", "orderly", "client_first", "origin_first", "client_reset",
               "origin_reset"),
    "upgrade": ("orderly",),
}
# How often each kind is drawn.
_KINDS = {
    "sequence": 34, "pipeline": 14, "upload_abort": 7, "answer_abort": 9, "malformed": 9,
    "credentials": 4, "own_page": 3, "probe": 3, "refused_connect": 4, "tunnel": 12, "upgrade": 3,
}


def draw_visit(seed, client, number):
    rng = random.Random(f"{seed}/{client}/{number}")
    kind = rng.choices(list(_KINDS), _KINDS.values())[0]
    variant = rng.choice(VARIANTS.get(kind, ("",)))
    draw = _Draw(rng, f"{client}-{number}")
    return Visit(
        client=client, number=number, kind=kind, variant=variant,
        requests=tuple(draw.requests(kind, variant)), at=rng.random(), up=draw.size(),
        down=draw.size(), in_pieces=rng.random() < 0.15, reads_slowly=rng.random() < 0.1,
        half_closes=variant == "then_fin" or (kind == "sequence" and rng.random() < 0.15),
        leaves_by=rng.choice(("fin", "fin", "reset", "cut")), pause=rng.choice((0, 0, 0.005, 0.03)),
        comes_by=rng.choice(("clear", "tls")), speaks=rng.choice(("http", "socks5")))


class _Draw:
    def __init__(self, rng, visit):
        self._rng = rng
        self._visit = visit

    def size(self):
        size = self._rng.choice(_SIZES)
        return self._rng.randint(size // 2, size)

    def requests(self, kind, variant):
        if kind == "sequence":
            return [self._request(i) for i in range(self._rng.randint(1, 4))]
        if kind == "pipeline":
            return [self._request(i, version="1.1", small=True)
                    for i in range(self._rng.randint(2, 5))]
        if kind == "upload_abort":
            return [self._request(0, method="POST", honest=True, least=1000)]
        if kind == "answer_abort":
            return [self._request(0, method="GET", least=2000,
                                  fault="silent" if variant == "silent" else "")]
        if kind == "malformed":
            return [self._request(0, method="POST", version="1.1", honest=True, least=2000),
                    self._request(1, method="GET", version="1.1", honest=True)]
        if kind in ("credentials", "refused_connect", "upgrade"):
            return [self._request(0, method="GET", version="1.1", honest=True)]
        return []

    def _request(self, index, method=None, version=None, small=False, honest=False, least=0,
                 fault=None):
        rng = self._rng
        method = method or rng.choice(("GET", "GET", "GET", "HEAD", "POST", "POST", "PUT",
                                       "DELETE"))
        version = version or rng.choice(("1.1",) * 9 + ("1.0",))
        size = least + self.size() // (10 if small else 1)
        origin = rng.choice(("plain",) * 4 + ORIGINS[1:])
        return Request(
            id=f"{self._visit}-{index}", method=method, origin=origin, version=version,
            body_size=size if method in ("POST", "PUT") else 0,
            body_is_chunked=version == "1.1" and rng.random() < 0.4,
            answer=self._answer(method, origin, small, honest, fault))

    def _answer(self, method, origin, small, honest, fault):
        rng = self._rng
        status = rng.choice((200,) * 8 + (404, 500, 204, 304))
        framing = rng.choice(("length", "length", "length", "chunked", "chunked", "close"))
        size = self.size() // (10 if small else 1)
        if method == "HEAD" or status in (204, 304):
            framing = "none"
        if fault is None:
            fault = "" if honest or rng.random() < 0.6 else rng.choice(
                ("cut", "cut", "cut", "bad_head", *_BODY_FAULTS))
        if fault in _BODY_FAULTS and framing == "none":
            fault = ""
        if fault in ("two_lengths", "surplus"):
            framing = "length"
        elif fault in ("length_and_chunked", "bad_chunk"):
            framing = "chunked"
        elif fault == "" and origin in ("late", "tls") and framing != "close" and (
                rng.random() < 0.5):
            fault = "late"
        then = rng.choice(("keep",) * 6 + ("say_close",))
        if fault == "late":
            then = "keep"
        elif framing == "close":
            then = "say_close"
        elif origin == "closing" and rng.random() < 0.5:
            then = "close_silently"
        return Answer(
            status=status, framing=framing, size=0 if framing == "none" else size,
            interims=rng.choice((0,) * 8 + (1, 2, 5, 100)), fault=fault, at=rng.random(),
            how=rng.choice(("fin", "reset")), in_pieces=rng.random() < 0.3,
            is_early=(method in ("POST", "PUT") and fault == "" and not small and not honest
                      and framing != "close" and rng.random() < 0.1),
            then=then)
