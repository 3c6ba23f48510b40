// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::route {

/// Why a journey did not get through a parent, by whose fault it is. Failover's table says what
/// each means.
enum class Fault : quint8 {
    Unreachable, ///< no address, no route, refused, reset
    Tls,         ///< reached, but TLS failed: a bad certificate, or cut
    WrongPin,    ///< reached, and it has another key than the pinned one
    TlsLate,     ///< reached, but TLS was not established within its share of the time
    Malformed,   ///< what it answers is not HTTP or SOCKS5, or has no end
    Overloaded,  ///< 503 or 429 of its own
    TimedOut,    ///< not reached within its share of the time
    Silent,      ///< reached and asked, but no answer within its share
    Credentials, ///< it refused our credentials (407)
    Destination, ///< its answer is about the destination
    Ourselves,   ///< this machine lacks something (descriptors), so no other parent would do better
};

/// Stable codes for the log: "unreachable", "tls", …
[[nodiscard]] constexpr const char *toString(Fault fault)
{
    switch (fault) {
    case Fault::Unreachable:
        return "unreachable";
    case Fault::Tls:
        return "tls";
    case Fault::WrongPin:
        return "wrong_pin";
    case Fault::TlsLate:
        return "tls_late";
    case Fault::Malformed:
        return "malformed";
    case Fault::Overloaded:
        return "overloaded";
    case Fault::TimedOut:
        return "timed_out";
    case Fault::Silent:
        return "silent";
    case Fault::Credentials:
        return "credentials";
    case Fault::Destination:
        return "destination";
    case Fault::Ourselves:
        return "ourselves";
    }
    return "";
}

/// Whether the parent was reached but did not prove its identity. An attacker on the way could have
/// caused that.
[[nodiscard]] constexpr bool isOfTls(Fault fault)
{
    return fault == Fault::Tls || fault == Fault::WrongPin || fault == Fault::TlsLate;
}

} // namespace sami::route
