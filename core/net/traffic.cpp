// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/traffic.h"

#include <algorithm>

namespace sami::net {

namespace {

Clock::rep ticks(TimePoint time)
{
    return time.time_since_epoch().count();
}

TimePoint timePoint(const std::atomic<Clock::rep> &value)
{
    return TimePoint(Clock::duration(value.load(std::memory_order_relaxed)));
}

// With one writer, a load and a store suffice.
void add(std::atomic<quint64> &counter, qsizetype bytes)
{
    counter.store(counter.load(std::memory_order_relaxed) + static_cast<quint64>(bytes),
                  std::memory_order_relaxed);
}

} // namespace

Traffic::Traffic(TimePoint now)
    : m_lastUp(ticks(now)), m_lastDown(ticks(now)), m_lastActivity(ticks(now))
{}

void Traffic::countUp(qsizetype bytes, TimePoint now)
{
    add(m_up, bytes);
    m_lastUp.store(ticks(now), std::memory_order_relaxed);
    touch(now);
}

void Traffic::countDown(qsizetype bytes, TimePoint now)
{
    add(m_down, bytes);
    m_lastDown.store(ticks(now), std::memory_order_relaxed);
    if (m_firstDown.load(std::memory_order_relaxed) == 0)
        m_firstDown.store(ticks(now), std::memory_order_relaxed);
    touch(now);
}

void Traffic::beginWork(TimePoint now)
{
    m_lastActivity.store(ticks(now), std::memory_order_relaxed);
    m_longestSilence.store(0, std::memory_order_relaxed);
    m_firstDown.store(0, std::memory_order_relaxed);
}

TimePoint Traffic::lastUp() const
{
    return timePoint(m_lastUp);
}

TimePoint Traffic::lastDown() const
{
    return timePoint(m_lastDown);
}

TimePoint Traffic::lastActivity() const
{
    return timePoint(m_lastActivity);
}

std::optional<TimePoint> Traffic::firstDown() const
{
    if (m_firstDown.load(std::memory_order_relaxed) == 0)
        return std::nullopt;
    return timePoint(m_firstDown);
}

Clock::duration Traffic::longestSilence(TimePoint now) const
{
    const Clock::duration longest(m_longestSilence.load(std::memory_order_relaxed));
    return std::max(longest, now - lastActivity());
}

void Traffic::touch(TimePoint now)
{
    const Clock::rep silence = ticks(now) - m_lastActivity.load(std::memory_order_relaxed);
    if (silence > m_longestSilence.load(std::memory_order_relaxed))
        m_longestSilence.store(silence, std::memory_order_relaxed);
    m_lastActivity.store(ticks(now), std::memory_order_relaxed);
}

} // namespace sami::net
