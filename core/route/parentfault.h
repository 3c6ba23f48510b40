// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::route {

/// Why a journey did not get through a parent, by whose fault it is. Failover's table says what
/// each means.
enum class Fault : quint8 {
    Unreachable, ///< no address, no route, refused, reset
    TlsOrPin,    ///< reached, and TLS did not come about: another key, or cut
    TlsLate,     ///< reached, and TLS did not come about within its share of the time
    Malformed,   ///< what it answers is not HTTP or SOCKS5, or has no end
    Overloaded,  ///< 503 or 429 of its own
    TimedOut,    ///< not reached within its share of the time
    Silent,      ///< reached and asked, but no answer within its share
    Credentials, ///< it refused our credentials (407)
    Destination, ///< its answer is about the destination
    Ourselves,   ///< this machine lacks something (descriptors), so no other parent would do better
};

/// Stable codes for the log: "unreachable", "tls_or_pin", …
[[nodiscard]] constexpr const char *toString(Fault fault)
{
    switch (fault) {
    case Fault::Unreachable:
        return "unreachable";
    case Fault::TlsOrPin:
        return "tls_or_pin";
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

/// Whether it is of somebody who was reached and has not shown that it is itself.
[[nodiscard]] constexpr bool isOfTls(Fault fault)
{
    return fault == Fault::TlsOrPin || fault == Fault::TlsLate;
}

} // namespace sami::route
