// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/messagehead.h"
#include "http/requesttarget.h"

#include <QByteArray>

/// What becomes of a head on its way through a proxy: pure functions from the received head to
/// the one that is sent on.
namespace sami::http {

/// The request for the upstream: origin-form target, Host regenerated from the target and put
/// first (RFC 9112 §3.2.2), hop-by-hop fields removed, framing re-made from `framing`, Via added
/// (here and below: unless `pseudonym` is empty), Upgrade and Connection re-made when a WebSocket
/// upgrade is relayed. Nothing tells who the client is: no Forwarded, no X-Forwarded-For is added.
[[nodiscard]] RequestHead upstreamRequest(const RequestHead &received, const RequestTarget &target,
                                          const BodyFraming &framing, QByteArrayView pseudonym,
                                          bool relayWebSocket);

/// How the body of a response goes to a client: chunked and length as they came, everything that
/// has no length until close for an HTTP/1.0 client. Never mended: a strict reader takes it.
[[nodiscard]] BodyFraming clientFraming(const BodyFraming &upstream, Version clientVersion);

struct ResponseContext
{
    Version clientVersion = Version::Http11;
    BodyFraming framing;     ///< as it goes to the client: clientFraming()
    bool keepsClient = true; ///< else "Connection: close" is added
    qint64 unixTime = 0;     ///< for a missing Date
    QByteArrayView pseudonym;
    QByteArray keepAlive {}; ///< for a Keep-Alive field where `keepsClient`; empty: none
};

/// The final response for the client: version 1.1, hop-by-hop fields removed, framing re-made,
/// Via added, Date added where missing (RFC 9110 §6.6.1), Connection and Keep-Alive made,
/// Set-Cookie lines apart, Content-Length of HEAD and 304 answers kept.
[[nodiscard]] ResponseHead clientResponse(const ResponseHead &received,
                                          const ResponseContext &context);

/// A 1xx response for the client (never 101).
[[nodiscard]] ResponseHead clientInterimResponse(const ResponseHead &received,
                                                 QByteArrayView pseudonym);
/// The 101 of a WebSocket upgrade for the client.
[[nodiscard]] ResponseHead clientUpgradeResponse(const ResponseHead &received,
                                                 QByteArrayView pseudonym);

/// The Max-Forwards rule for TRACE and OPTIONS (RFC 9110 §7.6.2).
enum class MaxForwards { Forward, AnswerHere, Malformed };
/// Decrements the field in `head` when it is to be forwarded.
[[nodiscard]] MaxForwards applyMaxForwards(RequestHead &head);

/// The body of a TRACE answer: the request as received without Authorization,
/// Proxy-Authorization, Cookie (RFC 9110 §9.3.8).
[[nodiscard]] QByteArray traceEcho(const RequestHead &received);

} // namespace sami::http
