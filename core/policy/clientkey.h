// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QHostAddress>
#include <QtEndian>

namespace sami::policy {

/// One client, as limits and queues count clients: an IPv4 address, or the network half of an IPv6
/// one, for a client has a whole /64. Smaller than a QHostAddress: every silent tunnel keeps one.
[[nodiscard]] inline quint64 clientKey(const QHostAddress &client)
{
    // Where the first half of an IPv6 multicast address would be, which is no client's.
    constexpr quint64 ipv4Marker = quint64(0xffff'ffff) << 32;
    const QHostAddress address = unmapped(client);
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return ipv4Marker | address.toIPv4Address();
    const Q_IPV6ADDR octets = address.toIPv6Address();
    return qFromBigEndian<quint64>(&octets);
}

} // namespace sami::policy
