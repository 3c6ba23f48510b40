// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/stats.h"

#include <algorithm>

namespace sami::server {

void FinishedLog::add(const FinishedWork &work)
{
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

void RefusalTable::add(const QHostAddress &client, const Endpoint &destination,
                       const QByteArray &reason, WallTime now)
{
    const std::lock_guard lock(m_mutex);
    ++m_total;
    const Key key { client, destination, reason };
    if (m_rows.size() >= capacity && !m_rows.contains(key))
        dropOldest();
    RefusalRow &row = m_rows[key];
    row.client = client;
    row.destination = destination;
    row.reason = reason;
    row.isReported = m_holds == Holds::Reports;
    ++row.count;
    row.last = now;
}

void RefusalTable::dropOldest()
{
    // Linear, but over a thousand rows and only while a scan of ever new targets is refused.
    const auto oldest = std::min_element(
        m_rows.cbegin(), m_rows.cend(),
        [](const RefusalRow &left, const RefusalRow &right) { return left.last < right.last; });
    m_rows.erase(oldest);
}

QList<RefusalRow> RefusalTable::rows() const
{
    const std::lock_guard lock(m_mutex);
    return m_rows.values();
}

quint64 RefusalTable::total() const
{
    const std::lock_guard lock(m_mutex);
    return m_total;
}

} // namespace sami::server
