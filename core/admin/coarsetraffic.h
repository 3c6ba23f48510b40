// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"

#include <QHash>

#include <chrono>

namespace sami::admin {

/// The traffic that is shown: for each connection, and for the totals, a sample every five seconds.
/// Finer counts and times would reveal what is said inside a tunnel. The rest of a row is current.
/// Pure; owned by the observer.
///
/// Between samples a row looks as if nothing had moved: only its ages grow.
class CoarseTraffic
{
public:
    static constexpr std::chrono::seconds renewal { 5 };

    /// Replaces the traffic with what may be shown.
    void coarsen(account::Snapshot &snapshot, TimePoint now);
    void forget();

private:
    struct Shown
    {
        account::ConnectionSnapshot row; ///< as of its last sample
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
