// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/vitals.h"

#include "base/logging.h"
#include "route/parenthealth.h"
#include "server/context.h"

#include <utility>

namespace sami::server {

void VitalsSource::keepMeters()
{
    const std::lock_guard lock(m_mutex);
    m_keepsMeters = true;
    if (m_shared)
        m_shared->books.keepMeters();
}

void VitalsSource::attach(SharedState &shared, Published published, WallTime now)
{
    const std::lock_guard lock(m_mutex);
    m_shared = &shared;
    m_published = std::move(published);
    m_startedAt = now;
    m_octets.reset();
    if (m_keepsMeters)
        shared.books.keepMeters();
}

void VitalsSource::publish(Published published)
{
    const std::lock_guard lock(m_mutex);
    m_published = std::move(published);
}

void VitalsSource::detach()
{
    const std::lock_guard lock(m_mutex);
    m_shared = nullptr;
    m_published = {};
}

Condition VitalsSource::condition(TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return conditionLocked(now);
}

Condition VitalsSource::conditionLocked(TimePoint now) const
{
    Condition condition;
    if (!m_shared)
        return condition;
    condition.isRunning = true;
    condition.isDraining = m_shared->draining.load();
    condition.startedAt = m_startedAt;
    if (m_published.parents) {
        route::ParentsOverview overview = m_published.parents->overview(now);
        condition.parents = std::move(overview.parents);
        condition.parentSwitches = overview.switches;
    }
    condition.certificateUntil = m_published.certificateUntil;
    return condition;
}

Vitals VitalsSource::read(TimePoint now, WallTime wallNow) const
{
    Vitals vitals;
    vitals.at = wallNow;
    vitals.lostLogLines = logging::lostLines();
    const std::lock_guard lock(m_mutex);
    static_cast<Condition &>(vitals) = conditionLocked(now);
    if (!vitals.isRunning)
        return vitals;
    const account::Books &books = m_shared->books;
    if (books.meters)
        vitals.counted = books.meters->read();
    vitals.census = books.registry.census();
    account::Totals &totals = vitals.census.totals;
    if (!m_octets || now - m_octets->at >= octetInterval)
        m_octets = Octets { totals.up, totals.down, now };
    totals.up = m_octets->up;
    totals.down = m_octets->down;
    vitals.connectionLimit = m_shared->places.limits().all;
    vitals.blockedAddresses = m_shared->gatekeeper->blocks(now).size();
    return vitals;
}

} // namespace sami::server
