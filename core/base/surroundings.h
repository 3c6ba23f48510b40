// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami {

/// What this program runs inside of, as far as it can be seen from inside. A port that is published
/// out of a container may be forwarded by a program: every client then has that program's address.
struct Surroundings
{
    bool isContainer = false;
    /// Whether a forwarding program could have no other address than a gateway's. Not in
    /// Kubernetes (other nodes forward too), in a user namespace (rootless), in Docker Desktop's
    /// virtual machine, or where the gateways cannot be read.
    bool isCertain = true;
    QList<QHostAddress> gateways; ///< of the default routes, without a zone
    friend bool operator==(const Surroundings &, const Surroundings &) = default;
};

/// Or why the system cannot say: it takes a descriptor to ask. What is asked of the environment is
/// asked once. Any thread.
[[nodiscard]] Result<Surroundings, QString> readSurroundings();

/// The gateways of default routes in Linux's /proc/net/route and /proc/net/ipv6_route.
[[nodiscard]] QList<QHostAddress> ipv4Gateways(QByteArrayView table);
[[nodiscard]] QList<QHostAddress> ipv6Gateways(QByteArrayView table);

} // namespace sami
