# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Where ours is right to accept what another parser refuses or reads differently.

Nothing here makes two readings of a forwarded message: heads and framing are rewritten, so what
follows the proxy sees only what ours made of it. The head of a CONNECT goes no further, and
what differs there ends the connection with any refusal: those rows ask for that method first.
"""
import dataclasses
import re
import typing


@dataclasses.dataclass(frozen=True)
class Row:
    reader: str
    why: str
    applies: typing.Callable  # of kind, octets, ours, theirs, parts


def values(reading, name):
    return [value for field, value in reading["fields"] if field == name]


def mends_blank_before_colon(kind, octets, _ours, _theirs, parts):
    head = re.split(rb"\r?\n\r?\n", octets)[0]
    return (kind != "request" and parts in (["fields"], ["refusal"])
            and re.search(rb"(?m)^[!#-'*+.^_`|~0-9A-Za-z-]+[ \t]+:", head))


def is_unfolded(kind, octets, _ours, _theirs, parts):
    return kind != "request" and parts == ["fields"] and re.search(rb"\r?\n[ \t]", octets)


def ends_with_its_head(kind, _octets, ours, _theirs, _parts):
    return kind == "HEAD" or (kind != "request" and (
        ours["status"] < 200 or ours["status"] in (204, 304)))


def has_framing_in_trailers(_kind, octets, ours, theirs, parts):
    trailers = octets.partition(b"\n0")[2]
    return (values(ours, "transfer-encoding") and parts in (["refusal"], ["trailers"])
            and re.search(rb"(?i)\n(content-length|transfer-encoding)", trailers)
            and re.search("(?i)^$|content.length|transfer.encoding", theirs["refusal"]))


def has_tab_behind_framing(_kind, octets, _ours, theirs, parts):
    return (re.search(rb"(?i)\n(content-length|transfer-encoding):[^\r\n]*\t *\r?\n", octets)
            and ("body" in parts or theirs["refusal"] in ("HPE_INVALID_CONTENT_LENGTH",
                                                          "HPE_INVALID_TRANSFER_ENCODING")))


def is_connect(kind, ours):
    return kind == "request" and ours["method"] == "CONNECT"


def connect_ends_lines_with_lf(kind, octets, ours, theirs, parts):
    return (is_connect(kind, ours) and parts == ["refusal"]
            and re.search(rb"(^|[^\r])\n", octets[:ours["consumed"]]))


def connect_holds_controls(kind, octets, ours, theirs, parts):
    return (is_connect(kind, ours)
            and re.search(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]", octets[:ours["consumed"]])
            and (parts == ["fields"] or re.search(
                "HPE_INVALID_HEADER_TOKEN|illegal header line", theirs["refusal"])))


def connect_needs_no_host(kind, octets, ours, theirs, parts):
    return (is_connect(kind, ours) and parts == ["refusal"]
            and re.search("Host", theirs["refusal"]) and len(values(ours, "host")) != 1)


def connect_has_no_content(kind, octets, ours, theirs, parts):
    return (is_connect(kind, ours)
            and (values(ours, "content-length") or values(ours, "transfer-encoding"))
            and (set(parts) <= {"body", "complete", "consumed", "fields", "trailers"} or re.search(
                "(?i)content.length|transfer.encoding|chunk", theirs["refusal"])))
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
READ = ("content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer",
        "upgrade", "via", "date", "www-authenticate")


def keeps_control_octets(kind, octets, ours, theirs, parts):
    """In the reason and in fields that no proxy reads; refused there by the other reader."""
    status_line = octets.partition(b"\n")[0].decode("latin-1")
    return (kind != "request" and parts == ["refusal"]
            and theirs["refusal"].startswith(("HPE_INVALID_HEADER_TOKEN", "illegal header line",
                                              "illegal status line"))
            and (CONTROL.search(status_line) or any(CONTROL.search(value)
                                                    for _, value in ours["fields"]))
            and not any(CONTROL.search(value) and (name in READ or name.startswith("proxy-"))
                        for name, value in ours["fields"]))


def codings(reading):
    return [item.strip().lower() for value in values(reading, "transfer-encoding")
            for item in value.split(",")]


def names_no_coding(kind, _octets, ours, _theirs, _parts):
    return (kind != "request" and values(ours, "transfer-encoding")
            and set(codings(ours)) <= {"", "identity"})


def is_chunked_beside_length(kind, _octets, ours, _theirs, parts):
    return (kind != "request" and parts == ["refusal"] and values(ours, "content-length")
            and set(codings(ours)) == {"chunked"})


def is_chunked_repeatedly(kind, _octets, ours, _theirs, _parts):
    return kind != "request" and len(codings(ours)) > 1 and set(codings(ours)) == {"chunked"}


TABLE = [
    Row("http-parser", "S§9.1: any token is a method; http-parser has a list of those it knows",
        lambda kind, octets, ours, theirs, parts: theirs["refusal"] == "HPE_INVALID_METHOD"),
    Row("http-parser", "M§5.1: a proxy removes the blank before a response's colon; to http-parser "
        "it is part of the name", mends_blank_before_colon),
    Row("h11", "M§5.1: a proxy removes the blank before a response's colon; h11 is no proxy",
        mends_blank_before_colon),
    Row("http-parser", "M§5.2: a proxy replaces a response's fold by blanks; http-parser drops the "
        "line end alone", is_unfolded),
    Row("h11", "M§5.2: a proxy replaces each of a response's folds by one blank; h11 keeps one "
        "for an empty line too", is_unfolded),
    Row("http-parser", "S§6.5.1: framing in a trailer section frames nothing and is not passed on; "
        "http-parser judges it as if it did", has_framing_in_trailers),
    Row("h11", "S§6.5.1: framing in a trailer section frames nothing and is not passed on; h11 "
        "judges it as if it did", has_framing_in_trailers),
    Row("http-parser", "S§5.1: a longer name is another field; http-parser takes what begins with "
        "Transfer-Encoding for it",
        lambda kind, octets, ours, theirs, parts: theirs["refusal"]
        == "HPE_INVALID_TRANSFER_ENCODING" and not values(ours, "transfer-encoding")
        and any(name.startswith("transfer-encoding") for name, _ in ours["fields"])),
    Row("http-parser", "M§6.3: answers to HEAD, 1xx, 204 and 304 end with their head, whatever "
        "their fields say; http-parser heeds the fields", ends_with_its_head),
    Row("h11", "M§6.3: answers to HEAD, 1xx, 204 and 304 end with their head, whatever their "
        "fields say; h11 judges the fields first", ends_with_its_head),
    Row("http-parser", "M§6.3: a response's equal lengths are one length; http-parser refuses them",
        lambda kind, octets, ours, theirs, parts: kind != "request"
        and theirs["refusal"] in ("HPE_INVALID_CONTENT_LENGTH", "HPE_UNEXPECTED_CONTENT_LENGTH")
        and len({int(item) for value in values(ours, "content-length")
                 for item in value.split(",")}) == 1),
    Row("h11", "M§6.3: a response's equal lengths are one length; h11 shows them as one",
        lambda kind, octets, ours, theirs, parts: kind != "request" and parts == ["fields"]
        and len(values(theirs, "content-length")) == 1),
    Row("http-parser", "S§2.5: HTTP/1.2 is read as the highest version that is known",
        lambda kind, octets, ours, theirs, parts: parts == ["minor_version"]
        and theirs["minor_version"] > 1),
    Row("h11", "S§2.5: HTTP/1.3 is read as the highest version that is known",
        lambda kind, octets, ours, theirs, parts: parts == ["minor_version"]
        and theirs["minor_version"] > 1),
    Row("http-parser", "S§5.5: blanks behind a value are no part of it; http-parser's framing "
        "fields keep a tab", has_tab_behind_framing),
    Row("h11", "M§2.2: empty lines before a request are skipped; h11 knows none",
        lambda kind, octets, ours, theirs, parts: kind == "request" and octets.startswith(b"\r\n")
        and theirs["refusal"] == "no request line received"),
    Row("h11", "M§3.2: octets over 0x7f are no URI, but a path goes on octet for octet; h11 takes "
        "ASCII",
        lambda kind, octets, ours, theirs, parts: kind == "request"
        and theirs["refusal"].startswith("illegal request line")
        and any(char > "\x7f" for char in ours["target"])),
    Row("http-parser", "RFC 3986 §3.2: a fragment ends the authority, and is cut; http-parser knows "
        "none before a path",
        lambda kind, octets, ours, theirs, parts: kind == "request"
        and theirs["refusal"] == "HPE_INVALID_URL"
        and re.match("[a-z]+://[^/?#]+#", ours["target"], re.IGNORECASE)),
    *(Row(reader, why, applies) for reader in ("http-parser", "h11") for why, applies in (
        ("B§4: a line of a CONNECT may end with LF; others refuse it", connect_ends_lines_with_lf),
        ("B§4: what nobody reads of a CONNECT may hold controls; others refuse or drop "
         "them", connect_holds_controls),
        ("B§4: nobody reads the Host of a CONNECT; others count it", connect_needs_no_host),
        ("S§9.3.6: a CONNECT has no content, whatever its fields say; others heed them",
         connect_has_no_content))),
    # A response that every client takes directly. What is refused below or read differently is
    # mended for the client, and its connection serves no other request.
    Row("http-parser", "S§5.5: the origin owns its answer: control octets stay in what no proxy "
        "reads; http-parser refuses them", keeps_control_octets),
    Row("h11", "S§5.5: the origin owns its answer: control octets stay in what no proxy reads; h11 "
        "refuses some of them", keeps_control_octets),
    Row("http-parser", "M§6.3: identity, or no coding at all, leaves the length or the close; "
        "http-parser refuses the length, or does not heed it", names_no_coding),
    Row("h11", "M§6.3: identity, or no coding at all, leaves the length or the close; h11 knows "
        "chunked alone", names_no_coding),
    Row("http-parser", "M§6.3: chunked counts beside a length, which goes no further; http-parser "
        "refuses both", is_chunked_beside_length),
    Row("http-parser", "M§6.1: chunked several times is chunked once to curl and the browsers; "
        "http-parser takes a list in one field for another coding", is_chunked_repeatedly),
    Row("h11", "M§6.1: chunked several times is chunked once to curl and the browsers; h11 refuses "
        "it", is_chunked_repeatedly),
]


def find(reader, case, ours, theirs, parts):
    """The row that explains this disagreement, or None."""
    kind, octets = case
    for row in TABLE:
        if row.reader == reader and row.applies(kind, octets, ours, theirs, parts):
            return row.why
    return None
