// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QByteArray>
#include <QHostAddress>

#include <vector>

namespace sami::server {

/// What kind of client uses a door.
enum class DoorKind : quint8 {
    Proxy, ///< a client of the proxy
};

/// A requested listening address. A value.
struct DoorSpec
{
    QByteArray id;        ///< short; stays the same when the address changes
    QHostAddress address; ///< "::" is QHostAddress::Any
    quint16 port = 0;     ///< 0: any free port
    DoorKind kind = DoorKind::Proxy;

    friend bool operator==(const DoorSpec &, const DoorSpec &) = default;
};

/// The id of the door for the proxy's clients.
[[nodiscard]] inline QByteArray proxyDoor()
{
    return QByteArrayLiteral("proxy");
}

/// The doors that the settings ask for.
[[nodiscard]] inline std::vector<DoorSpec> doorsOf(const config::ListenSettings &listen)
{
    return { { proxyDoor(), listen.address, listen.port, DoorKind::Proxy } };
}

} // namespace sami::server
