// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/destinationrules.h"

#include "policy/specialaddresses.h"

#include <algorithm>

namespace sami::policy {

namespace {

/// Whether a listener bound to that address accepts every address of the family.
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
    : m_hasHostList(!rules.allowedHosts.isEmpty()), m_hostsMode(rules.hostsMode),
      m_allowedPorts(rules.allowedPorts), m_privateTargets(rules.privateTargets)
{
    for (const HostEntry &entry : rules.allowedHosts) {
        for (const HostPattern &pattern : entry.patterns()) {
            if (!m_allowedHosts.contains(pattern))
                m_allowedHosts.append(pattern);
        }
    }
}

bool DestinationRules::isHostListed(const Endpoint &destination) const
{
    if (!m_hasHostList)
        return true;
    const QByteArray name = HostPattern::canonical(destination.host);
    return std::any_of(m_allowedHosts.cbegin(), m_allowedHosts.cend(),
                       [&](const HostPattern &pattern) {
                           return pattern.matchesCanonical(name, destination.port);
                       });
}

Decision DestinationRules::checkName(const Endpoint &destination) const
{
    Decision decision;
    if (!isHostListed(destination)) {
        if (m_hostsMode == HostsMode::Enforce)
            return { Refusal::HostNotListed };
        decision.wouldRefuse = Refusal::HostNotListed;
    }
    const auto holdsPort = [&destination](const PortRange &range) {
        return range.contains(destination.port);
    };
    if (std::none_of(m_allowedPorts.cbegin(), m_allowedPorts.cend(), holdsPort))
        decision.refusal = Refusal::PortNotListed;
    return decision;
}

Decision DestinationRules::checkAddress(const QHostAddress &address, const OwnNetworks &own,
                                        const QHostAddress &reachedAt) const
{
    if (m_privateTargets.all || isListed(address))
        return {};
    const ReachableAddresses reachable = addressesReachedBy(address);
    const auto isOwn = [&](const AddressBits &reached) {
        return own.hasAddress(reached)
            || (!reachedAt.isNull() && reached == AddressBits::of(reachedAt));
    };
    if (std::any_of(reachable.begin(), reachable.end(), isOwn))
        return { Refusal::OwnAddress };
    const auto isInside = [&](const AddressBits &reached) {
        return isSpecialItself(reached) || own.hasNeighbour(reached);
    };
    if (std::any_of(reachable.begin(), reachable.end(), isInside))
        return { Refusal::PrivateTarget };
    return {};
}

Decision DestinationRules::checkLoop(const SocketAddress &destination,
                                     const SocketAddress &listener, const OwnNetworks &own,
                                     const QHostAddress &reachedAt)
{
    if (destination.port != listener.port)
        return {};
    QHostAddress address = unmapped(destination.address);
    // Connecting to the unspecified address reaches loopback.
    if (address == QHostAddress::AnyIPv4)
        address = QHostAddress(QHostAddress::LocalHost);
    else if (address == QHostAddress::AnyIPv6)
        address = QHostAddress(QHostAddress::LocalHostIPv6);

    const AddressBits bits = AddressBits::of(address);
    const auto isAt = [&bits](const QHostAddress &other) {
        return !other.isNull() && bits == AddressBits::of(other);
    };
    const QHostAddress bound = unmapped(listener.address);
    const bool leadsBack = isWildcardFor(address.protocol(), bound)
        ? address.isLoopback() || own.hasAddress(bits) || isAt(reachedAt)
        : isAt(bound);
    return leadsBack ? Decision { Refusal::Loop } : Decision {};
}

/// Looks only at the address itself, not at an IPv4 address embedded in it, except that Cidr treats
/// an IPv4-mapped address as IPv4.
bool DestinationRules::isListed(const QHostAddress &address) const
{
    const auto holds = [&address](const Cidr &range) { return range.contains(address); };
    return std::any_of(m_privateTargets.allowed.cbegin(), m_privateTargets.allowed.cend(), holds);
}

} // namespace sami::policy
