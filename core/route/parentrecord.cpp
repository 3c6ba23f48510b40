// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentrecord.h"

#include <algorithm>
#include <utility>

namespace sami::route {

const char *toString(ParentCondition condition)
{
    switch (condition) {
    case ParentCondition::Healthy:
        return "healthy";
    case ParentCondition::Resting:
        return "resting";
    case ParentCondition::Probing:
        return "probing";
    case ParentCondition::ShutOut:
        return "shut_out";
    }
    return "";
}

ParentCondition ParentRecord::condition(TimePoint now) const
{
    if (m_isShutOut)
        return ParentCondition::ShutOut;
    if (!m_fault)
        return ParentCondition::Healthy;
    const bool isResting = m_standing.goodSigns == 0 && now < m_standing.restEnd;
    return isResting ? ParentCondition::Resting : ParentCondition::Probing;
}

std::optional<ParentFault> ParentRecord::fault() const
{
    return m_isShutOut ? ParentFault::Credentials : m_fault;
}

void ParentRecord::failed(ParentFault fault, size_t destination, TimePoint began, TimePoint now)
{
    if (began < m_since)
        return;
    switch (fault) {
    case ParentFault::Unreachable:
    case ParentFault::Tls:
    case ParentFault::WrongPin:
    case ParentFault::Malformed:
    case ParentFault::Overloaded:
        rest(fault, now);
        break;
    case ParentFault::TimedOut:
    case ParentFault::TlsLate:
        if (m_lastAnswer <= began)
            rest(fault, now);
        break;
    case ParentFault::Silent:
        if (m_silentAbout && *m_silentAbout != destination)
            rest(fault, now);
        else
            m_silentAbout = destination;
        break;
    case ParentFault::Credentials:
        m_isShutOut = true;
        break;
    case ParentFault::Destination:
        m_lastAnswer = now;
        m_silentAbout.reset();
        break;
    case ParentFault::Ourselves:
        break;
    }
}

void ParentRecord::rest(ParentFault fault, TimePoint now)
{
    if (m_isShutOut)
        return;
    const ParentCondition before = condition(now);
    m_since = now;
    m_fault = fault;
    m_isDistrusted = m_isDistrusted || isOfTls(fault);
    m_silentAbout.reset();
    if (before == ParentCondition::Resting)
        return;
    const bool isRelapse = before == ParentCondition::Probing || now - m_healthySince < longestRest;
    const Clock::duration twice = m_lastRest * 2;
    m_lastRest = isRelapse ? std::clamp<Clock::duration>(twice, firstRest, longestRest)
                           : Clock::duration(firstRest);
    m_standing.goodSigns = 0;
    m_standing.restEnd = now + m_lastRest;
    m_nextProbe = m_standing.restEnd;
}

void ParentRecord::succeeded(std::optional<Clock::duration> latency, TimePoint began, TimePoint now)
{
    if (latency)
        m_standing.latency = latency;
    if (began < m_since)
        return;
    m_lastAnswer = now;
    m_silentAbout.reset();
    noteGood(now);
}

void ParentRecord::probed(const Result<Clock::duration, ParentFault> &latency, TimePoint began,
                          TimePoint now)
{
    m_isProbed = false;
    if (latency)
        m_standing.latency = *latency;
    if (began < m_since || !m_fault)
        return;
    if (latency)
        noteGood(now);
    else if (latency.error() == ParentFault::Ourselves)
        m_nextProbe = now + probeInterval;
    else
        rest(latency.error(), now);
}

void ParentRecord::noteGood(TimePoint now)
{
    if (!m_fault || m_isShutOut)
        return;
    if (m_standing.goodSigns++ == 0)
        m_standing.wellSince = now;
    m_standing.restEnd = std::min(m_standing.restEnd, now);
    m_nextProbe = now + probeInterval;
    if (m_standing.goodSigns < goodSignsNeeded || now - m_standing.wellSince < steadyFor)
        return;
    m_fault.reset();
    m_isDistrusted = false;
    m_standing.goodSigns = 0;
    m_healthySince = now;
}

void ParentRecord::settingsChanged(TimePoint now)
{
    if (std::exchange(m_isShutOut, false))
        m_since = now;
}

void ParentRecord::networkChanged(TimePoint now)
{
    m_since = now;
    m_silentAbout.reset();
    if (!m_fault || m_standing.goodSigns > 0)
        return;
    m_lastRest = {};
    m_standing.restEnd = std::min(m_standing.restEnd, now);
    m_nextProbe = now;
}

std::optional<TimePoint> ParentRecord::probeDue() const
{
    if (!m_fault || m_isShutOut || m_isProbed)
        return std::nullopt;
    return m_nextProbe;
}

} // namespace sami::route
