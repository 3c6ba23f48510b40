// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsthrottle.h"

#include <QAbstractEventDispatcher>
#include <QPointer>

#include <algorithm>

namespace sami::net {

TlsThrottle &TlsThrottle::ofThisThread()
{
    // Dies with the dispatcher; a later caller gets a new one.
    thread_local QPointer<TlsThrottle> throttle;
    if (!throttle)
        throttle = new TlsThrottle(QAbstractEventDispatcher::instance());
    return *throttle;
}

TlsThrottle::TlsThrottle(QObject *dispatcher) : QObject(dispatcher) {}

TlsThrottle::~TlsThrottle() = default;

void TlsThrottle::rest(ThrottledStream &stream)
{
    m_resting.push_back(&stream);
    if (m_timer.isActive())
        return;
    m_timer.start(static_cast<int>(interval.count()), Qt::PreciseTimer, this);
    m_sinceServed.start();
}

void TlsThrottle::leave(ThrottledStream &stream)
{
    std::erase(m_resting, &stream);
}

void TlsThrottle::timerEvent(QTimerEvent *)
{
    if (m_resting.empty()) {
        m_timer.stop();
        return;
    }
    const qint64 due =
        std::clamp<qint64>(m_sinceServed.restart() / interval.count(), 1, mostAtOnce);
    for (qint64 served = 0; served < due && !m_resting.empty(); ++served) {
        ThrottledStream *stream = m_resting.front();
        m_resting.pop_front();
        stream->endRest();
    }
}

} // namespace sami::net
