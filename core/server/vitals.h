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

/// What whoever watches the proxy from outside is told: how it is, in numbers. A value. Nothing of
/// it names a client, a user or a destination.
struct Vitals
{
    WallTime at {};
    bool isRunning = false; ///< false: everything below but `lostLogLines` is empty
    bool isDraining = false;
    WallTime startedAt {};
    account::MeterReading counted; ///< since somebody wanted to know
    /// Octets in its totals are renewed at most each VitalsSource::octetInterval.
    account::Census census;
    int connectionLimit = 0; ///< MAX_CONCURRENT_CONNECTIONS, or what the limit on open files allows
    qint64 blockedAddresses = 0; ///< by the brute-force guard
    std::vector<route::ParentState> parents;
    quint64 parentSwitches = 0;
    std::optional<WallTime> certificateUntil; ///< none: no TLS at the door
    quint64 lostLogLines = 0;                 ///< of this process
};

/// Where the vitals of one engine's proxy are read, on any thread and at any time: between a stop
/// and a start too, when they say that nothing runs. Whoever reads waits for no worker, only for
/// locks that are held for a moment. Owned by the engine, whose thread attaches and detaches; a
/// stop waits for a reading that is under way, a millisecond at most.
class VitalsSource
{
    Q_DISABLE_COPY_MOVE(VitalsSource)

public:
    /// Finer ones would tell what a stream says by when it says it.
    static constexpr std::chrono::seconds octetInterval { 5 };

    /// What changes with the settings and the certificate at the door.
    struct Published
    {
        std::shared_ptr<const route::ParentHealth> parents; ///< null: there are none
        std::optional<WallTime> certificateUntil;
    };

    VitalsSource() = default;
    ~VitalsSource() = default;

    /// Somebody will ask: the proxy counts from now on, and so does the next one. Without this
    /// `counted` stays empty and nothing is spent on it.
    void keepMeters();

    /// A proxy runs now; it is there until detach().
    void attach(SharedState &shared, Published published, WallTime now);
    void publish(Published published);
    void detach();

    [[nodiscard]] Vitals read(TimePoint now, WallTime wallNow) const;

private:
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
    mutable std::optional<Octets> m_octets; ///< as they were told last
};

} // namespace sami::server
