// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/relay.h"

#include <QtGlobal>

#include <chrono>
#include <optional>

namespace sami::net {

/// Hears of a tunnel what may be known of it: totals, times and gaps, but never the size or the
/// time of a single piece, which would tell what is said in it. Owned by whoever listens; called in
/// the relay's thread, from inside its work: it neither waits nor touches the relay and its legs.
class Tap
{
    Q_DISABLE_COPY_MOVE(Tap)

public:
    /// Shorter ones belong to what is said.
    static constexpr std::chrono::seconds leastGap { 1 };

    /// Octets move again, after none did in either direction for `gap`, which is leastGap or more.
    virtual void handleGap(Clock::duration gap, TimePoint now) = 0;
    /// The tunnel is over, once. `end`: who ended it first, and how; none where the proxy cut it.
    virtual void handleOver(const std::optional<RelayEnd> &end, const Traffic &totals,
                            TimePoint now) = 0;

protected:
    Tap() = default;
    ~Tap() = default;
};

} // namespace sami::net
