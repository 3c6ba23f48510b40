// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/refusaltable.h"

#include <algorithm>

namespace sami::account {

void RefusalTable::refused(const Refused &refused)
{
    if (refused.isReported != (m_holds == Holds::Reports))
        return;
    const std::lock_guard lock(m_mutex);
    ++m_total;
    const Key key { refused.client, refused.destination, refused.rule };
    if (m_rows.size() >= capacity && !m_rows.contains(key))
        dropOldest();
    RefusalRow &row = m_rows[key];
    row.client = refused.client;
    row.destination = refused.destination;
    row.reason = refused.rule;
    row.isReported = refused.isReported;
    ++row.count;
    row.last = refused.when;
}

void RefusalTable::dropOldest()
{
    // Linear, but over at most a thousand rows, and only while somebody keeps trying new targets.
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

} // namespace sami::account
