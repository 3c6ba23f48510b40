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
    Keepalive, ///< TCP keepalive or retransmission timeouts showed that the peer is dead
    Error,
    TimeoutSilence,
    TimeoutDial,
    TimeoutHead,
    TimeoutIdle, ///< no first request, or no next one on a kept connection
    Refused,     ///< by an access rule only: the reason is a policy::Refusal
    DialFailed,
    BadRequest,
    BadResponse,
    Drained,
    Limit,
    Closed, ///< by order of an operator
};

[[nodiscard]] const char *toString(EndedBy by);
/// "complete", "fin", "timeout:silence", …
[[nodiscard]] const char *toString(EndedHow how);

/// Classifies an end that a peer caused. Only the functions below recognise one that this machine
/// caused.
[[nodiscard]] EndedHow howOf(net::StreamEnd end);

/// The end of a request, a tunnel or a connection: who, how, and why.
struct Ending
{
    EndedBy by = EndedBy::Proxy;
    EndedHow how = EndedHow::Complete;
    Reason reason {};

    friend bool operator==(const Ending &, const Ending &) = default;
};

/// The ending when a client ends work under way: over TLS, an end without close_notify is a
/// truncation, and gets that reason. A connection that the kernel does not watch has met a limit of
/// ours.
[[nodiscard]] Ending clientEnding(net::StreamEnd end);
/// The same while nothing was under way: nothing can have been cut then (RFC 9112 §9.8).
[[nodiscard]] Ending idleClientEnding(net::StreamEnd end);
/// The ending when an upstream ends a tunnel. Through a parent, an abnormal end gets a reason: the
/// connection to the parent broke off.
[[nodiscard]] Ending upstreamEnding(net::StreamEnd end, bool isByParent);

} // namespace sami::account
