// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/clientacl.h"

#include <algorithm>
#include <utility>

namespace sami::policy {

ClientAcl::ClientAcl(QList<ClientEntry> allowed, PrivateClients privateClients)
    : m_allowed(std::move(allowed)), m_privateClients(std::move(privateClients))
{}

Decision ClientAcl::check(const QHostAddress &client) const
{
    const auto holdsClient = [&](const ClientEntry &entry) {
        return entry.holds(client, m_privateClients);
    };
    if (m_allowed.isEmpty() || std::any_of(m_allowed.cbegin(), m_allowed.cend(), holdsClient))
        return {};
    return { Refusal::ClientNotListed };
}

} // namespace sami::policy
