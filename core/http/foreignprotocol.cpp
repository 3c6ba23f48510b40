// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/foreignprotocol.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace sami::http {

namespace {

/// RFC 8446 §5.1: a handshake record, and the major version that every TLS has.
bool isTls(QByteArrayView first)
{
    return first[0] == '\x16' && (first.size() < 2 || first[1] == '\x03');
}

/// The PROXY protocol's specification §2.1.
bool isProxyProtocolV1(QByteArrayView first)
{
    const std::initializer_list<QByteArrayView> starts { "PROXY TCP4", "PROXY TCP6",
                                                         "PROXY UNKNOWN" };
    return std::any_of(starts.begin(), starts.end(), [first](QByteArrayView start) {
        return first.startsWith(start)
            && (first.size() == start.size() || first[start.size()] == ' '
                || first[start.size()] == '\r');
    });
}

/// Its §2.2: two empty lines, then octets that no line of text may hold.
bool isProxyProtocolV2(QByteArrayView first)
{
    constexpr QByteArrayView signature("\r\n\r\n\0\r\nQUIT\n", 12);
    constexpr qsizetype telling = 5;
    return first.size() >= telling
        && signature.startsWith(first.first(std::min(first.size(), signature.size())));
}

/// Version 4 and a command (CONNECT or BIND).
bool isSocks4(QByteArrayView first)
{
    return first[0] == '\x04' && (first.size() < 2 || first[1] == '\x01' || first[1] == '\x02');
}

/// RFC 1928 §3: version 5 and the number of methods, at least one.
bool isSocks5(QByteArrayView first)
{
    return first[0] == '\x05' && (first.size() < 2 || first[1] != '\0');
}

bool isHttp2(QByteArrayView first)
{
    return first.startsWith("PRI * HTTP/2");
}

struct Signature
{
    ForeignProtocol protocol;
    bool (*begins)(QByteArrayView first); ///< called with at least one octet
};

constexpr std::array signatures {
    Signature { ForeignProtocol::Tls, isTls },
    Signature { ForeignProtocol::ProxyProtocolV1, isProxyProtocolV1 },
    Signature { ForeignProtocol::ProxyProtocolV2, isProxyProtocolV2 },
    Signature { ForeignProtocol::Socks4, isSocks4 },
    Signature { ForeignProtocol::Socks5, isSocks5 },
    Signature { ForeignProtocol::Http2, isHttp2 },
};

} // namespace

const char *toString(ForeignProtocol protocol)
{
    switch (protocol) {
    case ForeignProtocol::Tls:
        return "tls_client_hello";
    case ForeignProtocol::ProxyProtocolV1:
        return "proxy_protocol_v1";
    case ForeignProtocol::ProxyProtocolV2:
        return "proxy_protocol_v2";
    case ForeignProtocol::Socks4:
        return "socks4";
    case ForeignProtocol::Socks5:
        return "socks5";
    case ForeignProtocol::Http2:
        return "http2_preface";
    }
    return "unknown";
}

std::optional<ForeignProtocol> recognizeForeign(QByteArrayView first)
{
    if (first.isEmpty())
        return std::nullopt;
    const auto found =
        std::find_if(signatures.begin(), signatures.end(),
                     [first](const Signature &signature) { return signature.begins(first); });
    return found == signatures.end() ? std::nullopt : std::optional(found->protocol);
}

} // namespace sami::http
