// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/interfaceaddresses.h"

#include <QNetworkInterface>

#include <algorithm>

namespace sami {

using namespace Qt::StringLiterals;

namespace {

LinkKind linkKind(QNetworkInterface::InterfaceFlags flags)
{
    if (flags.testFlag(QNetworkInterface::IsLoopBack))
        return LinkKind::Loopback;
    return flags.testFlag(QNetworkInterface::IsPointToPoint) ? LinkKind::PointToPoint
                                                             : LinkKind::Shared;
}

} // namespace

Result<QList<InterfaceAddress>, QString> readInterfaceAddresses()
{
    QList<InterfaceAddress> found;
    const QList<QNetworkInterface> devices = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &device : devices) {
        const QList<QNetworkAddressEntry> entries = device.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            QHostAddress address = entry.ip();
            address.setScopeId({});
            found.append({ address, entry.prefixLength(), linkKind(device.flags()),
                           device.name().toUtf8() });
        }
    }
    // Qt reports no error, so a list without a loopback address counts as one: every machine has
    // one.
    const auto isLoopback = [](const InterfaceAddress &entry) {
        return entry.address.isLoopback();
    };
    if (std::none_of(found.cbegin(), found.cend(), isLoopback))
        return Unexpected(u"the system names no loopback address"_s);
    return found;
}

} // namespace sami
