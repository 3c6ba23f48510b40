// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <optional>

namespace sami::http {

/// What else than HTTP/1 a client, or a balancer in front of it, may begin with.
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

/// Which of them begins with these octets, the first of a connection, in which no head of a request
/// could be read. There may be few of them: what agrees as far as it goes counts where no text
/// begins so. Nothing when none is known.
[[nodiscard]] std::optional<ForeignProtocol> recognizeForeign(QByteArrayView first);

} // namespace sami::http
