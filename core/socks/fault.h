// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::socks {

/// Everything that can be wrong with a SOCKS5 message, a client's or a server's.
enum class Fault {
    BadVersion,         ///< not the step's version: 5, or 1 for the sub-negotiation
    NoMethods,          ///< the greeting offers no methods
    NoCommonMethod,     ///< it offers no method that we support
    UnknownAddressType, ///< neither 1, 3 nor 4, so the message's length is unknown
    UnsupportedCommand, ///< BIND, UDP ASSOCIATE, or not in RFC 1928
    BadHost,            ///< the destination's host is missing or malformed
    BadPort,            ///< port 0
};

/// Stable codes for the log: "socks_version", "socks_method", …
[[nodiscard]] const char *toString(Fault fault);

} // namespace sami::socks
