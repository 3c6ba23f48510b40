// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/endpoint.h"

#include <QString>

#include <algorithm>

namespace sami {

namespace {

QByteArray withPort(const QByteArray &host, quint16 port)
{
    const QByteArray number = QByteArray::number(port);
    return host.contains(':') ? '[' + host + "]:" + number : host + ':' + number;
}

} // namespace

QByteArray Endpoint::toByteArray() const
{
    return withPort(host, port);
}

std::optional<QHostAddress> Endpoint::literalAddress() const
{
    // QHostAddress also takes "1", "0x7f.1" and "1.2.3": only the strict spellings are literals
    // here; the others are names, and names are checked by the addresses they resolve to.
    if (host.contains(':')) {
        QHostAddress address;
        if (host.contains('%') || !address.setAddress(QString::fromLatin1(host)))
            return std::nullopt;
        return unmapped(address);
    }
    if (host.count('.') != 3)
        return std::nullopt;
    quint32 bits = 0;
    for (const QByteArray &part : host.split('.')) {
        if (part.isEmpty() || part.size() > 3 || (part.size() > 1 && part.front() == '0'))
            return std::nullopt;
        uint octet = 0;
        for (const char c : part) {
            if (c < '0' || c > '9')
                return std::nullopt;
            octet = octet * 10 + static_cast<uint>(c - '0');
        }
        if (octet > 255)
            return std::nullopt;
        bits = bits << 8 | octet;
    }
    return QHostAddress(bits);
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
    return withPort(address.toString().toLatin1(), port);
}

} // namespace sami
