// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"
#include "gui/text/livestate.h"

#include <QString>

namespace sami::gui {

/// A row of the live table: the core's values, and what follows from two successive snapshots.
struct LiveConnection
{
    account::ConnectionSnapshot values;
    TimePoint acceptedAt {};
    TimePoint seenAt {}; ///< when `values` were taken
    double rate = 0;     ///< octets per second, both directions, since the previous snapshot
    LiveState state = LiveState::Connecting;
    QString searchText; ///< client, user, host, method and way in lower case

    /// Since the client connected, at the time of `values`.
    [[nodiscard]] Clock::duration age() const { return seenAt - acceptedAt; }
    /// The time since either side last sent anything.
    [[nodiscard]] Clock::duration silence() const { return qMin(values.sinceUp, values.sinceDown); }
};

} // namespace sami::gui
