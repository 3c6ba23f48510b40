// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace sami::http {

/// Tells the fields that are meant for this hop only (RFC 9110 §7.6.1):
///
///   field                                                    drops
///   Connection, Keep-Alive, Proxy-Connection, TE,
///   Transfer-Encoding, Upgrade, Proxy-Authorization,
///   Proxy-Authenticate, Proxy-Authentication-Info            always
///   Host, Content-Length, Via, Date, Max-Forwards,
///   Cache-Control, Content-Type, Content-Encoding,
///   Content-Range                                            never, even if Connection names it
///   any other                                                if Connection names it
///
/// Holds views into the head it was made from, and is to be asked about that head's fields. The
/// work for all of them grows with the head, not with its square: a peer chooses how many of
/// either.
class HopByHopFilter
{
public:
    explicit HopByHopFilter(const HeaderList &head);
    [[nodiscard]] bool drops(QByteArrayView name) const;

private:
    void keepOnlyFieldNames(const HeaderList &head);

    QList<QByteArrayView> m_named; ///< by Connection, without the usual "close" and "keep-alive"
    bool m_isSorted = false;
};

/// Whether a proxy reads or writes the field of that name in a response: framing, whatever is for
/// one hop (all of Proxy-* among it), Trailer, Via, Date, and the challenges that may bind a
/// connection to its client.
[[nodiscard]] bool isRead(QByteArrayView name);

/// Removes what HopByHopFilter tells.
void removeHopByHop(HeaderList &fields);

/// The same for a trailer section, and what may not stand in one (RFC 9110 §6.5.1): framing,
/// routing, authentication, content-format fields.
void removeForbiddenTrailers(HeaderList &trailers);

/// Appends "1.x pseudonym" as a Via field of its own (RFC 9110 §7.6.3), `received` being the
/// version the message came in. An empty pseudonym adds nothing.
void appendVia(HeaderList &fields, Version received, QByteArrayView pseudonym);

/// Tells a client that its connection is kept, and for how long: `hint` is keepAliveHint()'s.
void appendKeepAlive(HeaderList &fields, const QByteArray &hint);

/// Whether a Via field already names that pseudonym: the message went through here before.
[[nodiscard]] bool viaNames(const HeaderList &fields, QByteArrayView pseudonym);

/// The instances of this program that Via names, in its order, each a "sami-" and eight hexadecimal
/// digits in lower case; of many the last sixteen. Nothing else of Via, which may name hosts of the
/// inside.
[[nodiscard]] QList<QByteArray> instancesInVia(const HeaderList &fields);

/// "Upgrade: websocket" asked by "Connection: upgrade" with GET in HTTP/1.1 (RFC 9110 §7.8,
/// RFC 6455 §4.1): the one upgrade that is relayed.
[[nodiscard]] bool asksForWebSocket(const RequestHead &head);

} // namespace sami::http
