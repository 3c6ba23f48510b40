// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractEventDispatcher>
#include <QCoreApplication>

#include <atomic>
#include <chrono>
#include <map>

namespace sami::fuzzing {

/// An event loop without a clock and without a kernel: posted events are delivered when asked, and
/// a timer expires when the script says so. Nothing is ever waited for.
class ScriptedLoop final : public QAbstractEventDispatcher
{
public:
    /// The loop of this program, with its application; made at the first call.
    static ScriptedLoop &instance();

    /// Delivers what is posted, deferred deletions too, until there is nothing left; false when
    /// there was nothing.
    bool deliverPosted();
    /// The timer that is due next expires, as if its time had passed; false when none is armed.
    bool expireNext();
    /// Every timer that is armed now expires once.
    void expireAll();

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;
    void registerSocketNotifier(QSocketNotifier *) override {}
    void unregisterSocketNotifier(QSocketNotifier *) override {}
    void registerTimer(int timerId, qint64 interval, Qt::TimerType timerType,
                       QObject *object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject *object) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    int remainingTime(int timerId) override;
    void wakeUp() override { m_isAwake = true; }
    void interrupt() override {}

private:
    struct Timer
    {
        qint64 due = 0;
        qint64 interval = 0;
        Qt::TimerType type = Qt::CoarseTimer;
        QObject *object = nullptr;
    };

    void expire(int timerId);

    std::map<int, Timer> m_timers;
    qint64 m_now = 0; ///< virtual milliseconds
    std::atomic<bool> m_isAwake { false };
};

} // namespace sami::fuzzing
