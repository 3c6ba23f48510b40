// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parenthealth.h"

#include "base/logging.h"

#include <utility>

namespace sami::route {

namespace {

constexpr char unit[] = "route.parenthealth";

std::vector<LogField> fieldsOf(const Switch &change)
{
    std::vector<LogField> fields;
    if (!change.from.isEmpty())
        fields.push_back({ "from", change.from });
    if (!change.to.isEmpty())
        fields.push_back({ "to", change.to });
    if (change.fault) {
        fields.push_back({ "failed", change.who });
        fields.push_back({ "why", QByteArray(toString(*change.fault)) });
    }
    return fields;
}

void say(const Switch &change)
{
    if (change.to.isEmpty())
        logError(unit, "no parent is healthy: trying each of them anyway", fieldsOf(change));
    else if (change.fault)
        logInfo(unit, "a parent has failed: new requests go another way", fieldsOf(change));
    else
        logInfo(unit, "a parent is healthy again: new requests go through it", fieldsOf(change));
}

} // namespace

template <typename Change> void ParentHealth::change(Change change)
{
    std::vector<Switch> switches;
    bool isDueEarlier = false;
    {
        const std::lock_guard lock(m_mutex);
        const std::optional<TimePoint> before = m_failover.nextProbe();
        change(m_failover);
        const std::optional<TimePoint> next = m_failover.nextProbe();
        isDueEarlier = next && (!before || *next < *before);
        switches = m_failover.takeSwitches();
        if (!switches.empty()) {
            m_switches += switches.size();
            m_last = switches.back();
        }
    }
    for (const Switch &made : switches)
        say(made);
    if (!isDueEarlier)
        return;
    const std::lock_guard lock(m_waking);
    if (m_waker)
        m_waker();
}

void ParentHealth::setParents(const QList<config::Parent> &list, TimePoint now)
{
    change([&](Failover &failover) { failover.setParents(list, now); });
}

void ParentHealth::networkChanged(TimePoint now)
{
    change([&](Failover &failover) { failover.networkChanged(now); });
}

Attempt ParentHealth::begin(std::chrono::milliseconds timeout, size_t destination,
                            TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return m_failover.begin(timeout, destination, now);
}

std::optional<Candidate> ParentHealth::next(Attempt &attempt, TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return m_failover.next(attempt, now);
}

void ParentHealth::failed(Attempt &attempt, ParentFault fault, TimePoint now)
{
    change([&](Failover &failover) { failover.failed(attempt, fault, now); });
}

void ParentHealth::done(Attempt &attempt, std::optional<Clock::duration> latency, TimePoint now)
{
    change([&](Failover &failover) { failover.done(attempt, latency, now); });
}

void ParentHealth::sawCertificate(const config::Parent &parent, WallTime until)
{
    const std::lock_guard lock(m_mutex);
    m_failover.sawCertificate(parent, until);
}

std::vector<Failover::Probe> ParentHealth::takeDueProbes(TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    return m_failover.takeDueProbes(now);
}

std::optional<TimePoint> ParentHealth::nextProbe() const
{
    const std::lock_guard lock(m_mutex);
    return m_failover.nextProbe();
}

void ParentHealth::probed(const Failover::Probe &probe,
                          const Result<Clock::duration, ParentFault> &latency, TimePoint now)
{
    change([&](Failover &failover) { failover.probed(probe, latency, now); });
}

ParentsOverview ParentHealth::overview(TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return { m_failover.states(now), m_switches, m_last };
}

void ParentHealth::setWaker(std::function<void()> waker)
{
    const std::lock_guard lock(m_waking);
    m_waker = std::move(waker);
}

} // namespace sami::route
