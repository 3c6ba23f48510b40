// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <optional>

namespace sami::http {

/// What other than HTTP/1 a client, or a balancer in front of the proxy, may begin with.
enum class ForeignProtocol {
    Tls,             ///< a ClientHello: the proxy's scheme is https:// there
    ProxyProtocolV1, ///< the text form that tells the client's address, before any request
    ProxyProtocolV2, ///< its binary form
    Socks4,
    Socks5,
    Http2, ///< the preface of HTTP/2 without an upgrade (RFC 9113 §3.4)
};

/// The code for the access log: "tls_client_hello", …
[[nodiscard]] const char *toString(ForeignProtocol protocol);

/// Which of them begins with these octets, the first of a connection, which are no request's head.
/// A few octets suffice where no text begins like that: a match as far as they go counts. Nothing
/// when none is known.
[[nodiscard]] std::optional<ForeignProtocol> recognizeForeign(QByteArrayView first);

} // namespace sami::http
