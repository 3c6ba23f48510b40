// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/reason.h"
#include "net/bytestream.h"

namespace sami::account {

/// Who ended a request, a tunnel or a connection.
enum class EndedBy { Client, Upstream, Proxy };

/// How it ended. "Complete" is a request that was answered in full; "Fin" an orderly close.
enum class EndedHow {
    Complete,
    Fin,
    Reset,
    Keepalive, ///< TCP keepalive or retransmission found the peer dead
    Error,
    TimeoutSilence,
    TimeoutDial,
    TimeoutHead,
    TimeoutIdle, ///< a keep-alive connection without a next request
    Refused,     ///< by the access rules, and nothing else: the reason is a policy::Refusal
    DialFailed,
    BadRequest,
    BadResponse,
    Drained,
    Limit,
    Closed, ///< on an operator's order
};

[[nodiscard]] const char *toString(EndedBy by);
/// "complete", "fin", "timeout:silence", …
[[nodiscard]] const char *toString(EndedHow how);

/// How an end that a peer made looks from here.
[[nodiscard]] EndedHow endedHow(net::StreamEnd end);

/// The end of a request, a tunnel or a connection: who, how, and why.
struct Ending
{
    EndedBy by = EndedBy::Proxy;
    EndedHow how = EndedHow::Complete;
    Reason reason {};

    friend bool operator==(const Ending &, const Ending &) = default;
};

/// How the end that a client made of what was under way looks from here: over TLS one without
/// close_notify is a truncation, and has that as its reason.
[[nodiscard]] Ending clientEnding(net::StreamEnd end);
/// The same while nothing was under way: nothing can have been cut then (RFC 9112 §9.8).
[[nodiscard]] Ending idleClientEnding(net::StreamEnd end);
/// How the end that an upstream made of a tunnel looks from here. By a parent one that is not
/// orderly has a reason: the connection to it broke off.
[[nodiscard]] Ending upstreamEnding(net::StreamEnd end, bool isByParent);

} // namespace sami::account
