// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentprobe.h"

#include "route/parenthealth.h"

#include <QTimerEvent>

#include <algorithm>
#include <utility>

namespace sami::route {

ParentProbe::ParentProbe(std::shared_ptr<ParentHealth> health, QObject *parent, Now now)
    : QObject(parent), m_health(std::move(health)), m_now(std::move(now))
{
    m_health->setWaker(
        [this] { QMetaObject::invokeMethod(this, &ParentProbe::look, Qt::QueuedConnection); });
}

ParentProbe::~ParentProbe()
{
    m_health->setWaker({});
}

void ParentProbe::setReach(ParentReach reach)
{
    m_reach = std::move(reach);
    look();
}

void ParentProbe::look()
{
    if (!m_reach)
        return;
    for (const Failover::Probe &probe : m_health->takeDueProbes(m_now()))
        begin(probe);
    armTimer();
}

void ParentProbe::begin(const Failover::Probe &probe)
{
    m_dials[probe.id] =
        m_reach(probe.parent, patience, [this, probe](Result<ReachedParent, ParentFault> result) {
            m_dials.erase(probe.id);
            const TimePoint now = m_now();
            if (result)
                m_health->probed(probe, result->latency, now);
            else
                m_health->probed(probe, Unexpected(result.error()), now);
            armTimer();
            // The connection is dropped here: the probe only checks that it can be made.
        });
}

void ParentProbe::armTimer()
{
    m_timer.stop();
    const std::optional<TimePoint> next = m_health->nextProbe();
    if (!next)
        return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - m_now()).count();
    // Never 0: a coarse timer that is early must not spin.
    m_timer.start(static_cast<int>(std::clamp<qint64>(left, 1, 3'600'000)), this);
}

void ParentProbe::stop()
{
    m_reach = nullptr;
    m_timer.stop();
    m_dials.clear();
}

void ParentProbe::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_timer.timerId())
        look();
    else
        QObject::timerEvent(event);
}

} // namespace sami::route
