// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/clientacl.h"

#include "base/endpoint.h"

#include <algorithm>
#include <utility>

namespace sami::policy {

ClientAcl::ClientAcl(QList<ClientEntry> allowed, PrivateClients privateClients)
    : m_allowed(std::move(allowed)), m_privateClients(std::move(privateClients))
{}

Decision ClientAcl::check(const Caller &client) const
{
    const bool isByHeader = client.known == Caller::Known::ByHeader;
    const bool isLoopback = isByHeader && unmapped(client.address).isLoopback();
    const bool isHere = isByHeader && m_privateClients.isThisMachine(client.address);
    const auto holdsClient = [&](const ClientEntry &entry) {
        if (isLoopback || (isHere && entry.isPrivate()))
            return false;
        return entry.holds(client.address, m_privateClients);
    };
    if (m_allowed.isEmpty() || std::any_of(m_allowed.cbegin(), m_allowed.cend(), holdsClient))
        return {};
    return { Refusal::ClientNotListed };
}

} // namespace sami::policy
