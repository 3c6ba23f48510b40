# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""What is compared, in which unit, and the marks this project has set itself."""
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Metric:
    case: str               # of run.sh
    figure: str             # of sami-bench-load
    name: str
    unit: str
    scale: float = 1.0      # figure × scale is in that unit
    digits: int = 1
    more_is_better: bool = False


# How a mark is judged: against the best peer's figure, as an absolute value, against another figure
# of ours, or against one peer's.
BEST_PEER, ABSOLUTE, OWN, PEER = "of the best peer", "absolute", "own", "of one peer"


@dataclasses.dataclass(frozen=True)
class Mark:
    metric: Metric
    kind: str
    limit: float
    text: str
    stretch: typing.Optional[float] = None
    own: typing.Optional[Metric] = None
    peer: typing.Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Part:
    """Half of a run: everything measured in one way."""
    name: str               # its results are in NAME.jsonl
    own: str                # our own program
    programs: dict          # of run.sh, with what the page calls them
    peers: list             # those to compare ours with
    metrics: list           # the rows of the table, in order
    marks: list


CONNECT_CPU = Metric("connect", "cpu_us_per_connect", "CPU per CONNECT, echo, close", "µs")
CONNECT_RATE = Metric("busy", "rate", "CONNECTs a second, every core busy", "1/s", digits=0,
                      more_is_better=True)
DOWN_CPU = Metric("down8", "cpu_s_per_gigabyte", "CPU per GB, 8 tunnels, down", "s", digits=2)
UP_CPU = Metric("up8", "cpu_s_per_gigabyte", "CPU per GB, 8 tunnels, up", "s", digits=2)
IDLE_MEMORY = Metric("wait2000", "pss_bytes_per_silent", "memory per silent tunnel", "KB",
                     scale=1 / 1024)
TICK_CPU = Metric("wait2000", "cpu_us_per_tick", "CPU per tick, 2,000 silent + 100 ticking", "µs")
TICK_CPU_8000 = Metric("wait8000", "cpu_us_per_tick", "CPU per tick, 8,000 silent + 100 ticking",
                       "µs")
TICK_P50 = Metric("wait2000", "added_p50_ms", "added delay of a tick, p50", "ms", digits=3)
TICK_P99 = Metric("wait2000", "added_p99_ms", "added delay of a tick, p99", "ms", digits=3)
FORWARD_CPU = Metric("forward", "cpu_us_per_request", "CPU per forwarded request, 1 KB, kept", "µs")
EVENT_P99 = Metric("sse", "added_p99_ms", "added delay of an SSE event, forwarded, p99", "ms",
                   digits=3)

# The rows of the table, in order.
METRICS = [
    CONNECT_CPU,
    Metric("connect", "rate", "CONNECTs a second, one client process", "1/s", digits=0,
           more_is_better=True),
    CONNECT_RATE,
    DOWN_CPU,
    UP_CPU,
    Metric("down8", "gigabytes_per_second", "GB a second, 8 tunnels, down", "GB/s", digits=2,
           more_is_better=True),
    Metric("up8", "gigabytes_per_second", "GB a second, 8 tunnels, up", "GB/s", digits=2,
           more_is_better=True),
    Metric("down1", "cpu_s_per_gigabyte", "CPU per GB, 1 tunnel, down", "s", digits=2),
    Metric("up1", "cpu_s_per_gigabyte", "CPU per GB, 1 tunnel, up", "s", digits=2),
    Metric("down1", "gigabytes_per_second", "GB a second, 1 tunnel, down", "GB/s", digits=2,
           more_is_better=True),
    Metric("up1", "gigabytes_per_second", "GB a second, 1 tunnel, up", "GB/s", digits=2,
           more_is_better=True),
    IDLE_MEMORY,
    TICK_CPU,
    TICK_CPU_8000,
    TICK_P50,
    TICK_P99,
    Metric("wait8000", "added_p50_ms", "added delay of a tick, p50, 8,000 silent", "ms", digits=3),
    Metric("wait8000", "added_p99_ms", "added delay of a tick, p99, 8,000 silent", "ms", digits=3),
    FORWARD_CPU,
    Metric("forward", "rate", "forwarded requests a second", "1/s", digits=0,
           more_is_better=True),
    Metric("sse", "cpu_us_per_event", "CPU per SSE event, forwarded", "µs"),
    Metric("sse", "added_p50_ms", "added delay of an SSE event, forwarded, p50", "ms", digits=3),
    EVENT_P99,
]

MARKS = [
    Mark(CONNECT_CPU, BEST_PEER, 0.9, "≤ 0.9 × the best peer (better: 0.75)", stretch=0.75),
    Mark(CONNECT_RATE, BEST_PEER, 1.0, "above every peer"),
    Mark(DOWN_CPU, BEST_PEER, 0.5, "≤ 0.5 × the best peer"),
    Mark(UP_CPU, BEST_PEER, 0.5, "≤ 0.5 × the best peer"),
    Mark(IDLE_MEMORY, ABSOLUTE, 4.0, "≤ 4 KB"),
    Mark(TICK_CPU, BEST_PEER, 0.85, "≤ 0.85 × the best peer"),
    Mark(TICK_P50, ABSOLUTE, 0.05, "≤ 0.05 ms"),
    Mark(TICK_P99, ABSOLUTE, 0.3, "≤ 0.3 ms"),
    Mark(TICK_CPU_8000, OWN, 1.15, "≤ 1.15 × our own at 2,000", own=TICK_CPU),
    Mark(FORWARD_CPU, BEST_PEER, 0.4, "≤ 0.4 × the best peer"),
    Mark(EVENT_P99, ABSOLUTE, 1.0, "< 1 ms"),
]

# Rows of the READMEs' table: metric, its English and its Russian name.
SUMMARY = [
    (CONNECT_CPU, "CPU per CONNECT with a small echo", "процессора на CONNECT с коротким эхом"),
    (DOWN_CPU, "CPU per GB through tunnels, down", "процессора на ГБ через туннели, вниз"),
    (IDLE_MEMORY, "memory per silent tunnel (without the kernel's part)",
     "памяти на молчащий туннель (без доли ядра)"),
    (TICK_CPU, "CPU per 200-byte piece of a stream, beside 2,000 silent tunnels",
     "процессора на порцию потока в 200 байт рядом с 2000 молчащих туннелей"),
    (TICK_P99, "delay added to such a piece, 99 of 100 within",
     "задержка такой порции, 99 из 100 не больше"),
    (FORWARD_CPU, "CPU per forwarded `http://` request of 1 KB",
     "процессора на пересланный запрос `http://` в 1 КБ"),
]

_PROGRAMS = {
    "sami": "Sami",
    "sami-qt": "Sami, Qt's dispatcher",
    "squid": "squid",
    "tinyproxy": "tinyproxy",
    "privoxy": "Privoxy",
    "apache": "Apache httpd",
    "haproxy": "HAProxy, raw",
}
CLEAR = Part("clear", "sami", _PROGRAMS, ["squid", "tinyproxy", "privoxy", "apache"], METRICS, MARKS)

TLS_CONNECT_CPU = Metric("connect", "cpu_us_per_connect",
                         "CPU per CONNECT, a whole handshake, echo, close", "µs")
TLS_DOWN_CPU = Metric("down8", "cpu_s_per_gigabyte", "CPU per GB, 8 tunnels, down", "s", digits=2)
TLS_UP_CPU = Metric("up8", "cpu_s_per_gigabyte", "CPU per GB, 8 tunnels, up", "s", digits=2)
TLS_TICK_CPU = Metric("wait2000", "cpu_us_per_tick", "CPU per tick, 2,000 silent + 100 ticking",
                      "µs")
TLS_MEMORY = Metric("wait2000", "pss_bytes_per_silent", "memory per silent tunnel", "KB",
                    scale=1 / 1024)

TLS = Part(
    "tls", "sami-tls",
    {"sami-tls": "Sami", "squid-tls": "squid, https_port", "haproxy-tls": "HAProxy + Sami",
     "stunnel": "stunnel + Sami", "haproxy-tls-raw": "HAProxy, raw"},
    ["squid-tls", "haproxy-tls", "stunnel"],
    [
        TLS_CONNECT_CPU,
        Metric("resumed", "cpu_us_per_connect", "CPU per CONNECT, resumed, echo, close", "µs"),
        TLS_DOWN_CPU,
        TLS_UP_CPU,
        TLS_TICK_CPU,
        TLS_MEMORY,
    ],
    [
        Mark(TLS_CONNECT_CPU, PEER, 0.8, "≤ 0.8 × squid", peer="squid-tls"),
        Mark(TLS_DOWN_CPU, PEER, 0.65, "≤ 0.65 × squid", peer="squid-tls"),
        Mark(TLS_UP_CPU, PEER, 0.65, "≤ 0.65 × squid", peer="squid-tls"),
        Mark(TLS_TICK_CPU, PEER, 1.0, "≤ 1.0 × squid", peer="squid-tls"),
        Mark(TLS_MEMORY, ABSOLUTE, 20.0, "≤ 20 KB (better: 16)", stretch=16.0),
    ])

PACKAGES = {"squid": "squid-openssl", "squid-tls": "squid-openssl", "tinyproxy": "tinyproxy",
            "privoxy": "privoxy", "apache": "apache2", "haproxy": "haproxy",
            "haproxy-tls": "haproxy", "stunnel": "stunnel4", "haproxy-tls-raw": "haproxy"}
VERSIONED = {"squid-openssl": "squid", "tinyproxy": "tinyproxy", "privoxy": "Privoxy",
             "apache2": "Apache httpd", "haproxy": "HAProxy", "stunnel4": "stunnel"}
