// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::route {

/// Why a journey did not get through a parent, by whose fault it is: Failover has the table of what
/// each means.
enum class Fault : quint8 {
    Unreachable, ///< no address, no route, refused, reset
    Tls,        ///< reached, and TLS did not come about: a bad certificate, cut, or left unanswered
    WrongPin,   ///< reached, and it has another key than the pinned one
    Malformed,  ///< what it answers is not HTTP or SOCKS5, or has no end
    Overloaded, ///< 503 or 429 of its own
    TimedOut,   ///< not reached within its share of the time
    Silent,     ///< reached and asked, and no answer within its share
    Credentials, ///< it refused ours (407)
    Destination, ///< what it says is about the destination
    Ourselves,   ///< this machine lacks something (descriptors): no parent is better off
};

/// It could not show that it is itself: whoever sits on the way may have made it so.
[[nodiscard]] constexpr bool isOfTrust(Fault fault)
{
    return fault == Fault::Tls || fault == Fault::WrongPin;
}

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

} // namespace sami::route
