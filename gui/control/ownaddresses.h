// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QList>
#include <QSet>
#include <QString>

namespace sami::gui {

/// An address of this machine that others may reach it by.
struct OwnAddress
{
    QString interfaceName; ///< as people know it: "eth0", "Wi-Fi"
    QHostAddress address;
    int prefixLength = 0;
    bool isVirtual = false; ///< of a container's bridge, a virtual machine's or a VPN's interface

    /// Its network as a list takes it: "192.0.2.0/24".
    [[nodiscard]] QString network() const;
};

/// What is known of a network interface.
struct InterfaceFacts
{
    struct Address
    {
        QHostAddress address;
        int prefixLength = -1; ///< -1: not known
    };

    QString name;  ///< as the system knows it: "wlp3s0"
    QString title; ///< as people know it; the same on Linux
    bool isUp = true;
    bool isRunning = true; ///< has a carrier: a cable, a Wi-Fi network
    bool isPointToPoint = false;
    bool hasDefaultRoute = false;
    QList<Address> addresses;
};

/// The addresses that others may reach this machine by, the one to tell them first. Pure.
///
/// Without interfaces that are down, loopback and link-local addresses. Then, each rule among those
/// that the one before leaves equal:
///   1. a real interface before a virtual one: bridges of containers and virtual machines, VPNs
///   2. one that has a carrier
///   3. the default route and a private address; a private address; the default route; the rest:
///      a home network's is private, and the way out of it is the default route
///   4. IPv4 before IPv6: people type it
///   5. as the system lists them
[[nodiscard]] QList<OwnAddress> rankedAddresses(const QList<InterfaceFacts> &interfaces);

/// Whether an interface of that name is made by software: "docker0", "wg0", "vEthernet (WSL)".
[[nodiscard]] bool isVirtualInterface(const QString &name);

/// The names of the interfaces with a default route, in Linux's /proc/net/route and
/// /proc/net/ipv6_route.
[[nodiscard]] QSet<QString> defaultRouteInterfaces(const QByteArray &ipv4Table,
                                                   const QByteArray &ipv6Table);

/// The ranked addresses of this machine now.
[[nodiscard]] QList<OwnAddress> ownAddresses();
/// The same as addresses alone.
[[nodiscard]] QList<QHostAddress> addressesForOthers();

} // namespace sami::gui
