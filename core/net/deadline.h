// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QBasicTimer>

#include <chrono>

QT_BEGIN_NAMESPACE
class QObject;
class QTimerEvent;
QT_END_NAMESPACE

namespace sami::net {

/// One timer of one owner, hardly ever restarted. Traffic does not restart it: when it expires, the
/// owner looks at the time of the last octet and arms it again for the rest. Arming it for a later
/// time does not restart it either: the timer fires early, and takeExpiry() starts it for the rest.
/// A value in its owner, whose timerEvent() receives the timer's events: a QObject would cost each
/// idle tunnel 400 octets.
class Deadline
{
    Q_DISABLE_COPY_MOVE(Deadline)

public:
    /// Only for use in the owner's thread.
    explicit Deadline(QObject *owner) : m_owner(owner) {}

    /// Expires `limit` from now, replacing any earlier deadline.
    void arm(std::chrono::milliseconds limit);
    void cancel() { m_due = never; }
    [[nodiscard]] bool isArmed() const { return m_due != never; }

    /// For the owner's timerEvent(): whether this deadline has expired. True once per arm().
    [[nodiscard]] bool takeExpiry(const QTimerEvent &event);

private:
    static constexpr TimePoint never = TimePoint::max();

    void start(Clock::duration left, TimePoint now);

    QObject *m_owner;
    TimePoint m_due = never;
    TimePoint m_timerDue = never; ///< when the timer fires: at `m_due` or earlier
    QBasicTimer m_timer;
};

} // namespace sami::net
