// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/messagehead.h"

#include <chrono>
#include <optional>

namespace sami::http {

/// Whether the client lets its connection live after this exchange (RFC 9112 §9.3):
///
///   version  Connection      Proxy-Connection   persists
///   1.1      –, keep-alive   –, keep-alive      yes
///   1.1      close           any                no
///   1.1      any             close              no: old clients say it there (RFC 9112 C.2.2)
///   1.0      any             any                no: a proxy keeps no HTTP/1.0 client (C.2.2)
///
/// Whoever keeps a connection that the client lets go wastes one; whoever lets go of one that it
/// keeps costs it a dial. So close wins, and Proxy-Connection is believed in nothing else: it may
/// come from a client behind a proxy that passed it on blindly.
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
/// A head or a framing that was mended says no for all (route::UpstreamConnection::wasMended).
[[nodiscard]] bool upstreamPersists(const ResponseHead &head, const BodyFraming &framing);

/// What a Keep-Alive field tells a client that is kept `limit` without a request: a shorter time,
/// so that a request which it sends at the last moment is still met. Empty when a whole second
/// cannot be told.
///
///   limit            told
///   10 s and more    5 s less: a lost packet is sent twice by then, and timers are coarse
///   less             half of it
[[nodiscard]] QByteArray keepAliveHint(std::chrono::milliseconds limit);

/// The "timeout" of a Keep-Alive field: how long its sender says that it keeps the connection.
[[nodiscard]] std::optional<std::chrono::seconds> keepAliveTimeout(const HeaderList &fields);

/// Whether credentials or challenges in the fields of that name authenticate the connection itself
/// (NTLM, Negotiate: MS-NTHT, RFC 4559 §6), so that it belongs to one client from then on. Looks at
/// every challenge of a list. What is taken for such by mistake costs one more dial.
[[nodiscard]] bool bindsConnection(const HeaderList &fields, QByteArrayView name);

/// A method whose repetition does no harm (RFC 9110 §9.2.2), so that a request without a body may
/// be retried once on a fresh connection.
[[nodiscard]] bool isIdempotent(QByteArrayView method);

} // namespace sami::http
