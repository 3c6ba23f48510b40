// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::account {

/// The protocol between a client and the proxy. A connection that has sent nothing yet counts as
/// Http.
enum class FrontKind : quint8 { Http, Socks5 };

/// The encryption between a client and the proxy.
enum class TlsVersion : quint8 { None, Tls12, Tls13 };

/// Stable codes for the log; static strings: "http", "socks5".
[[nodiscard]] constexpr const char *toString(FrontKind front)
{
    return front == FrontKind::Socks5 ? "socks5" : "http";
}

/// "-", "1.2", "1.3".
[[nodiscard]] constexpr const char *toString(TlsVersion version)
{
    switch (version) {
    case TlsVersion::None:
        break;
    case TlsVersion::Tls12:
        return "1.2";
    case TlsVersion::Tls13:
        return "1.3";
    }
    return "-";
}

/// How a client connects to the door. A value.
struct alignas(2) Entrance // aligned to its size, so that every compiler inlines the atomic
{
    FrontKind front = FrontKind::Http;
    TlsVersion tls = TlsVersion::None;

    friend bool operator==(const Entrance &, const Entrance &) = default;
};

} // namespace sami::account
