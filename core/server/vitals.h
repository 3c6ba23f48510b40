// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/connectionregistry.h"
#include "account/meters.h"
#include "base/clock.h"
#include "route/failover.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace sami::route {
class ParentHealth;
}

namespace sami::server {

struct SharedState;

/// Whether the proxy runs, since when, and what it depends on. A value.
struct Condition
{
    bool isRunning = false; ///< false: everything below is empty
    bool isDraining = false;
    WallTime startedAt {};
    std::vector<route::ParentState> parents;
    quint64 parentSwitches = 0;
    std::optional<WallTime> certificateUntil; ///< empty if the door has no TLS
};

/// The proxy's health in numbers, for monitoring from outside. A value. Names no client, no user
/// and no destination.
struct Vitals : Condition
{
    WallTime at {};
    account::MeterReading counted; ///< since keepMeters()
    /// The octets in its totals are renewed at most once per VitalsSource::octetInterval.
    account::Census census;
    int connectionLimit = 0; ///< MAX_CONCURRENT_CONNECTIONS, or what the limit on open files allows
    qint64 blockedAddresses = 0; ///< by the brute-force guard
    quint64 lostLogLines = 0;    ///< of this process; also while nothing runs
};

/// Gives the vitals of one engine's proxy, on any thread and at any time: also between a stop and a
/// start, when they say that nothing runs. A reader never waits for a worker, only for short locks.
/// Owned by the engine, whose thread attaches and detaches; a stop waits for a reading under way, a
/// millisecond at most.
class VitalsSource
{
    Q_DISABLE_COPY_MOVE(VitalsSource)

public:
    /// Shorter intervals would reveal what a stream sends by its timing.
    static constexpr std::chrono::seconds octetInterval { 5 };

    /// What changes with the settings and the door's certificate.
    struct Published
    {
        std::shared_ptr<const route::ParentHealth> parents; ///< null if there are none
        std::optional<WallTime> certificateUntil;
    };

    VitalsSource() = default;
    ~VitalsSource() = default;

    /// Makes this proxy and every later one count. Without it `counted` stays empty and costs
    /// nothing.
    void keepMeters();

    /// A proxy runs from now on; it must live until detach().
    void attach(SharedState &shared, Published published, WallTime now);
    void publish(Published published);
    void detach();

    [[nodiscard]] Vitals read(TimePoint now, WallTime wallNow) const;
    /// Costs the same however many connections there are.
    [[nodiscard]] Condition condition(TimePoint now) const;

private:
    [[nodiscard]] Condition conditionLocked(TimePoint now) const;

    struct Octets
    {
        quint64 up = 0;
        quint64 down = 0;
        TimePoint at {};
    };

    mutable std::mutex m_mutex;
    bool m_keepsMeters = false;
    SharedState *m_shared = nullptr;
    Published m_published;
    WallTime m_startedAt {};
    mutable std::optional<Octets> m_octets; ///< as last reported
};

} // namespace sami::server
