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

Deadline::Deadline(QObject *parent) : QObject(parent) {}

void Deadline::arm(std::chrono::milliseconds limit)
{
    using Rep = std::chrono::milliseconds::rep;
    const Rep clamped = std::clamp<Rep>(limit.count(), 0, std::numeric_limits<int>::max());
    m_timer.start(static_cast<int>(clamped),
                  limit < preciseBelow ? Qt::PreciseTimer : Qt::CoarseTimer, this);
}

void Deadline::cancel()
{
    m_timer.stop();
}

void Deadline::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId()) {
        QObject::timerEvent(event);
        return;
    }
    m_timer.stop();
    Q_EMIT expired();
}

} // namespace sami::net
