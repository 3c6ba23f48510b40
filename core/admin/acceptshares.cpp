// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/acceptshares.h"

#include "base/endpoint.h"

namespace sami::admin {

bool AcceptShares::serves(const QHostAddress &from)
{
    ++m_looked;
    if (!from.isNull()) {
        const QHostAddress network = clientNetwork(unmapped(from));
        if (m_served >= ofAll && m_servedOf.value(network) >= few)
            return false;
        ++m_servedOf[network];
    }
    ++m_served;
    return true;
}

} // namespace sami::admin
