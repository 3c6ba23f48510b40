// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "route/parentstate.h"

#include <QtGlobal>

#include <chrono>
#include <optional>

namespace sami::route {

/// One parent's health: what journeys and probes have shown. Pure; time is a parameter. Failover
/// owns one for each parent.
///
///     condition  event                                     then
///     healthy    a fault of its own                        resting for 10 s, or, if it was healthy
///                                                          for less than 5 min, for twice its last
///                                                          rest, at most 5 min
///     resting    a fault of its own                        resting, no longer than before
///     resting    its rest is over                          probing, no good sign
///     resting    a journey got through it                  probing, one good sign
///     resting    this machine is in another network        probing, no good sign; its next rest is
///                                                          a first one
///     probing    a fault of its own, a bad probe           resting, twice its last rest, 5 min at
///                                                          most
///     probing    a good sign (probe, journey): the third   healthy
///                or a later one, and 60 s since the first
///     probing    any other good sign                       probing, one more good sign
///     any        credentials refused                       shut out
///     shut out   new settings                              as it was before
///     any other  new settings                              as it was
///     any        news of a try that began before its last  no change: the same incident, or news
///                fault, before it was let in again, or in  that is out of date
///                another network
///
/// In another network a parent that is probing without a good sign is treated like a resting one.
/// Failover's table says which faults are its own.
class ParentRecord
{
public:
    static constexpr std::chrono::seconds firstRest { 10 };
    static constexpr std::chrono::minutes longestRest { 5 };
    static constexpr std::chrono::seconds steadyFor { 60 };
    static constexpr int goodSignsNeeded = 3;
    /// The time from a good probe to the next: four probes span steadyFor.
    static constexpr std::chrono::seconds probeInterval { 20 };

    [[nodiscard]] ParentCondition condition(TimePoint now) const;
    /// The last fault; empty while it is healthy.
    [[nodiscard]] std::optional<ParentFault> fault() const;
    /// It had a TLS or pin fault, and has not been healthy since.
    [[nodiscard]] bool isDistrusted() const { return m_isDistrusted; }

    // Events. `began` is when the try that reports the event began.
    void failed(ParentFault fault, size_t destination, TimePoint began, TimePoint now);
    void succeeded(std::optional<Clock::duration> latency, TimePoint began, TimePoint now);
    void probed(const Result<Clock::duration, ParentFault> &latency, TimePoint began,
                TimePoint now);
    void sawCertificate(WallTime until) { m_standing.certificateUntil = until; }
    void settingsChanged(TimePoint now);
    void networkChanged(TimePoint now);

    /// When to probe it; empty if no probe is needed, or one is under way.
    [[nodiscard]] std::optional<TimePoint> probeDue() const;
    void probeBegins() { m_isProbed = true; }

    /// Its standing, for sorting and for display. A value; read-only.
    struct Standing
    {
        int goodSigns = 0;                           ///< since its rest ended
        TimePoint restEnd {};                        ///< unless it is healthy
        TimePoint wellSince {};                      ///< its first good sign
        std::optional<Clock::duration> latency {};   ///< the latest TCP connect time
        std::optional<WallTime> certificateUntil {}; ///< when its last certificate expires
    };
    [[nodiscard]] const Standing &standing() const { return m_standing; }

private:
    void rest(ParentFault fault, TimePoint now);
    void noteGood(TimePoint now);

    std::optional<ParentFault> m_fault; ///< why it rested; empty if it is healthy
    bool m_isShutOut = false;
    bool m_isDistrusted = false;
    bool m_isProbed = false;              ///< a probe is under way
    TimePoint m_since = TimePoint::min(); ///< news of tries that began earlier does not count
    Clock::duration m_lastRest {};
    TimePoint m_healthySince {};
    TimePoint m_nextProbe {};
    TimePoint m_lastAnswer = TimePoint::min(); ///< to a journey
    std::optional<size_t> m_silentAbout {};    ///< the destination; empty after an answer
    Standing m_standing;
};

} // namespace sami::route
