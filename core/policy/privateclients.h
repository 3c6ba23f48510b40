// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "base/surroundings.h"
#include "policy/addressbits.h"

#include <QHostAddress>
#include <QList>

namespace sami::policy {

// clang-format off
/// Which clients the word "private" in a client list covers. A value, made again whenever an
/// interface or a route changes.
///
///   loopback 127.0.0.0/8, ::1                               always
///   private 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16       always
///   unique-local fc00::/7, link-local 169.254.0.0/16,       always
///   fe80::/10
///   shared 100.64.0.0/10                                    if an interface is in it: elsewhere it
///                                                           is a provider's, full of customers
///   in a container a default gateway, and this container    never: a program that forwards a
///   itself at any address but loopback                      published port has one of them, for
///                                                           every client
// clang-format on
class PrivateClients
{
public:
    /// For an unknown machine: no container, no shared addresses.
    PrivateClients() = default;
    PrivateClients(const QList<InterfaceAddress> &interfaces, const Surroundings &surroundings);

    /// IPv4-mapped addresses count as IPv4.
    [[nodiscard]] bool contains(const QHostAddress &client) const;
    /// Whether the address is one of this machine's, loopback included.
    [[nodiscard]] bool isThisMachine(const QHostAddress &address) const;
    /// Whether no client from the internet can appear as one of them; see Surroundings.
    [[nodiscard]] bool isCertain() const { return m_isCertain; }

    friend bool operator==(const PrivateClients &, const PrivateClients &) = default;

private:
    bool m_holdsShared = false;
    bool m_isCertain = true;
    QList<AddressBits> m_forwarders;
    QList<AddressBits> m_own; ///< without loopback
};

} // namespace sami::policy
