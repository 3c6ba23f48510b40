// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "policy/addressbits.h"
#include "policy/cidr.h"

#include <QByteArray>
#include <QList>

namespace sami::policy {

/// A network that an interface is in and whose public addresses may be reached all the same.
struct OpenNetwork
{
    Cidr network;
    QByteArray device;
    friend bool operator==(const OpenNetwork &, const OpenNetwork &) = default;
};

/// This machine's addresses and the networks it stands in, as the address rules ask for them. A
/// value, made once for each change of an interface.
///
/// A neighbour with a public address is as much inside as one with a private address. Not every
/// prefix names neighbours: a provider gives its customers addresses out of one wide network, and
/// the other end of a point-to-point link is the provider.
class OwnNetworks
{
public:
    OwnNetworks() = default;
    explicit OwnNetworks(const QList<InterfaceAddress> &interfaces);

    [[nodiscard]] bool hasAddress(const AddressBits &address) const;
    /// Whether the address is in one of the networks that count: shared links, IPv4 /24 to /30,
    /// IPv6 /64 to /126.
    [[nodiscard]] bool hasNeighbour(const AddressBits &address) const;
    /// The others, as far as they hold public addresses; for the log.
    [[nodiscard]] const QList<OpenNetwork> &openNetworks() const { return m_open; }

    friend bool operator==(const OwnNetworks &, const OwnNetworks &) = default;

private:
    void addNetwork(const InterfaceAddress &entry);

    QList<AddressBits> m_addresses;
    QList<AddressBlock> m_local; ///< prefixes that are this machine as a whole
    QList<AddressBlock> m_networks;
    QList<OpenNetwork> m_open;
};

} // namespace sami::policy
