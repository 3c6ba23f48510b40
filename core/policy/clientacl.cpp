// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/clientacl.h"

#include <algorithm>

namespace sami::policy {

ClientAcl::ClientAcl(QList<Cidr> allowed) : m_allowed(std::move(allowed)) {}

Decision ClientAcl::check(const QHostAddress &client) const
{
    const auto holdsClient = [&client](const Cidr &range) { return range.contains(client); };
    if (m_allowed.isEmpty() || std::any_of(m_allowed.cbegin(), m_allowed.cend(), holdsClient))
        return {};
    return { Refusal::ClientNotListed };
}

} // namespace sami::policy
