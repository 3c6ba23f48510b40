// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/finishedlog.h"

#include <algorithm>
#include <utility>

namespace sami::account {

void FinishedLog::closed(const FinishedWork &work)
{
    if (work.isOwn)
        return;
    const std::lock_guard lock(m_mutex);
    ++m_total;
    qsizetype place = m_ring.size();
    if (place < capacity) {
        m_ring.append(work);
    } else {
        place = std::exchange(m_next, (m_next + 1) % capacity);
        m_ring[place] = work;
    }
    m_ring[place].number = m_total;
}

QList<FinishedWork> FinishedLog::recent() const
{
    const std::lock_guard lock(m_mutex);
    QList<FinishedWork> rows = m_ring;
    std::rotate(rows.begin(), rows.begin() + m_next, rows.end());
    return rows;
}

QList<FinishedWork> FinishedLog::between(quint64 from, quint64 to) const
{
    const std::lock_guard lock(m_mutex);
    const quint64 lost = m_total - quint64(m_ring.size());
    QList<FinishedWork> rows;
    for (quint64 number = std::max(from, lost); number < std::min(to, m_total); ++number)
        rows.append(m_ring[(m_next + qsizetype(number - lost)) % m_ring.size()]);
    return rows;
}

quint64 FinishedLog::total() const
{
    const std::lock_guard lock(m_mutex);
    return m_total;
}

} // namespace sami::account
