// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/destinationrules.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sami::policy {

namespace {

struct Ipv4Range
{
    quint32 network;
    int prefixLength;
};

/// What the public internet does not route to (RFC 6890 and the IANA special-purpose registry).
constexpr std::array specialIpv4 {
    Ipv4Range { 0x00000000, 8 },  // 0.0.0.0/8 "this network"; 0.0.0.0 connects to loopback
    Ipv4Range { 0x0a000000, 8 },  // 10.0.0.0/8 private, RFC 1918
    Ipv4Range { 0x64400000, 10 }, // 100.64.0.0/10 CGNAT, RFC 6598
    Ipv4Range { 0x7f000000, 8 },  // 127.0.0.0/8 loopback
    Ipv4Range { 0xa9fe0000, 16 }, // 169.254.0.0/16 link-local: cloud metadata
    Ipv4Range { 0xac100000, 12 }, // 172.16.0.0/12 private
    Ipv4Range { 0xc0000000, 24 }, // 192.0.0.0/24 IETF protocol assignments
    Ipv4Range { 0xc0a80000, 16 }, // 192.168.0.0/16 private
    Ipv4Range { 0xc6120000, 15 }, // 198.18.0.0/15 benchmarking, RFC 2544
    Ipv4Range { 0xe0000000, 4 },  // 224.0.0.0/4 multicast
    Ipv4Range { 0xf0000000, 4 },  // 240.0.0.0/4 reserved, and 255.255.255.255
};

bool isSpecialIpv4(quint32 address)
{
    return std::any_of(specialIpv4.begin(), specialIpv4.end(), [address](const Ipv4Range &range) {
        return address >> (32 - range.prefixLength) == range.network >> (32 - range.prefixLength);
    });
}

/// The 16-bit group at that place, 0 to 7.
quint32 group(const Q_IPV6ADDR &bytes, int place)
{
    return quint32(bytes[2 * place]) << 8 | bytes[2 * place + 1];
}

/// The IPv4 address in two groups.
quint32 ipv4At(const Q_IPV6ADDR &bytes, int place)
{
    return group(bytes, place) << 16 | group(bytes, place + 1);
}

bool areZero(const Q_IPV6ADDR &bytes, int firstGroup, int lastGroup)
{
    for (int place = firstGroup; place <= lastGroup; ++place) {
        if (group(bytes, place) != 0)
            return false;
    }
    return true;
}

/// The IPv4 addresses that an IPv6 address would lead to, if some translator or tunnel on the way
/// unpacks it.
QList<quint32> embeddedIpv4(const Q_IPV6ADDR &bytes)
{
    QList<quint32> found;
    if (areZero(bytes, 0, 4) && group(bytes, 5) == 0xffff) // ::ffff:0:0/96, RFC 4291 §2.5.5.2
        found.append(ipv4At(bytes, 6));
    if (areZero(bytes, 0, 5)) // ::/96 IPv4-compatible, RFC 4291 §2.5.5.1
        found.append(ipv4At(bytes, 6));
    if (areZero(bytes, 0, 3) && group(bytes, 4) == 0xffff && group(bytes, 5) == 0)
        found.append(ipv4At(bytes, 6)); // ::ffff:0:0:0/96 IPv4-translated, RFC 2765 §2.1
    if (group(bytes, 0) == 0x64 && group(bytes, 1) == 0xff9b && areZero(bytes, 2, 5))
        found.append(ipv4At(bytes, 6)); // 64:ff9b::/96 NAT64, RFC 6052 §2.1
    if (group(bytes, 0) == 0x2002)      // 6to4, RFC 3056 §2
        found.append(ipv4At(bytes, 1));
    if (group(bytes, 0) == 0x2001 && group(bytes, 1) == 0) { // Teredo, RFC 4380 §4
        found.append(ipv4At(bytes, 2));                      // the server
        found.append(~ipv4At(bytes, 6));                     // the client, inverted
    }
    // ISATAP interface identifier below any prefix, RFC 5214 §6.1
    if ((group(bytes, 4) == 0 || group(bytes, 4) == 0x0200) && group(bytes, 5) == 0x5efe)
        found.append(ipv4At(bytes, 6));
    return found;
}

bool isSpecialIpv6(const Q_IPV6ADDR &bytes)
{
    const quint32 top = group(bytes, 0);
    if (areZero(bytes, 0, 5)) // ::, ::1 and the IPv4-compatible forms, deprecated since RFC 4291
        return true;
    if (top == 0x64 && group(bytes, 1) == 0xff9b && group(bytes, 2) == 1)
        return true; // 64:ff9b:1::/48 local-use NAT64, RFC 8215: leads wherever the site says
    return (top & 0xfe00) == 0xfc00  // fc00::/7 unique local
        || (top & 0xffc0) == 0xfe80  // fe80::/10 link-local
        || (top & 0xffc0) == 0xfec0  // fec0::/10 site-local, deprecated by RFC 3879
        || (top & 0xff00) == 0xff00; // ff00::/8 multicast
}

/// As ranges of one: an interface's address may carry a zone.
bool holds(const QList<QHostAddress> &list, const QHostAddress &address)
{
    return std::any_of(list.cbegin(), list.cend(), [&address](const QHostAddress &entry) {
        return Cidr::host(entry).contains(address);
    });
}

/// Whether a listener that is bound there has every address of the family.
bool isWildcardFor(QAbstractSocket::NetworkLayerProtocol family, const QHostAddress &bound)
{
    if (bound == QHostAddress::Any)
        return true;
    return bound
        == (family == QAbstractSocket::IPv4Protocol ? QHostAddress::AnyIPv4
                                                    : QHostAddress::AnyIPv6);
}

} // namespace

DestinationRules::DestinationRules(const AccessRules &rules)
    : m_allowedHosts(rules.allowedHosts), m_allowedPorts(rules.allowedPorts),
      m_privateTargets(rules.privateTargets)
{}

Decision DestinationRules::checkName(const Endpoint &destination) const
{
    const auto matches = [&destination](const HostPattern &pattern) {
        return pattern.matches(destination.host, destination.port);
    };
    if (!m_allowedHosts.isEmpty()
        && std::none_of(m_allowedHosts.cbegin(), m_allowedHosts.cend(), matches))
        return { Refusal::HostNotListed };
    const auto holdsPort = [&destination](const PortRange &range) {
        return range.contains(destination.port);
    };
    if (std::none_of(m_allowedPorts.cbegin(), m_allowedPorts.cend(), holdsPort))
        return { Refusal::PortNotListed };
    return {};
}

Decision DestinationRules::checkAddress(const QHostAddress &address,
                                        const QList<QHostAddress> &ownAddresses) const
{
    if (m_privateTargets.all || isListed(address))
        return {};
    QList<QHostAddress> meanings { unmapped(address) };
    if (address.protocol() == QAbstractSocket::IPv6Protocol) {
        for (const quint32 inner : embeddedIpv4(address.toIPv6Address()))
            meanings.append(QHostAddress(inner));
    }
    for (const QHostAddress &meaning : std::as_const(meanings)) {
        if (holds(ownAddresses, meaning))
            return { Refusal::OwnAddress };
    }
    return isSpecial(address) ? Decision { Refusal::PrivateTarget } : Decision {};
}

Decision DestinationRules::checkLoop(const SocketAddress &destination,
                                     const SocketAddress &listener,
                                     const QList<QHostAddress> &ownAddresses)
{
    if (destination.port != listener.port)
        return {};
    QHostAddress address = unmapped(destination.address);
    // A connection to the unspecified address is one to loopback.
    if (address == QHostAddress::AnyIPv4)
        address = QHostAddress(QHostAddress::LocalHost);
    else if (address == QHostAddress::AnyIPv6)
        address = QHostAddress(QHostAddress::LocalHostIPv6);

    const QHostAddress bound = unmapped(listener.address);
    const bool leadsBack = isWildcardFor(address.protocol(), bound)
        ? address.isLoopback() || holds(ownAddresses, address)
        : holds({ bound }, address);
    return leadsBack ? Decision { Refusal::Loop } : Decision {};
}

bool DestinationRules::isSpecial(const QHostAddress &address)
{
    const QHostAddress plain = unmapped(address);
    switch (plain.protocol()) {
    case QAbstractSocket::IPv4Protocol:
        return isSpecialIpv4(plain.toIPv4Address());
    case QAbstractSocket::IPv6Protocol: {
        const Q_IPV6ADDR bytes = plain.toIPv6Address();
        const QList<quint32> inner = embeddedIpv4(bytes);
        return isSpecialIpv6(bytes) || std::any_of(inner.cbegin(), inner.cend(), isSpecialIpv4);
    }
    default:
        return true; // no address at all: nothing to dial
    }
}

/// Asked with the address itself; Cidr takes an IPv4-mapped one for the IPv4 address inside.
bool DestinationRules::isListed(const QHostAddress &address) const
{
    const auto holds = [&address](const Cidr &range) { return range.contains(address); };
    return std::any_of(m_privateTargets.allowed.cbegin(), m_privateTargets.allowed.cend(), holds);
}

} // namespace sami::policy
