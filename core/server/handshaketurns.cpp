// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/handshaketurns.h"

#include "server/clientleg.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>

namespace sami::server {

using door::HandshakeBounds;

HandshakeTurns::HandshakeTurns(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &HandshakeTurns::run);
}

HandshakeTurns::~HandshakeTurns() = default;

HandshakeTurns::Claim::Claim(HandshakeTurns &turns, quint64 id, const QHostAddress &client,
                             QObject *session)
    : m_turns(turns), m_id(id), m_client(client)
{
    m_turns.m_sessions.insert(id, session);
}

HandshakeTurns::Claim::~Claim()
{
    m_turns.m_sessions.remove(m_id);
    std::erase(m_turns.m_furtherSteps, m_id);
    m_turns.m_bounds.end(m_id);
    // Others of the same address may begin now.
    m_turns.schedule(Clock::now());
}

void HandshakeTurns::Claim::askForTurn()
{
    const TimePoint now = Clock::now();
    if (m_hasAsked) {
        m_turns.m_bounds.flightArrived(m_id);
        m_turns.m_furtherSteps.push_back(m_id);
    } else {
        m_turns.m_bounds.ask(m_id, m_client, now);
    }
    m_hasAsked = true;
    m_turns.schedule(now);
}

void HandshakeTurns::Claim::stepDone()
{
    m_turns.m_bounds.stepDone(m_id);
    m_turns.schedule(Clock::now());
}

std::optional<quint64> HandshakeTurns::next(TimePoint now)
{
    if (m_furtherSteps.empty())
        return m_bounds.next(now);
    const quint64 id = m_furtherSteps.front();
    m_furtherSteps.pop_front();
    return id;
}

void HandshakeTurns::run()
{
    const TimePoint began = Clock::now();
    TimePoint now = began;
    m_restsUntil = TimePoint::max(); // whatever a step triggers waits until this turn is over
    while (now - began < HandshakeBounds::turn) {
        const std::optional<quint64> id = next(now);
        if (!id)
            break;
        while (const std::optional<quint64> yielding = m_bounds.givesWay())
            tell(*yielding, FrontEvent::DeadlineExpired);
        tell(*id, FrontEvent::Continue);
        now = Clock::now();
    }
    m_restsUntil = now + HandshakeBounds::restAfter(now - began);
    schedule(now);
}

/// Called from the event loop, so the session gets it like any other event.
void HandshakeTurns::tell(quint64 id, FrontEvent event)
{
    FrontNote note(event);
    if (QObject *session = m_sessions.value(id))
        QCoreApplication::sendEvent(session, &note);
}

void HandshakeTurns::schedule(TimePoint now)
{
    const std::optional<TimePoint> due =
        m_furtherSteps.empty() ? m_bounds.nextAt() : std::optional(TimePoint::min());
    if (!due || m_restsUntil == TimePoint::max())
        return;
    using std::chrono::milliseconds;
    const TimePoint at = std::max({ *due, m_restsUntil, now });
    // Always at a later turn of the event loop.
    const auto wait = std::chrono::ceil<milliseconds>(at - now);
    if (!m_timer.isActive() || m_timer.remainingTimeAsDuration() > wait)
        m_timer.start(wait);
}

} // namespace sami::server
