// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsturns.h"

#include <QAbstractEventDispatcher>
#include <QPointer>
#include <QTimerEvent>

#include <utility>

namespace sami::net {

TlsTurns &TlsTurns::ofThisThread()
{
    // The dispatcher's end is its end; whoever comes after that gets another.
    thread_local QPointer<TlsTurns> turns;
    if (!turns)
        turns = new TlsTurns(QAbstractEventDispatcher::instance());
    return *turns;
}

TlsTurns::TlsTurns(QObject *dispatcher) : QObject(dispatcher) {}

TlsTurns::~TlsTurns() = default;

void TlsTurns::next(TurnTaker &taker)
{
    m_next.push_back(&taker);
    if (!m_nextTimer.isActive())
        m_nextTimer.start(0, Qt::PreciseTimer, this);
}

void TlsTurns::rest(TurnTaker &taker)
{
    m_resting.push_back(&taker);
    if (!m_restTimer.isActive())
        m_restTimer.start(static_cast<int>(interval.count()), Qt::PreciseTimer, this);
}

void TlsTurns::leave(TurnTaker &taker)
{
    for (Line *line : { &m_next, &m_served, &m_resting })
        std::erase(*line, &taker);
}

void TlsTurns::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_nextTimer.timerId()) {
        m_nextTimer.stop();
        // Who asks again meanwhile waits for the next turn.
        m_served.insert(m_served.end(), m_next.begin(), m_next.end());
        m_next.clear();
        while (!m_served.empty()) {
            TurnTaker *taker = m_served.front();
            m_served.pop_front();
            taker->takeTurn();
        }
        return;
    }
    if (m_resting.empty()) {
        m_restTimer.stop();
        return;
    }
    TurnTaker *taker = m_resting.front();
    m_resting.pop_front();
    taker->endRest();
}

} // namespace sami::net
