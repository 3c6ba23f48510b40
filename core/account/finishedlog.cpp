// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/finishedlog.h"

#include <algorithm>

namespace sami::account {

void FinishedLog::closed(const FinishedWork &work)
{
    if (work.isOwn)
        return;
    const std::lock_guard lock(m_mutex);
    ++m_total;
    if (m_ring.size() < capacity) {
        m_ring.append(work);
        return;
    }
    m_ring[m_next] = work;
    m_next = (m_next + 1) % capacity;
}

QList<FinishedWork> FinishedLog::recent() const
{
    const std::lock_guard lock(m_mutex);
    QList<FinishedWork> rows = m_ring;
    std::rotate(rows.begin(), rows.begin() + m_next, rows.end());
    return rows;
}

quint64 FinishedLog::total() const
{
    const std::lock_guard lock(m_mutex);
    return m_total;
}

} // namespace sami::account
