// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/deadline.h"

#include <QTimerEvent>

#include <algorithm>
#include <limits>
#include <utility>

namespace sami::net {

namespace {

// Qt's coarse timer may fire 5 % early or late, so that one wake-up serves many. (TimerQueue's is
// never early.) Below this limit people would notice.
constexpr std::chrono::milliseconds preciseBelow { 2'000 };

/// The longest interval of a timer: 24 days.
constexpr std::chrono::milliseconds longest { std::numeric_limits<int>::max() };

} // namespace

void Deadline::arm(std::chrono::milliseconds limit)
{
    const TimePoint now = Clock::now();
    m_due = now + std::clamp(limit, std::chrono::milliseconds::zero(), longest);
    if (m_due < m_timerDue)
        start(m_due - now, now);
}

void Deadline::start(Clock::duration left, TimePoint now)
{
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left);
    m_timerDue = now + wait;
    m_timer.start(static_cast<int>(wait.count()),
                  wait < preciseBelow ? Qt::PreciseTimer : Qt::CoarseTimer, m_owner);
}

bool Deadline::takeExpiry(const QTimerEvent &event)
{
    if (!m_timer.isActive() || event.timerId() != m_timer.timerId())
        return false;
    // A coarse timer that fires slightly early counts as expired.
    const TimePoint now = std::max(Clock::now(), m_timerDue);
    if (m_due != never && m_due > now) {
        start(m_due - now, now); // arm() has set a later time meanwhile
        return false;
    }
    m_timer.stop();
    m_timerDue = never;
    return std::exchange(m_due, never) != never;
}

} // namespace sami::net
