// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QHostAddress>
#include <QtEndian>

namespace sami::policy {

/// The key of one client for limits and queues: an IPv4 address, or the first half of an IPv6
/// address, because a client has a whole /64. Smaller than a QHostAddress: every idle tunnel keeps
/// one.
[[nodiscard]] inline quint64 clientKey(const QHostAddress &client)
{
    // The first half of an IPv6 multicast address, which no client has.
    constexpr quint64 ipv4Marker = quint64(0xffff'ffff) << 32;
    const QHostAddress address = unmapped(client);
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return ipv4Marker | address.toIPv4Address();
    const Q_IPV6ADDR octets = address.toIPv6Address();
    return qFromBigEndian<quint64>(&octets);
}

} // namespace sami::policy
