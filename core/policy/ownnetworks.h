// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "policy/addressbits.h"
#include "policy/cidr.h"

#include <QByteArray>
#include <QList>

namespace sami::policy {

/// An interface's network whose public addresses remain allowed.
struct OpenNetwork
{
    Cidr network;
    QByteArray device;
    friend bool operator==(const OpenNetwork &, const OpenNetwork &) = default;
};

/// This machine's addresses and networks, for the address rules. A value, made again whenever an
/// interface changes.
///
/// A neighbour with a public address is as internal as one with a private address. But not every
/// prefix is a neighbourhood: a provider numbers its customers from one wide network, and the other
/// end of a point-to-point link is the provider.
class OwnNetworks
{
public:
    OwnNetworks() = default;
    explicit OwnNetworks(const QList<InterfaceAddress> &interfaces);

    [[nodiscard]] bool hasAddress(const AddressBits &address) const;
    /// Whether the address is in a network that counts as neighbours: a shared link with an IPv4
    /// /24 to /30 or an IPv6 /64 to /126.
    [[nodiscard]] bool hasNeighbour(const AddressBits &address) const;
    /// The networks that do not count, if they hold public addresses; for the log.
    [[nodiscard]] const QList<OpenNetwork> &openNetworks() const { return m_open; }

    friend bool operator==(const OwnNetworks &, const OwnNetworks &) = default;

private:
    void addNetwork(const InterfaceAddress &entry);

    QList<AddressBits> m_addresses;
    QList<AddressBlock> m_local; ///< prefixes that belong to this machine entirely
    QList<AddressBlock> m_networks;
    QList<OpenNetwork> m_open;
};

} // namespace sami::policy
