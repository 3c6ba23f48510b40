// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/snapshot.h"

namespace sami::server {

const char *toString(EndedBy by)
{
    switch (by) {
    case EndedBy::Client:
        return "client";
    case EndedBy::Upstream:
        return "upstream";
    case EndedBy::Proxy:
        return "proxy";
    }
    return "";
}

const char *toString(EndedHow how)
{
    switch (how) {
    case EndedHow::Complete:
        return "complete";
    case EndedHow::Fin:
        return "fin";
    case EndedHow::Reset:
        return "reset";
    case EndedHow::Keepalive:
        return "keepalive";
    case EndedHow::Error:
        return "error";
    case EndedHow::TimeoutSilence:
        return "timeout:silence";
    case EndedHow::TimeoutDial:
        return "timeout:dial";
    case EndedHow::TimeoutHead:
        return "timeout:head";
    case EndedHow::TimeoutIdle:
        return "timeout:idle";
    case EndedHow::Refused:
        return "refused";
    case EndedHow::DialFailed:
        return "dial_failed";
    case EndedHow::BadRequest:
        return "bad_request";
    case EndedHow::BadResponse:
        return "bad_response";
    case EndedHow::Drained:
        return "drained";
    case EndedHow::Limit:
        return "limit";
    case EndedHow::Closed:
        return "closed";
    }
    return "";
}

const char *toString(ConnectionPhase phase)
{
    switch (phase) {
    case ConnectionPhase::AwaitingRequest:
        return "awaiting_request";
    case ConnectionPhase::Connecting:
        return "connecting";
    case ConnectionPhase::Exchange:
        return "exchange";
    case ConnectionPhase::Tunnel:
        return "tunnel";
    case ConnectionPhase::Closing:
        return "closing";
    }
    return "";
}

} // namespace sami::server
