// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/meters.h"

#include <algorithm>
#include <iterator>

namespace sami::account {

namespace {

using namespace std::chrono_literals;

// A dial is a few round trips, and ends within PROXY_CONNECT_TIMEOUT_MS.
constexpr DurationMeter::Steps dialSteps { 5ms,    10ms,   25ms,   50ms,    100ms,   250ms,  500ms,
                                           1000ms, 2500ms, 5000ms, 10000ms, 15000ms, 30000ms };
// A model may think for up to 20 minutes before its first octet, and between octets.
constexpr DurationMeter::Steps firstByteSteps { 100ms, 250ms, 500ms, 1s,   2500ms, 5s,   10s,
                                                30s,   60s,   120s,  300s, 600s,   1200s };
constexpr DurationMeter::Steps silenceSteps { 1s,   2500ms, 5s,   10s,  20s,  30s,  60s,
                                              120s, 180s,   300s, 600s, 900s, 1200s };
constexpr DurationMeter::Steps durationSteps { 100ms, 500ms, 1s,   5s,    15s,   30s,   60s,
                                               120s,  300s,  600s, 1200s, 3600s, 14400s };

template <typename Enum> void increment(PerValue<Enum, std::atomic<quint64>> &counters, Enum value)
{
    if (enumIndex(value) < enumCount<Enum>)
        counters[value].fetch_add(1, std::memory_order_relaxed);
}

template <typename Enum> PerValue<Enum> copied(const PerValue<Enum, std::atomic<quint64>> &counters)
{
    PerValue<Enum> numbers;
    for (const Enum value : enumValues<Enum>())
        numbers[value] = counters[value].load(std::memory_order_relaxed);
    return numbers;
}

bool reachedUpstream(const FinishedWork &work)
{
    return (work.dial || work.firstByte || work.up > 0) && work.ending.how != EndedHow::DialFailed
        && work.ending.how != EndedHow::TimeoutDial && work.ending.how != EndedHow::Refused;
}

} // namespace

void DurationMeter::count(Clock::duration duration)
{
    const Clock::duration passed = std::max(duration, Clock::duration::zero());
    const auto step = std::lower_bound(m_steps.begin(), m_steps.end(), passed);
    m_counts[std::size_t(std::distance(m_steps.begin(), step))].fetch_add(
        1, std::memory_order_relaxed);
    m_microseconds.fetch_add(std::chrono::floor<std::chrono::microseconds>(passed).count(),
                             std::memory_order_relaxed);
}

DurationCounts DurationMeter::read() const
{
    DurationCounts counts;
    counts.steps.reserve(m_steps.size());
    for (std::size_t step = 0; step < m_steps.size(); ++step)
        counts.steps.push_back({ m_steps[step], m_counts[step].load(std::memory_order_relaxed) });
    counts.longer = m_counts.back().load(std::memory_order_relaxed);
    counts.sum = std::chrono::microseconds(m_microseconds.load(std::memory_order_relaxed));
    return counts;
}

Meters::Meters()
    : m_dial(dialSteps), m_firstByte(firstByteSteps), m_silence(silenceSteps),
      m_duration(durationSteps)
{}

void Meters::closed(const FinishedWork &work)
{
    if (work.isOwn)
        return;
    unserved(work.ending);
    if (const auto *fault = std::get_if<net::DialFault>(&work.ending.reason.value()))
        increment(m_dialFaults, *fault);
    if (work.dial)
        m_dial.count(*work.dial);
    if (!reachedUpstream(work))
        return;
    if (work.firstByte)
        m_firstByte.count(*work.firstByte);
    m_silence.count(work.silence);
    m_duration.count(work.duration);
}

void Meters::refused(const Refused &refused)
{
    increment(refused.isReported ? m_reported : m_refused, refused.rule);
}

void Meters::unserved(const Ending &ending)
{
    if (enumIndex(ending.by) < enumCount<EndedBy>)
        increment(m_ended[ending.by], ending.how);
}

void Meters::handshakeEnded(const Handshake &handshake)
{
    if (handshake.version != TlsVersion::None) {
        increment(m_handshakes, handshake.version);
    } else if (const auto *fault = std::get_if<net::TlsAcceptFault>(&handshake.reason.value())) {
        increment(m_handshakeFaults, *fault);
    } else {
        auto &counter = handshake.reason == Reason(Cause::TlsTimeout) ? m_handshakeTimeouts
                                                                      : m_handshakesWithoutRoom;
        counter.fetch_add(1, std::memory_order_relaxed);
    }
}

MeterReading Meters::read() const
{
    MeterReading reading;
    for (const EndedBy by : enumValues<EndedBy>())
        reading.ended[by] = copied(m_ended[by]);
    reading.refused = copied(m_refused);
    reading.reported = copied(m_reported);
    reading.dialFaults = copied(m_dialFaults);
    reading.handshakes = copied(m_handshakes);
    reading.handshakeFaults = copied(m_handshakeFaults);
    reading.handshakeTimeouts = m_handshakeTimeouts.load(std::memory_order_relaxed);
    reading.handshakesWithoutRoom = m_handshakesWithoutRoom.load(std::memory_order_relaxed);
    reading.dial = m_dial.read();
    reading.firstByte = m_firstByte.read();
    reading.silence = m_silence.read();
    reading.duration = m_duration.read();
    return reading;
}

} // namespace sami::account
