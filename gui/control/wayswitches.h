// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "route/parentstate.h"

#include <QByteArray>

#include <chrono>
#include <optional>

namespace sami::gui {

/// How new requests go out.
struct WayOut
{
    QByteArray server; ///< the first healthy server's name, or "direct"; empty: none is healthy
    friend bool operator==(const WayOut &, const WayOut &) = default;
};

/// The way out according to the overview; nothing if there are no servers.
[[nodiscard]] std::optional<WayOut> wayOutOf(const route::ParentsOverview &overview);

/// A change of the way out, to report to the user.
struct WaySwitch
{
    WayOut from;
    WayOut to;
    std::optional<route::ParentFault> fault; ///< of the server that was left; empty if it has none
};

/// Decides when to tell the user that requests take another way out: once for each switch, and not
/// too often. Pure; the caller passes the time.
///
///     what look() sees                                      what happens
///     the first way after new settings or a start           becomes the known way; no report
///     the known way                                         nothing
///     another way, for less than `settled`                  nothing yet: it may not last
///     another way, for longer                               a report; it becomes the known way
///     the same, less than `pause` after the last report     the report waits until `pause` is over
class WaySwitches
{
public:
    static constexpr std::chrono::seconds settled { 2 };
    static constexpr std::chrono::minutes pause { 1 };

    [[nodiscard]] std::optional<WaySwitch> look(const route::ParentsOverview &overview,
                                                TimePoint now);
    /// Forgets the known way: the next one becomes it without a report.
    void forget();

private:
    std::optional<WayOut> m_known;
    std::optional<WayOut> m_seen; ///< at the last look
    TimePoint m_seenSince {};
    std::optional<TimePoint> m_toldAt;
};

} // namespace sami::gui
