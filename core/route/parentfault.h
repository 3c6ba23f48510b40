// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::route {

/// Why a journey did not get through a parent, in terms of whose fault that is. Failover's table
/// says what each means.
enum class ParentFault : quint8 {
    Unreachable, ///< no address, no route, refused, reset
    Tls,         ///< reached, but TLS failed: a bad certificate, or cut
    WrongPin,    ///< reached, but its key is not the pinned one
    TlsLate,     ///< reached, but TLS did not stand within its share of the time
    Malformed,   ///< its answer is not HTTP or SOCKS5, or has no end
    Overloaded,  ///< 503 or 429 of its own
    TimedOut,    ///< not reached within its share of the time
    Silent,      ///< reached and asked, but no answer within its share
    Credentials, ///< it refused our credentials (407)
    Destination, ///< its answer is about the destination
    Ourselves,   ///< this machine lacks something (descriptors), so no other parent would do better
};

/// Stable codes for the log: "unreachable", "tls", …
[[nodiscard]] constexpr const char *toString(ParentFault fault)
{
    switch (fault) {
    case ParentFault::Unreachable:
        return "unreachable";
    case ParentFault::Tls:
        return "tls";
    case ParentFault::WrongPin:
        return "wrong_pin";
    case ParentFault::TlsLate:
        return "tls_late";
    case ParentFault::Malformed:
        return "malformed";
    case ParentFault::Overloaded:
        return "overloaded";
    case ParentFault::TimedOut:
        return "timed_out";
    case ParentFault::Silent:
        return "silent";
    case ParentFault::Credentials:
        return "credentials";
    case ParentFault::Destination:
        return "destination";
    case ParentFault::Ourselves:
        return "ourselves";
    }
    return "";
}

/// Whether the parent was reached but did not prove its identity. An attacker on the way could have
/// caused that.
[[nodiscard]] constexpr bool isOfTls(ParentFault fault)
{
    return fault == ParentFault::Tls || fault == ParentFault::WrongPin
        || fault == ParentFault::TlsLate;
}

} // namespace sami::route
