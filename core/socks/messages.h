// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QByteArray>

#include <bitset>

/// The messages of SOCKS5 (RFC 1928, RFC 1929) as values, for client and server.
///
///   client: greeting            VER=5 NMETHODS METHOD…          3 to 257 octets
///   server: method choice       VER=5 METHOD                    2
///   client: user and password   VER=1 ULEN UNAME PLEN PASSWD    3 to 513, only for method 2
///   server: its status          VER=1 STATUS                    2
///   client: request             VER=5 CMD RSV ATYP ADDR PORT    7 to 262
///   server: reply               VER=5 REP RSV ATYP ADDR PORT    7 to 262
namespace sami::socks {

/// RFC 1928 §3.
enum class Method : quint8 {
    NoAuthentication = 0x00,
    GssApi = 0x01, ///< Deviation: RFC 1928 §3 requires its support, but no client asks for it
    UserPassword = 0x02,
    NoneAcceptable = 0xff,
};

/// §4. A client may send other values.
enum class Command : quint8 { Connect = 0x01, Bind = 0x02, UdpAssociate = 0x03 };

/// §6.
enum class ReplyCode : quint8 {
    Succeeded = 0x00,
    GeneralFailure = 0x01,
    NotAllowed = 0x02,
    NetworkUnreachable = 0x03,
    HostUnreachable = 0x04,
    ConnectionRefused = 0x05,
    TtlExpired = 0x06,
    CommandNotSupported = 0x07,
    AddressTypeNotSupported = 0x08,
};

/// §4, §5.
enum class AddressType : quint8 { Ipv4 = 0x01, Name = 0x03, Ipv6 = 0x04 };

struct Greeting
{
    std::bitset<256> methods; ///< offered, by number

    [[nodiscard]] bool offers(Method method) const { return methods[quint8(method)]; }
};

/// RFC 1929 §2. Any octets. Both may be empty, contrary to the RFC: the check of the pair rejects
/// that.
struct UserPassword
{
    QByteArray user;
    QByteArray password;
};

/// RFC 1928 §5. A name is kept exactly as received; an address is kept as its text.
struct Address
{
    AddressType type = AddressType::Name;
    Endpoint endpoint;
};

struct Request
{
    Command command = Command::Connect;
    Address destination;
};

struct ConnectReply
{
    ReplyCode code = ReplyCode::GeneralFailure;
    Address bound;
};

} // namespace sami::socks
