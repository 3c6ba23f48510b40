#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Reads messages as h11 does. The protocol is in readings.h."""
import json
import re
import sys

import h11

ROOM = 1 << 20


def text(octets):
    return bytes(octets).decode("latin-1")


def fields(headers):
    return [[text(name).lower(), text(value)] for name, value in headers]


def connection(kind):
    if kind == "request":
        return h11.Connection(h11.SERVER, max_incomplete_event_size=ROOM)
    ours = h11.Connection(h11.CLIENT, max_incomplete_event_size=ROOM)
    ours.send(h11.Request(method=kind, target="/", headers=[("Host", "h.example")]))
    ours.send(h11.EndOfMessage())
    return ours


def read(kind, octets):
    reading = {"refusal": "", "has_head": False, "method": "", "target": "", "minor_version": 1,
               "status": 0, "fields": [], "body": "", "trailers": [], "complete": False,
               "consumed": 0}
    theirs = connection(kind)
    theirs.receive_data(octets)
    ended = kind == "request"
    try:
        while True:
            event = theirs.next_event()
            if event is h11.NEED_DATA:
                if ended:
                    return reading
                ended = True
                theirs.receive_data(b"")
            elif isinstance(event, h11.Request):
                reading |= {"has_head": True, "method": text(event.method),
                            "target": text(event.target), "fields": fields(event.headers),
                            "minor_version": int(text(event.http_version)[-1])}
            elif isinstance(event, (h11.Response, h11.InformationalResponse)):
                reading |= {"has_head": True, "status": event.status_code,
                            "fields": fields(event.headers),
                            "minor_version": int(text(event.http_version)[-1])}
                if isinstance(event, h11.InformationalResponse):
                    reading["complete"] = True
                    reading["consumed"] = len(octets) - len(theirs.trailing_data[0])
                    return reading
            elif isinstance(event, h11.Data):
                reading["body"] += text(event.data)
            elif isinstance(event, h11.EndOfMessage):
                reading["trailers"] = fields(event.headers)
                reading["complete"] = True
                reading["consumed"] = len(octets) - len(theirs.trailing_data[0])
                return reading
            else:
                return reading
    except h11.RemoteProtocolError as error:
        # A connection that ends within a message is no fault of the message.
        if not re.search("without sending complete message body|unexpectedly closed", str(error)):
            reading["refusal"] = str(error) or "refused"
        return reading


def main():
    while line := sys.stdin.buffer.readline():
        kind, length = line.split()
        reading = read(kind.decode(), sys.stdin.buffer.read(int(length)))
        print(json.dumps(reading))


if __name__ == "__main__":
    main()
