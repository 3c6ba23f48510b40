// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/pendingoctets.h"

#include "base/heapcost.h"
#include "net/pendingbudget.h"

#include <utility>

namespace sami::net {

void PendingOctets::append(QByteArrayView octets, PendingBudget &budget)
{
    const qsizetype before = heapCost(m_octets);
    m_octets.remove(0, std::exchange(m_taken, 0));
    m_octets.append(octets);
    budget.count(heapCost(m_octets) - before);
}

void PendingOctets::clear(PendingBudget &budget)
{
    if (m_octets.capacity() > 0)
        budget.count(-heapCost(std::exchange(m_octets, {})));
    m_taken = 0;
}

} // namespace sami::net
