// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QList>
#include <QSet>
#include <QString>

namespace sami::gui {

/// An address at which others may reach this machine.
struct OwnAddress
{
    QString interfaceName; ///< as the user knows it: "eth0", "Wi-Fi"
    QHostAddress address;
    int prefixLength = 0;
    bool isVirtual = false; ///< of a container bridge, a virtual machine or a VPN

    /// The address's network in the syntax of the settings' lists: "192.0.2.0/24".
    [[nodiscard]] QString network() const;
};

/// The facts about a network interface.
struct InterfaceFacts
{
    struct Address
    {
        QHostAddress address;
        int prefixLength = -1; ///< -1: unknown
    };

    QString name;  ///< as the system knows it: "wlp3s0"
    QString title; ///< as the user knows it; the same on Linux
    bool isUp = true;
    bool isRunning = true; ///< has a carrier: a cable, a Wi-Fi network
    bool isPointToPoint = false;
    bool hasDefaultRoute = false;
    QList<Address> addresses;
};

/// The addresses at which others may reach this machine, the best to give out first. Pure.
///
/// Leaves out interfaces that are down, loopback and link-local addresses, and addresses with an
/// unknown prefix length. A rule counts only where the rules before it find no difference:
///   1. a real interface before a virtual one (container bridges, virtual machines, VPNs)
///   2. an interface with a carrier before one without
///   3. a private address on the interface of the default route, then any other private address,
///      then any other address of that interface, then the rest: a home network is private, and the
///      default route leads out of it
///   4. IPv4 before IPv6, because people have to type it
///   5. the system's own order
[[nodiscard]] QList<OwnAddress> rankedAddresses(const QList<InterfaceFacts> &interfaces);

/// Whether an interface of that name is made by software: "docker0", "wg0", "vEthernet (WSL)".
[[nodiscard]] bool isVirtualInterface(const QString &name);

/// The names of the interfaces with a default route, parsed from Linux's /proc/net/route and
/// /proc/net/ipv6_route.
[[nodiscard]] QSet<QString> defaultRouteInterfaces(const QByteArray &ipv4Table,
                                                   const QByteArray &ipv6Table);

/// This machine's addresses now, ranked.
[[nodiscard]] QList<OwnAddress> ownAddresses();
/// The same, addresses only.
[[nodiscard]] QList<QHostAddress> addressesForOthers();

} // namespace sami::gui
