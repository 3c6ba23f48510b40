// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/parents.h"
#include "route/failover.h"
#include "route/parentstate.h"

#include <QList>

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace sami::route {

/// The health of the parents, one for all workers of a proxy: a Failover guarded by a mutex.
/// failover.h has the tables of what each call means. A switch of the preferred parent is one line
/// of the log. Belongs to the running proxy, outlives its settings, and is shared by dialers and
/// probes. Thread-safe; never blocks.
///
/// More than twelve public methods: Failover's, and those that its callers on several threads need
/// in addition.
class ParentHealth
{
    Q_DISABLE_COPY_MOVE(ParentHealth)

public:
    ParentHealth() = default;
    ~ParentHealth() = default;

    void setParents(const QList<config::Parent> &list, TimePoint now);
    void networkChanged(TimePoint now);

    [[nodiscard]] Attempt begin(std::chrono::milliseconds timeout, size_t destination,
                                TimePoint now) const;
    [[nodiscard]] std::optional<Candidate> next(Attempt &attempt, TimePoint now) const;
    void failed(Attempt &attempt, ParentFault fault, TimePoint now);
    void done(Attempt &attempt, std::optional<Clock::duration> latency, TimePoint now);

    void sawCertificate(const config::Parent &parent, WallTime until);

    [[nodiscard]] std::vector<Failover::Probe> takeDueProbes(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> nextProbe() const;
    void probed(const Failover::Probe &probe, const Result<Clock::duration, ParentFault> &latency,
                TimePoint now);

    [[nodiscard]] ParentsOverview overview(TimePoint now) const;
    /// Sets the function to call when a probe may be due earlier than nextProbe() last said; if
    /// empty, none is called. It is called from any thread, and must only post. Once this returns,
    /// the previous waker is not called any more.
    void setWaker(std::function<void()> waker);

private:
    /// Changes the state, logs the switches that follow, and calls the waker if a probe is due
    /// earlier.
    template <typename Change> void change(Change change);

    mutable std::mutex m_mutex;
    Failover m_failover;
    quint64 m_switches = 0;
    Switch m_last;
    std::mutex m_waking; ///< never taken while m_mutex is held
    std::function<void()> m_waker;
};

} // namespace sami::route
