// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/ownnetworks.h"

#include "policy/specialaddresses.h"

#include <algorithm>

namespace sami::policy {

namespace {

/// The prefix lengths of networks that count as neighbours.
struct Lengths
{
    int widest;
    int narrowest; ///< a longer prefix has room for no neighbour
};
constexpr Lengths ipv4Lengths { 24, 30 };
constexpr Lengths ipv6Lengths { 64, 126 };

} // namespace

OwnNetworks::OwnNetworks(const QList<InterfaceAddress> &interfaces)
{
    for (const InterfaceAddress &entry : interfaces) {
        const AddressBits bits = AddressBits::of(entry.address);
        if (!m_addresses.contains(bits))
            m_addresses.append(bits);
        addNetwork(entry);
    }
}

void OwnNetworks::addNetwork(const InterfaceAddress &entry)
{
    const Cidr network = Cidr::around(entry.address, entry.prefixLength);
    if (network.network().isNull())
        return;
    const AddressBits first = AddressBits::of(network.network());
    const Lengths &lengths = first.isIpv4() ? ipv4Lengths : ipv6Lengths;
    const AddressBlock block { first, network.prefixLength() + (first.isIpv4() ? 96 : 0) };
    if (entry.link == LinkKind::Loopback) {
        if (block.length < 128 && !isSpecialThroughout(block) && !m_local.contains(block))
            m_local.append(block);
        return;
    }
    // Most networks are private, and refused anyway.
    if (network.prefixLength() > lengths.narrowest || isSpecialThroughout(block))
        return;
    if (entry.link == LinkKind::Shared && network.prefixLength() >= lengths.widest) {
        if (!m_networks.contains(block))
            m_networks.append(block);
        return;
    }
    const OpenNetwork open { network, entry.device };
    if (!m_open.contains(open))
        m_open.append(open);
}

bool OwnNetworks::hasAddress(const AddressBits &address) const
{
    return m_addresses.contains(address)
        || std::any_of(m_local.cbegin(), m_local.cend(),
                       [&address](const AddressBlock &block) { return block.contains(address); });
}

bool OwnNetworks::hasNeighbour(const AddressBits &address) const
{
    return std::any_of(m_networks.cbegin(), m_networks.cend(),
                       [&address](const AddressBlock &block) { return block.contains(address); });
}

} // namespace sami::policy
