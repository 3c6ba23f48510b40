// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "scriptedloop.h"

#include <QTimerEvent>

#include <algorithm>
#include <vector>

namespace sami::fuzzing {

ScriptedLoop &ScriptedLoop::instance()
{
    static ScriptedLoop *const loop = [] {
        auto *made = new ScriptedLoop;
        QCoreApplication::setEventDispatcher(made);
        static int argc = 1;
        static char name[] = "fuzz";
        static char *argv[] = { name, nullptr };
        static QCoreApplication application(argc, argv);
        return made;
    }();
    return *loop;
}

bool ScriptedLoop::deliverPosted()
{
    bool hadSome = false;
    while (m_isAwake.exchange(false)) {
        hadSome = true;
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return hadSome;
}

bool ScriptedLoop::expireNext()
{
    const auto next =
        std::min_element(m_timers.begin(), m_timers.end(), [](const auto &left, const auto &right) {
            return left.second.due < right.second.due;
        });
    if (next == m_timers.end())
        return false;
    expire(next->first);
    return true;
}

void ScriptedLoop::expireAll()
{
    std::vector<int> armed;
    for (const auto &[timerId, timer] : m_timers)
        armed.push_back(timerId);
    for (const int timerId : armed)
        expire(timerId);
}

void ScriptedLoop::expire(int timerId)
{
    const auto found = m_timers.find(timerId);
    if (found == m_timers.end())
        return;
    Timer &timer = found->second;
    m_now = std::max(m_now, timer.due);
    timer.due = m_now + timer.interval;
    QTimerEvent event(timerId);
    QCoreApplication::sendEvent(timer.object, &event);
}

bool ScriptedLoop::processEvents(QEventLoop::ProcessEventsFlags)
{
    return deliverPosted();
}

void ScriptedLoop::registerTimer(int timerId, qint64 interval, Qt::TimerType timerType,
                                 QObject *object)
{
    m_timers[timerId] = { m_now + interval, interval, timerType, object };
}

bool ScriptedLoop::unregisterTimer(int timerId)
{
    return m_timers.erase(timerId) > 0;
}

bool ScriptedLoop::unregisterTimers(QObject *object)
{
    return std::erase_if(m_timers,
                         [object](const auto &entry) { return entry.second.object == object; })
        > 0;
}

QList<ScriptedLoop::TimerInfo> ScriptedLoop::registeredTimers(QObject *object) const
{
    QList<TimerInfo> timers;
    for (const auto &[timerId, timer] : m_timers) {
        if (timer.object == object)
            timers.append({ timerId, static_cast<int>(timer.interval), timer.type });
    }
    return timers;
}

int ScriptedLoop::remainingTime(int timerId)
{
    const auto found = m_timers.find(timerId);
    return found == m_timers.end() ? -1 : static_cast<int>(found->second.due - m_now);
}

} // namespace sami::fuzzing
