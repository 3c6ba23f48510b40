// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::socks {

/// What can be wrong with what a SOCKS5 client says.
enum class Fault {
    BadVersion,         ///< another version than the step has: 5, or 1 of the sub-negotiation
    NoMethods,          ///< the greeting offers none
    NoCommonMethod,     ///< it offers none that is spoken here
    UnknownAddressType, ///< neither 1, 3 nor 4: where the message ends cannot be told
    UnsupportedCommand, ///< BIND, UDP ASSOCIATE, or one that RFC 1928 does not have
    BadHost,            ///< the destination's host is missing or malformed
    BadPort,            ///< port 0
};

/// Stable codes for the log: "socks_version", "socks_method", …
[[nodiscard]] const char *toString(Fault fault);

} // namespace sami::socks
