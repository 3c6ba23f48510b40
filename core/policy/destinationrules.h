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

/// Where requests may go. The name and port are judged before DNS, every address after it: only
/// an address that passed is ever dialled.
class DestinationRules
{
public:
    explicit DestinationRules(const AccessRules &rules = {});

    /// ALLOWED_HOSTS and ALLOWED_PORTS: both must allow it, also where a host entry names a
    /// port. A trailing dot of the name is ignored. With ALLOWED_HOSTS_MODE=report a host that is
    /// not listed passes that list, and Decision::wouldRefuse says so.
    [[nodiscard]] Decision checkName(const Endpoint &destination) const;
    /// ALLOW_PRIVATE_TARGETS: private, local and special addresses, this machine's own and those of
    /// its neighbours, and the mapped, NAT64, 6to4 and Teredo forms of all of them. `reachedAt` is
    /// where the client reached this machine: its own too, known to an interface or not.
    [[nodiscard]] Decision checkAddress(const QHostAddress &address, const OwnNetworks &own,
                                        const QHostAddress &reachedAt = {}) const;
    /// Whether `listener`, a wildcard or one of the own addresses, would accept a connection to
    /// `destination`. No setting allows that: the request would come back here.
    [[nodiscard]] static Decision checkLoop(const SocketAddress &destination,
                                            const SocketAddress &listener, const OwnNetworks &own,
                                            const QHostAddress &reachedAt = {});

private:
    [[nodiscard]] bool isHostListed(const Endpoint &destination) const;
    [[nodiscard]] bool isListed(const QHostAddress &address) const;

    QList<HostPattern> m_allowedHosts; ///< the presets as their hosts
    bool m_hasHostList = false;        ///< else every host is listed
    HostsMode m_hostsMode = HostsMode::Enforce;
    QList<PortRange> m_allowedPorts;
    PrivateTargets m_privateTargets;
};

} // namespace sami::policy
