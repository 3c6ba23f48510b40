// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "policy/authenticator.h"
#include "policy/balancers.h"
#include "policy/clientacl.h"
#include "policy/destinationrules.h"

namespace sami::policy {

/// The immutable deciders for one set of rules, made once per applied settings and shared by all
/// workers. Anything stateful (BruteForceGuard) is kept elsewhere.
class AccessPolicy
{
public:
    explicit AccessPolicy(const AccessRules &rules = {}, const PrivateClients &privateClients = {})
        : m_balancers(rules.balancers), m_clients(rules.allowedClients, privateClients),
          m_authenticator(rules.credentials), m_destinations(rules)
    {}

    [[nodiscard]] const Balancers &balancers() const { return m_balancers; }
    [[nodiscard]] const ClientAcl &clients() const { return m_clients; }
    [[nodiscard]] const Authenticator &authenticator() const { return m_authenticator; }
    [[nodiscard]] const DestinationRules &destinations() const { return m_destinations; }

private:
    Balancers m_balancers;
    ClientAcl m_clients;
    Authenticator m_authenticator;
    DestinationRules m_destinations;
};

} // namespace sami::policy
