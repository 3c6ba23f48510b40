// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/endpoint.h"

#include <QString>

#include <algorithm>
#include <array>
#include <charconv>

namespace sami {

namespace {

QByteArray withPort(const QByteArray &host, quint16 port)
{
    constexpr qsizetype longestRest = 8; // "[]:65535"
    std::array<char, 5> digits {};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), port).ptr;
    const QByteArrayView number(digits.data(), end - digits.data());
    QByteArray text;
    text.reserve(host.size() + longestRest);
    if (host.contains(':'))
        text.append('[').append(host).append("]:").append(number);
    else
        text.append(host).append(':').append(number);
    return text;
}

char lower(char octet)
{
    return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet | 0x20) : octet;
}

/// Exactly four decimal numbers without leading zeros.
std::optional<quint32> dottedQuad(QByteArrayView text)
{
    quint32 bits = 0;
    uint octet = 0;
    int digits = 0;
    int dots = 0;
    for (const char c : text) {
        if (c == '.') {
            if (digits == 0 || ++dots > 3)
                return std::nullopt;
            bits = bits << 8 | octet;
            octet = 0;
            digits = 0;
            continue;
        }
        const bool hasLeadingZero = digits > 0 && octet == 0;
        if (c < '0' || c > '9' || hasLeadingZero)
            return std::nullopt;
        octet = octet * 10 + static_cast<uint>(c - '0');
        ++digits;
        if (octet > 255)
            return std::nullopt;
    }
    if (digits == 0 || dots != 3)
        return std::nullopt;
    return bits << 8 | octet;
}

/// QHostAddress::toString() for IPv4, without the detour through UTF-16: every access line has one.
QByteArray quadText(quint32 bits)
{
    std::array<char, 16> text; // 15 at most
    char *to = text.data();
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (shift < 24)
            *to++ = '.';
        to = std::to_chars(to, to + 3, bits >> shift & 0xff).ptr;
    }
    return { text.data(), to - text.data() };
}

} // namespace

QByteArray addressText(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return quadText(address.toIPv4Address());
    return address.toString().toLatin1();
}

QByteArray Endpoint::toByteArray() const
{
    return withPort(host, port);
}

std::optional<QHostAddress> Endpoint::literalAddress() const
{
    // QHostAddress also accepts "1", "0x7f.1" and "1.2.3". Only the strict spellings are literals
    // here. The rest are names, which are checked by the addresses they resolve to.
    if (host.contains(':')) {
        QHostAddress address;
        if (host.contains('%') || !address.setAddress(QString::fromLatin1(host)))
            return std::nullopt;
        return unmapped(address);
    }
    const std::optional<quint32> bits = dottedQuad(host);
    return bits ? std::optional(QHostAddress(*bits)) : std::nullopt;
}

bool operator==(const Endpoint &left, const Endpoint &right)
{
    if (left.port != right.port || left.host.size() != right.host.size())
        return false;
    // Compares from the end: addresses of one network differ there.
    for (qsizetype i = left.host.size() - 1; i >= 0; --i) {
        if (left.host[i] != right.host[i] && lower(left.host[i]) != lower(right.host[i]))
            return false;
    }
    return true;
}

size_t qHash(const Endpoint &endpoint, size_t seed)
{
    return qHashMulti(seed, endpoint.host.toLower(), endpoint.port);
}

QHostAddress unmapped(const QHostAddress &address)
{
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return address;
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    for (int i = 0; i < 10; ++i) {
        if (bytes[i] != 0)
            return address;
    }
    if (bytes[10] != 0xff || bytes[11] != 0xff)
        return address;
    const quint32 bits = quint32(bytes[12]) << 24 | quint32(bytes[13]) << 16
        | quint32(bytes[14]) << 8 | quint32(bytes[15]);
    return QHostAddress(bits);
}

QHostAddress clientNetwork(const QHostAddress &client)
{
    if (client.protocol() != QAbstractSocket::IPv6Protocol)
        return client;
    Q_IPV6ADDR octets = client.toIPv6Address();
    std::fill(octets.c + 8, octets.c + 16, quint8(0));
    return QHostAddress(octets);
}

QByteArray SocketAddress::toByteArray() const
{
    return withPort(addressText(address), port);
}

} // namespace sami
