// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/ownaddresses.h"

#include <QNetworkInterface>

#include <algorithm>

namespace sami::gui {

namespace {

constexpr int ipv4Bits = 32;

QHostAddress masked(const QHostAddress &address, int prefixLength)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        const quint32 mask = prefixLength == 0 ? 0 : ~quint32(0) << (ipv4Bits - prefixLength);
        return QHostAddress(address.toIPv4Address() & mask);
    }
    Q_IPV6ADDR bytes = address.toIPv6Address();
    for (int i = 0; i < 16; ++i) {
        const int kept = std::clamp(prefixLength - i * 8, 0, 8);
        bytes[i] = static_cast<quint8>(bytes[i] & (0xff00 >> kept));
    }
    return QHostAddress(bytes);
}

} // namespace

QString OwnAddress::network() const
{
    return QStringLiteral("%1/%2").arg(masked(address, prefixLength).toString()).arg(prefixLength);
}

QList<OwnAddress> ownAddresses()
{
    QList<OwnAddress> own;
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        if (!interface.flags().testFlag(QNetworkInterface::IsUp))
            continue;
        const QList<QNetworkAddressEntry> entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            const QHostAddress address = entry.ip();
            if (!address.isLoopback() && !address.isLinkLocal() && entry.prefixLength() >= 0)
                own.append({ interface.humanReadableName(), address, entry.prefixLength() });
        }
    }
    return own;
}

} // namespace sami::gui
