// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/ending.h"

namespace sami::account {

namespace {

/// For StreamEnd::Unwatched: the limit on what this machine can watch counts as a limit on
/// connections.
Ending outOfWatches()
{
    return { EndedBy::Proxy, EndedHow::Limit, Cause::Full };
}

} // namespace

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

EndedHow howOf(net::StreamEnd end)
{
    switch (end) {
    case net::StreamEnd::None:
    case net::StreamEnd::Fin:
        return EndedHow::Fin;
    case net::StreamEnd::Reset:
        return EndedHow::Reset;
    case net::StreamEnd::KeepaliveTimeout:
        return EndedHow::Keepalive;
    case net::StreamEnd::Truncated:
    case net::StreamEnd::Error:
    case net::StreamEnd::Unwatched:
        break;
    }
    return EndedHow::Error;
}

Ending clientEnding(net::StreamEnd end)
{
    if (end == net::StreamEnd::Unwatched)
        return outOfWatches();
    Reason reason;
    if (end == net::StreamEnd::Truncated)
        reason = Cause::TlsTruncated;
    return { EndedBy::Client, howOf(end), reason };
}

Ending upstreamEnding(net::StreamEnd end, bool isByParent)
{
    if (end == net::StreamEnd::Unwatched)
        return outOfWatches();
    Reason reason;
    if (isByParent && end != net::StreamEnd::Fin && end != net::StreamEnd::None)
        reason = Cause::ParentLost;
    return { EndedBy::Upstream, howOf(end), reason };
}

Ending idleClientEnding(net::StreamEnd end)
{
    return end == net::StreamEnd::Truncated ? Ending { EndedBy::Client, EndedHow::Fin }
                                            : clientEnding(end);
}

} // namespace sami::account
