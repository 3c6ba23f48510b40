// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/admindoors.h"

namespace sami::config {

QByteArray AdminDoor::toByteArray() const
{
    if (kind == Kind::Unix)
        return "unix:" + path.toUtf8();
    // Any prints as "0.0.0.0"; AnyIPv6 prints as "::", the spelling that means both families.
    const QHostAddress shown =
        address == QHostAddress(QHostAddress::Any) ? QHostAddress(QHostAddress::AnyIPv6) : address;
    const QByteArray text = SocketAddress { shown, port }.toByteArray();
    return kind == Kind::Tls ? "tls:" + text : text;
}

QList<SocketAddress> AdminSettings::addresses() const
{
    QList<SocketAddress> found;
    for (const AdminDoor &door : doors) {
        if (door.isTcp())
            found.append(door.where());
    }
    if (metrics)
        found.append(metrics->where());
    return found;
}

} // namespace sami::config
