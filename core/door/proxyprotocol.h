// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QByteArrayView>

#include <variant>

/// The PROXY protocol, versions 1 and 2: the header by which a balancer says whose connection it
/// passes on (HAProxy's doc/proxy-protocol.txt). Without any I/O; pure, for every thread.
namespace sami::door {

/// The longest header there is: of version 1 with its CR LF, of version 2 as the specification asks
/// a sender to keep it (§2.2).
inline constexpr qsizetype longestProxyLine = 107;
inline constexpr qsizetype longestProxyHeader = 536;

/// Why the octets are no header that counts.
enum class ProxyHeaderFault {
    NotAHeader, ///< the connection begins with something else
    // Version 1
    LineTooLong,         ///< no CR LF within 107 octets
    LineEnd,             ///< a CR or LF alone
    UnsupportedProtocol, ///< neither TCP4, TCP6 nor UNKNOWN
    BadFields,           ///< not two addresses and two ports with a single space before each
    // Both
    BadAddress, ///< not of the family that was named, or none that a client can have
    // Version 1
    BadPort, ///< not a decimal number up to 65535 without leading zeros
    // Version 2
    UnknownVersion,
    UnknownCommand,    ///< neither LOCAL nor PROXY
    UnsupportedFamily, ///< PROXY of UDP, Unix sockets or nothing that is named
    TooLong,           ///< the length leads beyond 536 octets
    AddressesCut,      ///< the length ends amid the addresses
    TlvCut,            ///< an extension reaches beyond the length
    BadTlv, ///< the extension with the checksum is not one of four octets, or comes twice
    WrongChecksum,
};

/// Stable codes: "not_a_header", "bad_address", …
[[nodiscard]] const char *toString(ProxyHeaderFault fault);

/// What a header says.
struct ProxyHeader
{
    enum class Kind {
        Proxied, ///< a client's connection, passed on
        Local,   ///< the balancer's own (a health check), or one of whose client it knows nothing
    };

    Kind kind = Kind::Local;
    SocketAddress client; ///< of Proxied; an IPv4-mapped address is IPv4
    qsizetype size = 0;   ///< of the header, in octets
};

/// More octets are needed: what came so far may begin a header.
struct ProxyHeaderIncomplete
{};

using ProxyHeaderProgress = std::variant<ProxyHeaderIncomplete, ProxyHeader, ProxyHeaderFault>;

/// Reads the header with which these octets begin, all that have come of the connection so far: to
/// be called again with more until it is complete or faulty, which it is by longestProxyHeader at
/// the latest. Says a fault as soon as it is one. What stands after the header is not looked at.
///
/// | version 1, a line             | means                                                     |
/// |-------------------------------|-----------------------------------------------------------|
/// | PROXY TCP4 a.b.c.d … p p      | Proxied                                                   |
/// | PROXY TCP6 a:b::c … p p       | Proxied                                                   |
/// | PROXY UNKNOWN, and whatever   | Local                                                     |
///
/// | version 2, command and family | means                                                     |
/// |-------------------------------|-----------------------------------------------------------|
/// | PROXY, TCP over IPv4 or IPv6  | Proxied                                                   |
/// | PROXY, any other              | UnsupportedFamily                                         |
/// | LOCAL, any                    | Local; the addresses count for nothing (§2.2)             |
///
/// Extensions (§2.2) are skipped within the length. A checksum (§2.2.3) is verified where there is
/// one.
[[nodiscard]] ProxyHeaderProgress readProxyHeader(QByteArrayView octets);

} // namespace sami::door
