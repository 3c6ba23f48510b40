// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "policy/accessrules.h"
#include "policy/decision.h"
#include "policy/ownnetworks.h"

#include <QHostAddress>
#include <QList>

namespace sami::policy {

/// Decides where requests may go. Name and port are checked before DNS, and every address after it:
/// only an address that passed is dialled.
class DestinationRules
{
public:
    explicit DestinationRules(const AccessRules &rules = {});

    /// ALLOWED_HOSTS and ALLOWED_PORTS: both must allow the destination, even if a host entry names
    /// a port. Ignores the name's trailing dot. With ALLOWED_HOSTS_MODE=report an unlisted host
    /// passes, and Decision::wouldRefuse reports it.
    [[nodiscard]] Decision checkName(const Endpoint &destination) const;
    /// ALLOW_PRIVATE_TARGETS: private, local and special addresses, this machine's and its
    /// neighbours' addresses, and the mapped, NAT64, 6to4 and Teredo forms of all of these.
    /// `reachedAt` is the address at which the client reached this machine; it counts as ours even
    /// if no interface has it.
    [[nodiscard]] Decision checkAddress(const QHostAddress &address, const OwnNetworks &own,
                                        const QHostAddress &reachedAt = {}) const;
    /// Whether `listener`, a wildcard or one of our addresses, would accept a connection to
    /// `destination`. No setting allows that: the request would come back here.
    [[nodiscard]] static Decision checkLoop(const SocketAddress &destination,
                                            const SocketAddress &listener, const OwnNetworks &own,
                                            const QHostAddress &reachedAt = {});

private:
    [[nodiscard]] bool isHostListed(const Endpoint &destination) const;
    [[nodiscard]] bool isListed(const QHostAddress &address) const;

    QList<HostPattern> m_allowedHosts; ///< presets expanded to their hosts
    bool m_hasHostList = false;        ///< if not, every host is listed
    HostsMode m_hostsMode = HostsMode::Enforce;
    QList<PortRange> m_allowedPorts;
    PrivateTargets m_privateTargets;
};

} // namespace sami::policy
