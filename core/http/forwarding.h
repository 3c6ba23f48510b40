// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/messagehead.h"
#include "http/requesttarget.h"

#include <QByteArray>

/// How a head changes on its way through a proxy: pure functions from the received head to the
/// forwarded one.
namespace sami::http {

/// The request for the upstream: target in origin-form, Host regenerated from the target and put
/// first (RFC 9112 §3.2.2), hop-by-hop fields removed, framing regenerated from `framing`, Via
/// added (here and below: unless `pseudonym` is empty), Upgrade and Connection regenerated for a
/// relayed WebSocket upgrade. Nothing reveals the client: neither Forwarded nor X-Forwarded-For is
/// added.
[[nodiscard]] RequestHead upstreamRequest(const RequestHead &received, const RequestTarget &target,
                                          const BodyFraming &framing, QByteArrayView pseudonym,
                                          bool relayWebSocket);

/// How a response's body goes to the client: chunked and Length stay, except that an HTTP/1.0
/// client gets chunked as UntilClose. Never mended: a strict reader accepts it.
[[nodiscard]] BodyFraming clientFraming(const BodyFraming &upstream, Version clientVersion);

struct ResponseContext
{
    Version clientVersion = Version::Http11;
    BodyFraming framing;     ///< for the client: from clientFraming()
    bool keepsClient = true; ///< if not, "Connection: close" is added
    qint64 unixTime = 0;     ///< for a missing Date
    QByteArrayView pseudonym;
    QByteArray keepAlive {}; ///< value of a Keep-Alive field if `keepsClient`; none if empty
};

/// The final response for the client: version 1.1, hop-by-hop fields removed, framing regenerated,
/// Via added, Date added if missing (RFC 9110 §6.6.1), Connection and Keep-Alive generated.
/// Set-Cookie lines stay separate; HEAD and 304 responses keep their Content-Length.
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
/// Decrements the field in `head` before forwarding.
[[nodiscard]] MaxForwards applyMaxForwards(RequestHead &head);

/// The body of a TRACE response: the request as received, without the fields that may hold secrets
/// (Authorization, Proxy-Authorization, Cookie and their kin; RFC 9110 §9.3.8).
[[nodiscard]] QByteArray traceEcho(const RequestHead &received);

} // namespace sami::http
