// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/identitynames.h"

#include <algorithm>

namespace sami::door {

using config::ServerName;

namespace {

void add(QList<ServerName> &names, const ServerName &name)
{
    if (names.size() < maxIdentityNames && !names.contains(name))
        names.append(name);
}

bool isWildcard(const QHostAddress &address)
{
    return address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6)
        || address.protocol() == QAbstractSocket::AnyIPProtocol;
}

QList<ServerName> listenedAt(const QHostAddress &listening,
                             const QList<InterfaceAddress> &interfaces)
{
    QList<ServerName> names;
    if (!isWildcard(listening)) {
        if (!listening.isLinkLocal())
            names.append(ServerName::of(listening));
        return names;
    }
    const bool isIPv4Alone = listening.protocol() == QAbstractSocket::IPv4Protocol;
    for (const InterfaceAddress &entry : interfaces) {
        const bool isIPv4 = entry.address.protocol() == QAbstractSocket::IPv4Protocol;
        if ((isIPv4 || !isIPv4Alone) && !entry.address.isLinkLocal() && !entry.address.isLoopback()
            && !entry.address.isMulticast())
            names.append(ServerName::of(entry.address));
    }
    // The system's order changes. IPv4 comes first, in case there are too many.
    std::sort(names.begin(), names.end(), [](const ServerName &left, const ServerName &right) {
        const bool leftIs4 = left.address().protocol() == QAbstractSocket::IPv4Protocol;
        const bool rightIs4 = right.address().protocol() == QAbstractSocket::IPv4Protocol;
        return leftIs4 != rightIs4 ? leftIs4 : left.toByteArray() < right.toByteArray();
    });
    return names;
}

} // namespace

QList<ServerName> identityNames(const config::Settings &settings, const QByteArray &hostName,
                                const QList<InterfaceAddress> &interfaces)
{
    QList<ServerName> names;
    for (const ServerName &name : settings.tls.names)
        add(names, name);
    for (const QByteArray &text : { hostName, QByteArray("localhost") }) {
        if (const auto name = ServerName::parse(text))
            add(names, *name);
    }
    add(names, ServerName::of(QHostAddress(QHostAddress::LocalHost)));
    add(names, ServerName::of(QHostAddress(QHostAddress::LocalHostIPv6)));
    for (const ServerName &name : listenedAt(settings.listen.address, interfaces))
        add(names, name);
    return names;
}

} // namespace sami::door
