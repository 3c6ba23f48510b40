// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/observer.h"

#include <utility>

namespace sami::admin {

Observer::Observer(Ask ask) : m_ask(std::move(ask)) {}

void Observer::observe(TimePoint now, std::function<void()> then)
{
    m_askedAt = now;
    if (m_picture.revision() != 0 && now - m_takenAt < goodFor) {
        then();
        return;
    }
    m_waiting.push_back(std::move(then));
    if (std::exchange(m_isAsking, true))
        return;
    m_ask(m_picture.revision());
}

void Observer::take(const Observation &observation, WallTime wallNow)
{
    m_isAsking = false;
    // Use the engine's clock only: on another clock every row would have aged too much or too
    // little, and so count as changed.
    m_takenAt = observation.changes.at;
    m_facts = observation.facts;
    m_users = observation.users;
    m_picture.take(observation.changes);
    takeFinished(observation.changes);
    if (observation.changes.refusals)
        ++m_refusalChanges;
    m_seen = m_picture.snapshot();
    m_coarse.coarsen(m_seen, m_takenAt);
    m_liveStatus = { m_picture.state(), m_seen.totals, runningOf(m_seen.connections), wallNow };
    // A callback may ask again.
    for (const std::function<void()> &then : std::exchange(m_waiting, {}))
        then();
}

/// The engine numbers finished work since its start, from 1.
void Observer::takeFinished(const account::Changes &changes)
{
    if (changes.isWhole)
        m_finished = changes.finished;
    else
        m_finished += changes.finished;
    if (m_finished.size() > maxFinished)
        m_finished.remove(0, m_finished.size() - maxFinished);
    if (!m_finished.isEmpty())
        m_finishedCount = m_finished.last().number;
}

void Observer::tidy(TimePoint now)
{
    if (m_isAsking || m_picture.revision() == 0 || now - m_askedAt < keptFor)
        return;
    m_picture = {};
    m_seen = {};
    m_finished = {};
    m_users.reset();
    m_coarse.forget();
}

account::ChangeTracker::Sight Observer::sight() const
{
    return { m_picture.state(), m_seen,           m_takenAt,
             m_finishedCount,   m_refusalChanges, m_picture.blocks() };
}

} // namespace sami::admin
