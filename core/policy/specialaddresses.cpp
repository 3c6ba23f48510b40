// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// IANA's special-purpose registries row by row, in their order and with their names, plus what they
// lack.
//   https://www.iana.org/assignments/iana-ipv4-special-registry/
//   https://www.iana.org/assignments/iana-ipv6-special-registry/
//
// Rows that the registries call globally reachable are refused too, because none is a server's
// address. An anycast address (PCP, TURN, SRP, AMT, AS112) is answered by the nearest box, possibly
// in the local network; ORCHIDs and DETs are identifiers that only an overlay routes. The
// exceptions are rows that embed an IPv4 address: they are as special as that address.
#include "policy/specialaddresses.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace sami::policy {

namespace {

constexpr AddressBlock ipv4(quint32 a, quint32 b, quint32 c, quint32 d, int length)
{
    return { AddressBits::ofIpv4(a << 24 | b << 16 | c << 8 | d), 96 + length };
}

/// The groups in front of "::".
constexpr AddressBlock ipv6(std::initializer_list<quint64> groups, int length)
{
    AddressBlock block { {}, length };
    int place = 0;
    for (const quint64 group : groups) {
        quint64 &half = place < 4 ? block.first.high : block.first.low;
        half |= group << (48 - 16 * (place % 4));
        ++place;
    }
    return block;
}

constexpr std::array specialIpv4 {
    ipv4(0, 0, 0, 0, 8),          // "This network", RFC 791; 0.0.0.0 connects to loopback
    ipv4(0, 0, 0, 0, 32),         // "This host on this network", RFC 1122
    ipv4(10, 0, 0, 0, 8),         // Private-Use, RFC 1918
    ipv4(100, 64, 0, 0, 10),      // Shared Address Space (CGNAT), RFC 6598
    ipv4(127, 0, 0, 0, 8),        // Loopback, RFC 1122
    ipv4(169, 254, 0, 0, 16),     // Link Local, RFC 3927: cloud metadata
    ipv4(172, 16, 0, 0, 12),      // Private-Use, RFC 1918
    ipv4(192, 0, 0, 0, 24),       // IETF Protocol Assignments, RFC 6890
    ipv4(192, 0, 0, 0, 29),       // IPv4 Service Continuity Prefix, RFC 7335
    ipv4(192, 0, 0, 8, 32),       // IPv4 dummy address, RFC 7600
    ipv4(192, 0, 0, 9, 32),       // Port Control Protocol Anycast, RFC 7723
    ipv4(192, 0, 0, 10, 32),      // Traversal Using Relays around NAT Anycast, RFC 8155
    ipv4(192, 0, 0, 170, 32),     // NAT64/DNS64 Discovery, RFC 8880, RFC 7050
    ipv4(192, 0, 0, 171, 32),     // NAT64/DNS64 Discovery, RFC 8880, RFC 7050
    ipv4(192, 0, 2, 0, 24),       // Documentation (TEST-NET-1), RFC 5737
    ipv4(192, 31, 196, 0, 24),    // AS112-v4, RFC 7535
    ipv4(192, 52, 193, 0, 24),    // AMT, RFC 7450
    ipv4(192, 88, 99, 0, 24),     // Deprecated (6to4 Relay Anycast), RFC 7526
    ipv4(192, 88, 99, 2, 32),     // 6a44-relay anycast address, RFC 6751
    ipv4(192, 168, 0, 0, 16),     // Private-Use, RFC 1918
    ipv4(192, 175, 48, 0, 24),    // Direct Delegation AS112 Service, RFC 7534
    ipv4(198, 18, 0, 0, 15),      // Benchmarking, RFC 2544
    ipv4(198, 51, 100, 0, 24),    // Documentation (TEST-NET-2), RFC 5737
    ipv4(203, 0, 113, 0, 24),     // Documentation (TEST-NET-3), RFC 5737
    ipv4(240, 0, 0, 0, 4),        // Reserved, RFC 1112 §4
    ipv4(255, 255, 255, 255, 32), // Limited Broadcast, RFC 8190, RFC 919 §7
    // Not in the registry:
    ipv4(224, 0, 0, 0, 4), // Multicast, RFC 5771
    // Cloud agents at public addresses, which hand each machine its own secrets. Other agents are
    // at link-local, shared or unique-local addresses, covered above. A cloud's private endpoints
    // for its services (Google's 199.36.153.4/30 and .8/30, IBM's 166.8.0.0/14) are not listed:
    // they serve models.
    ipv4(168, 63, 129, 16, 32), // Azure: WireServer
    ipv4(192, 80, 8, 124, 32),  // Packet, Equinix Metal: metadata
};

/// The space that IANA allocates for routing (RFC 4291 §2.4 and the IPv6 address space registry).
/// Everything outside counts as special, so a range that IANA sets aside there is covered already.
constexpr AddressBlock globalUnicast = ipv6({ 0x2000 }, 3);

constexpr AddressBlock nat64 = ipv6({ 0x64, 0xff9b }, 96); // IPv4-IPv6 Translat., RFC 6052
constexpr AddressBlock teredo = ipv6({ 0x2001, 0 }, 32);   // TEREDO, RFC 4380
constexpr AddressBlock sixToFour = ipv6({ 0x2002 }, 16);   // 6to4, RFC 3056
/// As special as the IPv4 addresses in them.
constexpr std::array translators { nat64, teredo, sixToFour };

// In no registry, and never public: deprecated by RFC 4291 §2.5.5.1, and from RFC 2765 §2.1, which
// RFC 6145 made obsolete.
constexpr AddressBlock ipv4Compatible = ipv6({}, 96);
constexpr AddressBlock ipv4Translated = ipv6({ 0, 0, 0, 0, 0xffff }, 96);

// "IPv4-mapped Address" (RFC 4291) needs no row: AddressBits treats it as the IPv4 address.
constexpr std::array specialIpv6 {
    ipv6({ 0, 0, 0, 0, 0, 0, 0, 1 }, 128),      // Loopback Address, RFC 4291
    ipv6({}, 128),                              // Unspecified Address, RFC 4291
    ipv6({ 0x64, 0xff9b, 1 }, 48),              // IPv4-IPv6 Translat., local use, RFC 8215
    ipv6({ 0x100 }, 64),                        // Discard-Only Address Block, RFC 6666
    ipv6({ 0x100, 0, 0, 1 }, 64),               // Dummy IPv6 Prefix, RFC 9780
    ipv6({ 0x2001 }, 23),                       // IETF Protocol Assignments, RFC 2928
    ipv6({ 0x2001, 1, 0, 0, 0, 0, 0, 1 }, 128), // Port Control Protocol Anycast, RFC 7723
    ipv6({ 0x2001, 1, 0, 0, 0, 0, 0, 2 }, 128), // TURN Anycast, RFC 8155
    ipv6({ 0x2001, 1, 0, 0, 0, 0, 0, 3 }, 128), // DNS-SD SRP Anycast, RFC 9665
    ipv6({ 0x2001, 2, 0 }, 48),                 // Benchmarking, RFC 5180
    ipv6({ 0x2001, 3 }, 32),                    // AMT, RFC 7450
    ipv6({ 0x2001, 4, 0x112 }, 48),             // AS112-v6, RFC 7535
    ipv6({ 0x2001, 0x10 }, 28),                 // Deprecated (previously ORCHID), RFC 4843
    ipv6({ 0x2001, 0x20 }, 28),                 // ORCHIDv2, RFC 7343
    ipv6({ 0x2001, 0x30 }, 28),                 // Drone Remote ID Protocol Entity Tags, RFC 9374
    ipv6({ 0x2001, 0xdb8 }, 32),                // Documentation, RFC 3849
    ipv6({ 0x2620, 0x4f, 0x8000 }, 48),         // Direct Delegation AS112 Service, RFC 7534
    ipv6({ 0x3fff }, 20),                       // Documentation, RFC 9637
    ipv6({ 0x5f00 }, 16),                       // Segment Routing (SRv6) SIDs, RFC 9602
    ipv6({ 0xfc00 }, 7),                        // Unique-Local, RFC 4193
    ipv6({ 0xfe80 }, 10),                       // Link-Local Unicast, RFC 4291
    // Not in the registry:
    ipv6({ 0xfec0 }, 10), // site-local, deprecated by RFC 3879
    ipv6({ 0xff00 }, 8),  // multicast, RFC 4291 §2.7
    ipv4Compatible,
    ipv4Translated,
};

/// The first is for benchmarks in laboratories, the second is in the unassigned half of
/// unique-local (RFC 4193 §3.1). So a name resolves to either only through such a program.
constexpr std::array fakeAddresses { ipv4(198, 18, 0, 0, 15), ipv6({ 0xfc00 }, 18) };

/// The IPv4 address in the two groups from `place`.
quint32 ipv4At(const AddressBits &address, int place)
{
    return address.group(place) << 16 | address.group(place + 1);
}

template <typename Table> bool hold(const Table &table, const AddressBlock &range)
{
    return std::any_of(table.begin(), table.end(),
                       [&range](const AddressBlock &row) { return row.contains(range); });
}

} // namespace

ReachableAddresses addressesReachedBy(const QHostAddress &address)
{
    const AddressBits bits = AddressBits::of(address);
    ReachableAddresses found { bits };
    if (bits.isIpv4())
        return found;
    const auto append = [&found](quint32 inner) { found.append(AddressBits::ofIpv4(inner)); };
    if (nat64.contains(bits) || ipv4Compatible.contains(bits) || ipv4Translated.contains(bits))
        append(ipv4At(bits, 6));
    if (sixToFour.contains(bits))
        append(ipv4At(bits, 1));  // RFC 3056 §2
    if (teredo.contains(bits)) {  // RFC 4380 §4
        append(ipv4At(bits, 2));  // the server
        append(~ipv4At(bits, 6)); // the client, inverted
    }
    // ISATAP interface identifier under any prefix, RFC 5214 §6.1
    if ((bits.group(4) == 0 || bits.group(4) == 0x0200) && bits.group(5) == 0x5efe)
        append(ipv4At(bits, 6));
    return found;
}

bool isSpecialItself(const AddressBits &address)
{
    return isSpecialThroughout({ address, 128 });
}

bool isSpecialThroughout(const AddressBlock &range)
{
    if (range.length >= 96 && range.first.isIpv4())
        return hold(specialIpv4, range);
    const auto overlaps = [&range](const AddressBlock &block) {
        return block.contains(range) || range.contains(block);
    };
    if (std::any_of(translators.begin(), translators.end(), overlaps))
        return false;
    return !overlaps(globalUnicast) || hold(specialIpv6, range);
}

bool isFakeAddress(const QHostAddress &address)
{
    const AddressBits bits = AddressBits::of(address);
    return std::any_of(fakeAddresses.begin(), fakeAddresses.end(),
                       [&bits](const AddressBlock &block) { return block.contains(bits); });
}

bool isSpecial(const QHostAddress &address)
{
    const ReachableAddresses reachable = addressesReachedBy(address);
    return std::any_of(reachable.begin(), reachable.end(), isSpecialItself);
}

} // namespace sami::policy
