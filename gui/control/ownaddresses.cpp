// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/ownaddresses.h"

#include "config/settings.h"

#include <QNetworkInterface>

namespace sami::gui {

QString OwnAddress::network() const
{
    return QString::fromLatin1(policy::Cidr::around(address, prefixLength).toByteArray());
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
