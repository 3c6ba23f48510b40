// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <optional>

namespace sami::http {

/// Protocols other than HTTP/1 that a client, or a balancer in front of us, may start with.
enum class ForeignProtocol {
    Tls,             ///< a ClientHello: the client takes the proxy for an https:// one
    ProxyProtocolV1, ///< text form; tells the client's address before any request
    ProxyProtocolV2, ///< binary form of the same
    Socks4,
    Socks5,
    Http2, ///< HTTP/2's preface with prior knowledge (RFC 9113 §3.4)
};

/// The code for the access log: "tls_client_hello", …
[[nodiscard]] const char *toString(ForeignProtocol protocol);

/// Which of them begins with these octets, a connection's first, once they failed as a request
/// head. A few octets suffice if no text begins like that: a match of all that is there counts.
/// Nothing if no known protocol matches.
[[nodiscard]] std::optional<ForeignProtocol> recognizeForeign(QByteArrayView first);

} // namespace sami::http
