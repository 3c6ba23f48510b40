// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "route/parentstate.h"

#include <QByteArray>

#include <chrono>
#include <optional>

namespace sami::gui {

/// Which way new requests go out: the server that is well and asked first, or nobody.
struct WayOut
{
    QByteArray server; ///< its name, "direct" for none of them; empty: no server is well
    friend bool operator==(const WayOut &, const WayOut &) = default;
};

/// The way that an overview shows; nothing where there are no servers.
[[nodiscard]] std::optional<WayOut> wayOutOf(const route::ParentsOverview &overview);

/// Another way than the one that a person knows of.
struct WaySwitch
{
    WayOut from;
    WayOut to;
    std::optional<route::ParentFault> fault; ///< of the one that was left, unless it is well
};

/// Decides when a person is told that requests take another way out: once for a switch, and never
/// again and again. Pure, with a clock that its caller brings.
///
///     what is seen                                          then
///     the first way after new settings or a start           known; nothing is told
///     the way that is known                                 nothing
///     another one, for less than `settled`                  nothing yet: it may be gone at once
///     another one, for longer                               told, and known from then on
///     the same less than `pause` after the last was told    told once that is over
class WaySwitches
{
public:
    static constexpr std::chrono::seconds settled { 2 };
    static constexpr std::chrono::minutes pause { 1 };

    [[nodiscard]] std::optional<WaySwitch> look(const route::ParentsOverview &overview,
                                                TimePoint now);
    /// What comes next is new, and nothing that a person has to be told.
    void forget();

private:
    std::optional<WayOut> m_known;
    std::optional<WayOut> m_seen; ///< of the last look
    TimePoint m_seenSince {};
    std::optional<TimePoint> m_toldAt;
};

} // namespace sami::gui
