// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsturns.h"

#include <QAbstractEventDispatcher>
#include <QPointer>

#include <algorithm>

namespace sami::net {

TlsTurns &TlsTurns::ofThisThread()
{
    // Dies with the dispatcher; a later caller gets a new one.
    thread_local QPointer<TlsTurns> turns;
    if (!turns)
        turns = new TlsTurns(QAbstractEventDispatcher::instance());
    return *turns;
}

TlsTurns::TlsTurns(QObject *dispatcher) : QObject(dispatcher) {}

TlsTurns::~TlsTurns() = default;

void TlsTurns::rest(TurnTaker &taker)
{
    m_resting.push_back(&taker);
    if (m_timer.isActive())
        return;
    m_timer.start(static_cast<int>(interval.count()), Qt::PreciseTimer, this);
    m_sinceServed.start();
}

void TlsTurns::leave(TurnTaker &taker)
{
    std::erase(m_resting, &taker);
}

void TlsTurns::timerEvent(QTimerEvent *)
{
    if (m_resting.empty()) {
        m_timer.stop();
        return;
    }
    const qint64 due =
        std::clamp<qint64>(m_sinceServed.restart() / interval.count(), 1, mostAtOnce);
    for (qint64 served = 0; served < due && !m_resting.empty(); ++served) {
        TurnTaker *taker = m_resting.front();
        m_resting.pop_front();
        taker->endRest();
    }
}

} // namespace sami::net
