// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami {

/// Which hosts share an interface's link.
enum class LinkKind {
    Loopback,     ///< nobody: the whole prefix is this machine
    PointToPoint, ///< one other end: PPP, a tunnel
    Shared,       ///< a network of neighbours: Ethernet, Wi-Fi, a bridge
};

/// An address of one of this machine's interfaces, or a prefix that its routing table delivers
/// locally (a balancer's or a cloud's address). A value.
struct InterfaceAddress
{
    QHostAddress address;  ///< without a zone
    int prefixLength = -1; ///< of its network; -1 if the system does not say
    LinkKind link = LinkKind::Shared;
    QByteArray device; ///< "eth0"
    friend bool operator==(const InterfaceAddress &, const InterfaceAddress &) = default;
};

/// The addresses of all interfaces. The error says why the system could not list them (asking takes
/// a descriptor); the list is never empty instead.
[[nodiscard]] Result<QList<InterfaceAddress>, QString> readInterfaceAddresses();

} // namespace sami
