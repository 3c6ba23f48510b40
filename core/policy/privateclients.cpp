// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/privateclients.h"

#include "base/endpoint.h"

#include <algorithm>
#include <array>

namespace sami::policy {

namespace {

constexpr AddressBlock ipv4Block(quint32 address, int length)
{
    return { AddressBits::ofIpv4(address), length + 96 };
}

constexpr AddressBlock sharedBlock = ipv4Block(0x64400000, 10); // RFC 6598

constexpr std::array privateBlocks {
    ipv4Block(0x7f000000, 8), // RFC 1122 §3.2.1.3
    ipv4Block(0x0a000000, 8), // RFC 1918
    ipv4Block(0xac100000, 12),
    ipv4Block(0xc0a80000, 16),
    ipv4Block(0xa9fe0000, 16),                         // RFC 3927
    AddressBlock { { 0, 1 }, 128 },                    // RFC 4291 §2.5.3
    AddressBlock { { 0xfc00'0000'0000'0000, 0 }, 7 },  // RFC 4193
    AddressBlock { { 0xfe80'0000'0000'0000, 0 }, 10 }, // RFC 4291 §2.5.6
};

} // namespace

PrivateClients::PrivateClients(const QList<InterfaceAddress> &interfaces,
                               const Surroundings &surroundings)
    : m_isCertain(surroundings.isCertain)
{
    for (const InterfaceAddress &entry : interfaces) {
        if (entry.link == LinkKind::Loopback)
            continue;
        const AddressBits bits = AddressBits::of(entry.address);
        m_own.append(bits);
        m_holdsShared = m_holdsShared || sharedBlock.contains(bits);
        if (surroundings.isContainer && !m_forwarders.contains(bits))
            m_forwarders.append(bits);
    }
    if (!surroundings.isContainer)
        return;
    for (const QHostAddress &gateway : surroundings.gateways)
        m_forwarders.append(AddressBits::of(gateway));
}

bool PrivateClients::isThisMachine(const QHostAddress &address) const
{
    const QHostAddress plain = unmapped(address);
    return plain.isLoopback() || m_own.contains(AddressBits::of(plain));
}

bool PrivateClients::contains(const QHostAddress &client) const
{
    if (client.isNull())
        return false;
    const AddressBits bits = AddressBits::of(unmapped(client));
    if (m_forwarders.contains(bits))
        return false;
    return (m_holdsShared && sharedBlock.contains(bits))
        || std::any_of(privateBlocks.begin(), privateBlocks.end(),
                       [&bits](const AddressBlock &block) { return block.contains(bits); });
}

} // namespace sami::policy
