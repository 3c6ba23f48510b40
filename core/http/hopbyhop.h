// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

/// Removes what is meant for this hop only (RFC 9110 §7.6.1): the fields that Connection names,
/// and Connection, Keep-Alive, Proxy-Connection, TE, Transfer-Encoding, Upgrade,
/// Proxy-Authorization, Proxy-Authenticate, Proxy-Authentication-Info. Framing and routing fields
/// (Host, Content-Length…) stay even if Connection names them.
void removeHopByHop(HeaderList &fields);

/// The same for a trailer section, and what may not stand in one (RFC 9110 §6.5.1): framing,
/// routing, authentication, content-format fields.
void removeForbiddenTrailers(HeaderList &trailers);

/// Appends "1.x pseudonym" as a Via field of its own (RFC 9110 §7.6.3), `received` being the
/// version the message came in.
void appendVia(HeaderList &fields, Version received, QByteArrayView pseudonym);

/// Whether a Via field already names that pseudonym: the message went through here before.
[[nodiscard]] bool viaNames(const HeaderList &fields, QByteArrayView pseudonym);

/// "Upgrade: websocket" asked by "Connection: upgrade" in HTTP/1.1 (RFC 9110 §7.8): the one
/// upgrade that is relayed.
[[nodiscard]] bool asksForWebSocket(const RequestHead &head);

} // namespace sami::http
