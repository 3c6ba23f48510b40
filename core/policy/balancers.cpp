// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/balancers.h"

#include <algorithm>
#include <array>

namespace sami::policy {

using namespace Qt::StringLiterals;

namespace {

constexpr int mappedLength = 96; ///< prefix shared by all IPv4 addresses as AddressBits

constexpr std::array loopbackBlocks {
    AddressBlock { AddressBits::ofIpv4(0x7f000000), 8 + mappedLength }, // RFC 1122 §3.2.1.3
    AddressBlock { { 0, 1 }, 128 },                                     // RFC 4291 §2.5.3
};

AddressBlock blockOf(const Cidr &range)
{
    const AddressBits first = AddressBits::of(range.network());
    return { first, range.prefixLength() + (first.isIpv4() ? mappedLength : 0) };
}

bool holdsLoopback(const AddressBlock &block)
{
    return std::any_of(loopbackBlocks.begin(), loopbackBlocks.end(),
                       [&block](const AddressBlock &loopback) {
                           return block.contains(loopback) || loopback.contains(block);
                       });
}

} // namespace

Result<BalancerEntry, QString> BalancerEntry::parse(QByteArrayView text)
{
    auto range = Cidr::parse(text);
    if (!range)
        return Unexpected(range.error());
    if (range->prefixLength() == 0) {
        return Unexpected(u"is everybody, and a client listed here can claim any address; "
                          "write the balancers' own addresses"_s);
    }
    if (holdsLoopback(blockOf(*range))) {
        return Unexpected(u"holds loopback, by which every program of this machine could claim any "
                          "address; let a balancer on this machine connect to another of its "
                          "addresses and write that one here"_s);
    }
    return BalancerEntry { std::move(range).value() };
}

Balancers::Balancers(const QList<BalancerEntry> &entries)
{
    for (const BalancerEntry &entry : entries)
        m_blocks.append(blockOf(entry.range));
}

bool Balancers::contains(const QHostAddress &peer) const
{
    if (m_blocks.isEmpty() || peer.isNull())
        return false;
    const AddressBits bits = AddressBits::of(peer);
    return std::any_of(m_blocks.cbegin(), m_blocks.cend(),
                       [&bits](const AddressBlock &block) { return block.contains(bits); });
}

} // namespace sami::policy
