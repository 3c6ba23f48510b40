// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/octetset.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

/// The one grammar for hosts that clients name, in any protocol. A host that fails it is not
/// checked, resolved or dialled. Pure functions on bytes.
namespace sami {

/// Deviation: RFC 3986 §3.2.2 also allows sub-delims and percent-encoding in a reg-name. No
/// resolvable name has them, and parsers decode them differently. IDNs arrive as punycode.
inline constexpr OctetSet hostNameChars([](unsigned char u) {
    const char c = static_cast<char>(u);
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'
        || c == '.' || c == '_' || c == '~';
});

/// 1 to 255 octets (RFC 1035 §2.3.4), all of them hostNameChars.
[[nodiscard]] bool isHostName(QByteArrayView text);
/// An IPv6 address, without brackets and without a zone.
[[nodiscard]] bool isIpv6Literal(QByteArrayView text);
/// Whether a resolver may read the name as an IPv4 address: its last label is all digits or begins
/// with "0x". With a trailing dot the last label is empty.
[[nodiscard]] bool endsInNumber(QByteArrayView name);

/// The host in the form that is checked, resolved and dialled; nothing if it is malformed.
///
///   written                           dialled
///   API.test, xn--e1afmkfd.test, a_b  the same
///   a.test., a.test..                 a.test         the root dot names no other host
///   192.0.2.7, 192.0.2.7.             192.0.2.7
///   2001:db8::1                       the same
///   127.1, 0, 2130706433, 0177.0.0.1  -              getaddrinfo() reads them as addresses
///   0x7f.1, a.0xff, a.1               -              so may others (WHATWG URL §3.5)
///   empty, only dots                  -
///   CR, LF, NUL, blanks, controls     -
///   é.test, a%2eb, fe80::1%eth0       -
[[nodiscard]] std::optional<QByteArray> hostToDial(QByteArrayView written);

} // namespace sami
