// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QByteArray>
#include <QHostAddress>

#include <vector>

namespace sami::server {

/// Who comes in by a door.
enum class DoorKind : quint8 {
    Proxy, ///< a client of the proxy
};

/// A listening address that is asked for. A value.
struct DoorSpec
{
    QByteArray id;        ///< short; the door's own, whatever its address becomes
    QHostAddress address; ///< "::" is QHostAddress::Any
    quint16 port = 0;     ///< 0: any free port
    DoorKind kind = DoorKind::Proxy;

    friend bool operator==(const DoorSpec &, const DoorSpec &) = default;
};

/// The id of the door that the proxy's clients come in by.
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
