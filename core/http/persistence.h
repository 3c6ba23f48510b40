// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/messagehead.h"

#include <chrono>
#include <optional>

namespace sami::http {

/// Whether the client keeps its connection open after this exchange (RFC 9112 §9.3):
///
///   version  Connection      Proxy-Connection   persists
///   1.1      –, keep-alive   –, keep-alive      yes
///   1.1      close           any                no
///   1.1      any             close              no: old clients say it there (RFC 9112 C.2.2)
///   1.0      any             any                no: a proxy keeps no HTTP/1.0 client (C.2.2)
///
/// Keeping a connection that the client gives up wastes one; closing one that it keeps costs it a
/// dial. So "close" wins in either field. Nothing else in Proxy-Connection is believed: a proxy on
/// the way may have passed it on blindly.
[[nodiscard]] bool clientPersists(const RequestHead &head);

/// Whether an upstream connection can serve another request after this response:
///
///   version  Connection      body ends by    persists
///   any      close           any             no
///   any      any             until close     no
///   1.1      –               any other       yes
///   1.0      keep-alive      length/none     yes
///   1.0      –               any             no
///
/// A mended head or framing overrides the table with no (route::UpstreamConnection::wasMended).
[[nodiscard]] bool upstreamPersists(const ResponseHead &head, const BodyFraming &framing);

/// What Keep-Alive tells a client whose idle connection is kept for `limit`: a shorter time, so
/// that a request sent at the last moment still arrives. Empty if that is less than a second.
///
///   limit            told
///   10 s and more    5 s less: time to resend a lost packet twice, and timers are coarse
///   less             half
[[nodiscard]] QByteArray keepAliveHint(std::chrono::milliseconds limit);

/// The "timeout" of a Keep-Alive field: how long the sender keeps the connection.
[[nodiscard]] std::optional<std::chrono::seconds> keepAliveTimeout(const HeaderList &fields);

/// Whether credentials or challenges in the fields of that name authenticate the connection itself
/// (NTLM, Negotiate: MS-NTHT, RFC 4559 §6), so that it belongs to one client from then on. Looks at
/// every challenge of a list. A false positive costs one more dial.
[[nodiscard]] bool bindsConnection(const HeaderList &fields, QByteArrayView name);

/// Whether repeating the method is harmless (RFC 9110 §9.2.2), so that a request without a body may
/// be retried once on a fresh connection.
[[nodiscard]] bool isIdempotent(QByteArrayView method);

} // namespace sami::http
