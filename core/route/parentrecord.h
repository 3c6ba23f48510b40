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

/// One parent's health: what journeys and probes have shown. Pure, with a clock that its callers
/// bring. Failover owns one for each parent.
///
///     condition  event                                     then
///     healthy    a fault of its own                        resting for 10 s; twice its last rest
///                                                          where it was healthy for less than 5
///                                                          min, but 5 min at most
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
///     any        news of a try that began before its last  as it was: the same incident, or one
///                fault, before it was let in again, or in  that says nothing any more
///                another network
///
/// Which faults are its own is Failover's table.
class ParentRecord
{
public:
    static constexpr std::chrono::seconds firstRest { 10 };
    static constexpr std::chrono::minutes longestRest { 5 };
    static constexpr std::chrono::seconds steadyFor { 60 };
    static constexpr int goodSignsNeeded = 3;
    /// How long after a good probe the next one is due: four of them fill steadyFor.
    static constexpr std::chrono::seconds probeInterval { 20 };

    [[nodiscard]] ParentCondition condition(TimePoint now) const;
    /// The last one; none while it is healthy.
    [[nodiscard]] std::optional<Fault> fault() const;
    /// A TLS or pin fault, and not healthy since.
    [[nodiscard]] bool isDistrusted() const { return m_isDistrusted; }

    // What happens. `began` is when the try began that tells of it.
    void failed(Fault fault, size_t destination, TimePoint began, TimePoint now);
    void succeeded(std::optional<Clock::duration> latency, TimePoint began, TimePoint now);
    void probed(const Result<Clock::duration, Fault> &latency, TimePoint began, TimePoint now);
    void sawCertificate(WallTime until) { m_standing.certificateUntil = until; }
    void settingsChanged(TimePoint now);
    void networkChanged(TimePoint now);

    /// When it is to be probed; nothing while it is not, and while a probe is under way.
    [[nodiscard]] std::optional<TimePoint> probeDue() const;
    void probeBegins() { m_isProbed = true; }

    /// Where it stands, for whoever orders or shows it. A value; read-only.
    struct Standing
    {
        int goodSigns = 0;                           ///< since its rest ended
        TimePoint restEnd {};                        ///< of one that is not healthy
        TimePoint wellSince {};                      ///< its first good sign
        std::optional<Clock::duration> latency {};   ///< the last time that TCP took to reach it
        std::optional<WallTime> certificateUntil {}; ///< of the one that it showed last
    };
    [[nodiscard]] const Standing &standing() const { return m_standing; }

private:
    void rest(Fault fault, TimePoint now);
    void noteGood(TimePoint now);

    std::optional<Fault> m_fault; ///< that it rested for; none: it is healthy
    bool m_isShutOut = false;
    bool m_isDistrusted = false;
    bool m_isProbed = false;              ///< a probe is under way
    TimePoint m_since = TimePoint::min(); ///< news of tries that began earlier do not count
    Clock::duration m_lastRest {};
    TimePoint m_healthySince {};
    TimePoint m_nextProbe {};
    std::optional<size_t> m_silentAbout {}; ///< the destination; no answer since
    Standing m_standing;
};

} // namespace sami::route
