// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "policy/accessrules.h"
#include "policy/decision.h"

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
    /// port. A trailing dot of the name is ignored.
    [[nodiscard]] Decision checkName(const Endpoint &destination) const;
    /// ALLOW_PRIVATE_TARGETS: private, local and special addresses, their NAT64, 6to4, Teredo and
    /// mapped forms, and this machine's own addresses, in these forms too.
    [[nodiscard]] Decision checkAddress(const QHostAddress &address,
                                        const QList<QHostAddress> &ownAddresses) const;
    /// Whether `listener`, a wildcard or one of `ownAddresses`, would accept a connection to
    /// `destination`. No setting allows that: the request would come back here.
    [[nodiscard]] static Decision checkLoop(const SocketAddress &destination,
                                            const SocketAddress &listener,
                                            const QList<QHostAddress> &ownAddresses);

private:
    [[nodiscard]] bool isListed(const QHostAddress &address) const;

    QList<HostPattern> m_allowedHosts;
    QList<PortRange> m_allowedPorts;
    PrivateTargets m_privateTargets;
};

} // namespace sami::policy
