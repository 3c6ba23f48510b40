// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "config/parents.h"
#include "route/parentfault.h"

#include <QByteArray>

#include <optional>
#include <vector>

/// What shells see of the parents: plain values, copied out. They make the sentences.
namespace sami::route {

/// What is known of one parent.
enum class ParentCondition {
    Healthy, ///< as far as anybody knows
    Resting, ///< it failed, and is asked by nobody who has another choice
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
    std::optional<Fault> fault; ///< the last one, unless it is healthy
    Clock::duration rest {};    ///< how much of it is left
    int goodSigns = 0;          ///< since its rest ended
    bool isPreferred = false;   ///< new journeys ask it first
    bool isBarred = false;      ///< weaker than one before it that could not show that it is itself
    std::optional<Clock::duration> latency; ///< the last time that TCP took to reach it
    /// Until when the certificate is good that it showed last; none: it has shown none.
    std::optional<WallTime> certificateUntil {};
    friend bool operator==(const ParentState &, const ParentState &) = default;
};

/// Another parent is the preferred one: the first in the list that is healthy and not barred. Names
/// are those of the settings; an empty one is nobody, and the others are asked all the same.
struct Switch
{
    QByteArray from;
    QByteArray to;
    QByteArray who;             ///< has made it so: failed, or is well again
    std::optional<Fault> fault; ///< of that one; none: it is well again
    friend bool operator==(const Switch &, const Switch &) = default;
};

/// All of them.
struct ParentsOverview
{
    std::vector<ParentState> parents; ///< in the order of the settings; empty: there are none
    quint64 switches = 0;             ///< how often another one was preferred since the start
    Switch last {};                   ///< the last of them
    friend bool operator==(const ParentsOverview &, const ParentsOverview &) = default;
};

} // namespace sami::route
