// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "ticker.h"

namespace sami::bench {

void Ticker::add(Ticking *ticking, Interval interval, Interval phase)
{
    m_members[ticking] = { ++m_lastId, interval };
    m_queue.push({ Clock::now() + phase, ticking, m_lastId });
}

TimePoint Ticker::nextDue() const
{
    return m_queue.empty() ? Clock::now() + std::chrono::seconds(1) : m_queue.top().time;
}

void Ticker::fire()
{
    while (!m_queue.empty() && m_queue.top().time <= Clock::now()) {
        const Due due = m_queue.top();
        m_queue.pop();
        const auto member = m_members.find(due.ticking);
        if (member == m_members.end() || member->second.id != due.id)
            continue;
        m_queue.push({ due.time + member->second.interval, due.ticking, due.id });
        due.ticking->tick(); // may remove itself
    }
}

} // namespace sami::bench
