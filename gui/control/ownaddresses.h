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
    bool isVirtual = false; ///< of an interface of a container's bridge, a virtual machine or a VPN

    /// Its network in the syntax of the lists: "192.0.2.0/24".
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
/// Interfaces that are down, and loopback and link-local addresses, are left out. The order is by
/// these rules; each one decides between addresses that the rules before it leave equal:
///   1. a real interface before a virtual one: bridges of containers and virtual machines, VPNs
///   2. one that has a carrier
///   3. the default route and a private address; a private address; the default route; the rest:
///      a home network is private, and the default route leads out of it
///   4. IPv4 before IPv6: people type it
///   5. as the system lists them
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
