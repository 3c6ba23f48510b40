// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami {

/// The environment that this program runs in, as far as it shows from inside. A program may forward
/// a container's published port; every client then has that program's address.
struct Surroundings
{
    bool isContainer = false;
    /// Whether a forwarding program can only have a gateway's address. False in Kubernetes (other
    /// nodes forward too), in a user namespace (rootless), in Docker Desktop's virtual machine, on
    /// more than one network (Docker Swarm's ingress hides clients behind an address in one of
    /// them), or if the gateways cannot be read.
    bool isCertain = true;
    QList<QHostAddress> gateways; ///< of the default routes, without zones
    friend bool operator==(const Surroundings &, const Surroundings &) = default;
};

/// The error says why the system could not tell: asking takes a descriptor. Reads the environment
/// only once. Any thread.
[[nodiscard]] Result<Surroundings, QString> readSurroundings();

/// The gateways of default routes in Linux's /proc/net/route and /proc/net/ipv6_route.
[[nodiscard]] QList<QHostAddress> ipv4Gateways(QByteArrayView table);
[[nodiscard]] QList<QHostAddress> ipv6Gateways(QByteArrayView table);
/// Whether the routes in Linux's /proc/net/route use more than one interface.
[[nodiscard]] bool hasSeveralNetworks(QByteArrayView ipv4Table);

} // namespace sami
