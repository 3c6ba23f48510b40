// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/exposure.h"

#include "base/endpoint.h"
#include "policy/addressbits.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace sami::config {

namespace {

using policy::AddressBits;
using policy::AddressBlock;
using policy::Cidr;

/// An address family, and the ranges that no client from the internet has (IANA's special-purpose
/// registries): a list that lacks only these still admits everybody.
struct Space
{
    AddressBlock all;
    std::initializer_list<const char *> notPublic;
};

const Space ipv4Space { { AddressBits::ofIpv4(0), 96 },
                        { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
                          "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
                          "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                          "203.0.113.0/24", "224.0.0.0/3" } };
const Space ipv6Space { { { 0x2000'0000'0000'0000, 0 }, 3 }, // all that IANA allocates
                        { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" } };

AddressBlock blockOf(const Cidr &range)
{
    const AddressBits first = AddressBits::of(range.network());
    return { first, range.prefixLength() + (first.isIpv4() ? 96 : 0) };
}

/// Whether the parts, each of which overlaps the block, cover it together. Recurses into both
/// halves, each with the parts that overlap it.
bool isCovered(const AddressBlock &block, const QList<AddressBlock> &parts)
{
    if (std::any_of(parts.cbegin(), parts.cend(),
                    [&block](const AddressBlock &part) { return part.contains(block); }))
        return true;
    if (parts.isEmpty() || block.length == 128)
        return false;
    AddressBlock upper { block.first, block.length + 1 };
    const int bit = block.length;
    (bit < 64 ? upper.first.high : upper.first.low) |= quint64(1) << (63 - bit % 64);
    for (const AddressBlock &half : { AddressBlock { block.first, block.length + 1 }, upper }) {
        QList<AddressBlock> within;
        std::copy_if(parts.cbegin(), parts.cend(), std::back_inserter(within),
                     [&half](const AddressBlock &part) { return half.contains(part); });
        if (!isCovered(half, within))
            return false;
    }
    return true;
}

bool holdsAllOf(const Space &space, const QList<policy::ClientEntry> &entries)
{
    QList<AddressBlock> parts;
    // A range of one family admits no client of the other, though ::/0 contains mapped addresses.
    const auto add = [&](const AddressBlock &block) {
        if (block.first.isIpv4() == space.all.first.isIpv4()
            && (block.contains(space.all) || space.all.contains(block)))
            parts.append(block);
    };
    for (const policy::ClientEntry &entry : entries) {
        if (!entry.isPrivate() && !entry.range().network().isNull())
            add(blockOf(entry.range()));
    }
    // Only non-public ranges: nothing to check.
    if (parts.isEmpty())
        return false;
    for (const char *range : space.notPublic)
        add(blockOf(Cidr::parse(range).value()));
    return isCovered(space.all, parts);
}

} // namespace

QHostAddress addressFromHere(const QHostAddress &listening)
{
    if (listening == QHostAddress(QHostAddress::AnyIPv4)
        || listening == QHostAddress(QHostAddress::Any))
        return QHostAddress(QHostAddress::LocalHost);
    if (listening == QHostAddress(QHostAddress::AnyIPv6))
        return QHostAddress(QHostAddress::LocalHostIPv6);
    return listening;
}

bool listensOnLoopbackOnly(const Settings &settings)
{
    return unmapped(settings.listen.address).isLoopback();
}

bool asksForPassword(const Settings &settings)
{
    return settings.access.credentials || !settings.users.file.isEmpty();
}

bool isOpenToEveryone(const Settings &settings)
{
    if (listensOnLoopbackOnly(settings) || asksForPassword(settings))
        return false;
    const QList<policy::ClientEntry> &allowed = settings.access.allowedClients;
    return allowed.isEmpty() || holdsAllOf(ipv4Space, allowed) || holdsAllOf(ipv6Space, allowed);
}

bool speaksSocks5(const Settings &settings)
{
    return settings.door.socks5.value_or(listensOnLoopbackOnly(settings)
                                         || asksForPassword(settings));
}

bool speaksTls(const Settings &settings)
{
#ifdef Q_OS_LINUX
    return settings.tls.mode != TlsMode::Off
        && (!settings.tls.certificateFile.isEmpty() || !settings.state.folder.isEmpty());
#else
    Q_UNUSED(settings)
    return false;
#endif
}

bool comesFromBalancer(const Settings &settings, const QHostAddress &peer)
{
    return policy::Balancers(settings.access.balancers).contains(peer);
}

bool reliesOnPrivate(const Settings &settings)
{
    const QList<policy::ClientEntry> &allowed = settings.access.allowedClients;
    return !listensOnLoopbackOnly(settings) && !asksForPassword(settings)
        && std::any_of(allowed.cbegin(), allowed.cend(),
                       [](const policy::ClientEntry &entry) { return entry.isPrivate(); });
}

} // namespace sami::config
