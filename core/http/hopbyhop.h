// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace sami::http {

/// Decides which fields are meant for this hop only (RFC 9110 §7.6.1):
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
/// Holds views into the head it was made from; ask it only about that head's fields. A peer chooses
/// the number of fields and of options, so the total work grows with the head's size, not with its
/// square.
class HopByHopFilter
{
public:
    explicit HopByHopFilter(const HeaderList &head);
    [[nodiscard]] bool drops(QByteArrayView name) const;

private:
    void keepOnlyFieldNames(const HeaderList &head);

    QList<QByteArrayView> m_named; ///< by Connection, except the usual "close" and "keep-alive"
    bool m_isSorted = false;
};

/// Whether the proxy reads or writes this field in a response: framing, hop-by-hop fields (all of
/// Proxy-* included), Trailer, Via, Date, and the challenges that may bind a connection to its
/// client.
[[nodiscard]] bool isRead(QByteArrayView name);

/// Removes the fields that HopByHopFilter drops.
void removeHopByHop(HeaderList &fields);

/// The same for a trailer section. Also removes what must not be in one (RFC 9110 §6.5.1): framing,
/// routing, authentication and content-format fields.
void removeForbiddenTrailers(HeaderList &trailers);

/// Appends "1.x pseudonym" as a separate Via field (RFC 9110 §7.6.3); `received` is the message's
/// own version. An empty pseudonym adds nothing.
void appendVia(HeaderList &fields, Version received, QByteArrayView pseudonym);

/// Tells the client that its connection is kept, and for how long: `hint` is from keepAliveHint().
void appendKeepAlive(HeaderList &fields, const QByteArray &hint);

/// Whether a Via field already names the pseudonym: the message has been through here before.
[[nodiscard]] bool viaNames(const HeaderList &fields, QByteArrayView pseudonym);

/// The instances of this program named in Via, in order: "sami-" and eight lower-case hexadecimal
/// digits each, at most the last sixteen. Nothing else of Via, which may name internal hosts.
[[nodiscard]] QList<QByteArray> instancesInVia(const HeaderList &fields);

/// "Upgrade: websocket" with "Connection: upgrade" and GET in HTTP/1.1 (RFC 9110 §7.8, RFC 6455
/// §4.1): the only upgrade that is relayed.
[[nodiscard]] bool asksForWebSocket(const RequestHead &head);

} // namespace sami::http
