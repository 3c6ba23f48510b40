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

/// One timer of one owner, which is hardly ever restarted: not at traffic (it fires, the owner
/// looks at when the last byte was, and arms it for what is left), and not when it is armed for a
/// later time than it has (it fires early and goes on by itself). A value inside its owner, whose
/// timerEvent() hears of it: a QObject of its own would cost each silent tunnel 400 octets.
class Deadline
{
    Q_DISABLE_COPY_MOVE(Deadline)

public:
    /// Used in the owner's thread only.
    explicit Deadline(QObject *owner) : m_owner(owner) {}

    /// Expires `limit` from now, whatever was armed before.
    void arm(std::chrono::milliseconds limit);
    void cancel() { m_due = never; }
    [[nodiscard]] bool isArmed() const { return m_due != never; }

    /// For the owner's timerEvent(): whether it is this one that has expired. True once per arm().
    [[nodiscard]] bool takeExpiry(const QTimerEvent &event);

private:
    static constexpr TimePoint never = TimePoint::max();

    void start(Clock::duration left, TimePoint now);

    QObject *m_owner;
    TimePoint m_due = never;
    TimePoint m_timerDue = never; ///< when the timer fires, at `m_due` or before
    QBasicTimer m_timer;
};

} // namespace sami::net
