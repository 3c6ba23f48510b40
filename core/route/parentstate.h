// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "config/parents.h"
#include "route/parentfault.h"

#include <QByteArray>

#include <optional>
#include <vector>

/// What shells see of the parents: plain values, copied out. The shells word them for people.
namespace sami::route {

/// What is known of one parent.
enum class ParentCondition {
    Healthy, ///< as far as anybody knows
    Resting, ///< it failed; journeys with another choice avoid it
    Probing, ///< its rest is over: it has to show that it is well
    ShutOut, ///< it refused our credentials, and is not asked before settings change
};

/// Stable codes: "healthy", "resting", "probing", "shut_out".
[[nodiscard]] const char *toString(ParentCondition condition);

/// One parent.
struct ParentState
{
    config::ParentKind kind {};
    QByteArray name;
    ParentCondition condition = ParentCondition::Healthy;
    std::optional<ParentFault> fault; ///< the last one, unless it is healthy
    Clock::duration rest {};          ///< what is left of it
    int goodSigns = 0;                ///< since its rest ended
    bool isPreferred = false;         ///< new journeys ask it first
    bool isBarred = false;            ///< weaker than one before it that did not prove its identity
    std::optional<Clock::duration> latency; ///< the latest TCP connect time
    /// When the certificate that it showed last expires; nothing if it has shown none.
    std::optional<WallTime> certificateUntil {};
    friend bool operator==(const ParentState &, const ParentState &) = default;
};

/// Another parent is now the preferred one: the first in the list that is healthy and not barred.
/// Names are those in the settings. An empty name means that no parent is preferred; journeys still
/// ask them all.
struct Switch
{
    QByteArray from;
    QByteArray to;
    QByteArray who;                   ///< the one that caused it: it failed, or is well again
    std::optional<ParentFault> fault; ///< why it failed; nothing: it is well again
    friend bool operator==(const Switch &, const Switch &) = default;
};

/// All parents.
struct ParentsOverview
{
    std::vector<ParentState> parents; ///< in the order of the settings; empty: there are none
    quint64 switches = 0;             ///< since the start
    Switch last {};                   ///< the last of them
    friend bool operator==(const ParentsOverview &, const ParentsOverview &) = default;
};

} // namespace sami::route
