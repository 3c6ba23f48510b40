// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QByteArrayView>

#include <variant>

/// The PROXY protocol, versions 1 and 2: the header in which a balancer names the client whose
/// connection it passes on (HAProxy's doc/proxy-protocol.txt). Without any I/O; pure, any thread.
namespace sami::door {

/// The longest header: version 1 with its CR LF; version 2 as the specification limits a sender
/// (§2.2).
inline constexpr qsizetype longestProxyLine = 107;
inline constexpr qsizetype longestProxyHeader = 536;

/// Why the octets are not a valid header.
enum class ProxyHeaderFault {
    NotAHeader, ///< the connection begins with something else
    // Version 1
    LineTooLong,         ///< no CR LF within 107 octets
    LineEnd,             ///< a lone CR or LF
    UnsupportedProtocol, ///< neither TCP4, TCP6 nor UNKNOWN
    BadFields,           ///< not two addresses and two ports with a single space before each
    // Both
    BadAddress, ///< not of the family it names, or impossible for a client
    // Version 1
    BadPort, ///< not a decimal number up to 65535 without leading zeros
    // Version 2
    UnknownVersion,
    UnknownCommand,    ///< neither LOCAL nor PROXY
    UnsupportedFamily, ///< PROXY for UDP, Unix sockets or an unspecified family
    TooLong,           ///< the length exceeds 536 octets
    AddressesCut,      ///< the length ends within the addresses
    TlvCut,            ///< an extension exceeds the length
    BadTlv,            ///< the checksum extension is not four octets long, or occurs twice
    WrongChecksum,
};

/// Stable codes: "not_a_header", "bad_address", …
[[nodiscard]] const char *toString(ProxyHeaderFault fault);

/// The content of a header.
struct ProxyHeader
{
    enum class Kind {
        Proxied, ///< a client's connection, passed on
        Local,   ///< the balancer's own (a health check), or one for a client that it does not know
    };

    Kind kind = Kind::Local;
    SocketAddress client; ///< for Proxied; an IPv4-mapped address as IPv4
    qsizetype size = 0;   ///< of the header, in octets
};

/// More octets are needed: what has arrived may begin a header.
struct ProxyHeaderIncomplete
{};

using ProxyHeaderProgress = std::variant<ProxyHeaderIncomplete, ProxyHeader, ProxyHeaderFault>;

/// Reads the header at the start of `octets`, which are all that has arrived on the connection.
/// Call it again with more until it is complete or faulty, which happens by longestProxyHeader at
/// the latest. Reports a fault as soon as there is one. Ignores what follows the header.
///
/// | version 1, a line             | means                                                     |
/// |-------------------------------|-----------------------------------------------------------|
/// | PROXY TCP4 a.b.c.d … p p      | Proxied                                                   |
/// | PROXY TCP6 a:b::c … p p       | Proxied                                                   |
/// | PROXY UNKNOWN, then anything  | Local                                                     |
///
/// | version 2, command and family | means                                                     |
/// |-------------------------------|-----------------------------------------------------------|
/// | PROXY, TCP over IPv4 or IPv6  | Proxied                                                   |
/// | PROXY, any other              | UnsupportedFamily                                         |
/// | LOCAL, any                    | Local; the addresses are ignored (§2.2)                   |
///
/// Extensions (§2.2) are skipped within the length. A checksum (§2.2.3) is verified if there is
/// one.
[[nodiscard]] ProxyHeaderProgress readProxyHeader(QByteArrayView octets);

} // namespace sami::door
