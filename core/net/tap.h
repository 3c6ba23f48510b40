// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/relay.h"

#include <QtGlobal>

#include <chrono>
#include <optional>

namespace sami::net {

/// Observes what may be known of a tunnel: totals, times and gaps, but never the size or time of a
/// single piece, which would reveal its content. Owned by the observer. Called in the relay's
/// thread from inside its work: it must not block, nor touch the relay and its legs.
class Tap
{
    Q_DISABLE_COPY_MOVE(Tap)

public:
    /// Shorter gaps are part of the content.
    static constexpr std::chrono::seconds leastGap { 1 };

    /// Octets flow again after none did in either direction for `gap`, at least leastGap.
    virtual void handleGap(Clock::duration gap, TimePoint now) = 0;
    /// Called once when the tunnel is over. `end` says who ended it first, and how; none if the
    /// proxy cut it.
    virtual void handleOver(const std::optional<RelayEnd> &end, const Traffic &totals,
                            TimePoint now) = 0;

protected:
    Tap() = default;
    ~Tap() = default;
};

} // namespace sami::net
