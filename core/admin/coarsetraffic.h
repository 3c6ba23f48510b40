// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"

#include <QHash>

#include <chrono>

namespace sami::admin {

/// What of the traffic is shown: of each connection, and of all together, what was there at one
/// moment in five seconds. Finer counts and times would give away what is said inside a tunnel.
/// Everything else of a row is as it is. Pure; belongs to the observer.
///
/// In between a row is as it would be if nothing had moved since: its ages go on.
class CoarseTraffic
{
public:
    static constexpr std::chrono::seconds renewal { 5 };

    /// Puts what may be shown in the place of what there is.
    void coarsen(account::Snapshot &snapshot, TimePoint now);
    void forget();

private:
    struct Shown
    {
        account::ConnectionSnapshot row; ///< as it was when it was renewed
        TimePoint at {};
        quint64 seenIn = 0;
    };

    QHash<quint64, Shown> m_rows;
    quint64 m_turn = 0;
    quint64 m_up = 0;
    quint64 m_down = 0;
    TimePoint m_totalsAt {};
};

} // namespace sami::admin
