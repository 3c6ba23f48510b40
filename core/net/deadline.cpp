// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/deadline.h"

#include <QTimerEvent>

#include <algorithm>
#include <limits>

namespace sami::net {

namespace {

// A coarse timer may fire 5 % early and late, which lets the kernel wake once for many of them.
// Below this limit people notice.
constexpr std::chrono::milliseconds preciseBelow { 2'000 };

} // namespace

void Deadline::arm(std::chrono::milliseconds limit)
{
    using Rep = std::chrono::milliseconds::rep;
    const Rep clamped = std::clamp<Rep>(limit.count(), 0, std::numeric_limits<int>::max());
    m_timer.start(static_cast<int>(clamped),
                  limit < preciseBelow ? Qt::PreciseTimer : Qt::CoarseTimer, m_owner);
}

bool Deadline::takeExpiry(const QTimerEvent &event)
{
    if (!m_timer.isActive() || event.timerId() != m_timer.timerId())
        return false;
    m_timer.stop();
    return true;
}

} // namespace sami::net
