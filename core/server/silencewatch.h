// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtGlobal>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace sami::server {

/// Decides when two legs on which nothing moves have been silent for long enough.
///
/// A slow reader behind full kernel buffers moves nothing here for a long time, yet is not silent:
/// what it has not acknowledged shrinks.
///
/// | nothing has moved for… | undelivered since the last look | verdict              |
/// |------------------------|---------------------------------|----------------------|
/// | less than the limit    | (not asked)                     | look at the limit    |
/// | the limit or longer    | has changed, and is some        | look soon again      |
/// | the limit or longer    | the same, or none               | silent               |
class SilenceWatch
{
public:
    /// How soon a peer that has not acknowledged everything is looked at again.
    static constexpr std::chrono::milliseconds deliveryLook { 5'000 };

    /// When to look again; empty if both legs were silent for `limit`. `undelivered` returns how
    /// many octets the peers have not acknowledged; it is called only where that matters.
    template <typename Undelivered>
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    look(Clock::duration idle, std::chrono::milliseconds limit, const Undelivered &undelivered)
    {
        if (idle < limit) {
            m_undelivered = -1;
            return std::chrono::ceil<std::chrono::milliseconds>(limit - idle);
        }
        const qsizetype now = undelivered();
        if (std::exchange(m_undelivered, now) != now && now > 0)
            return std::min(limit, deliveryLook);
        return std::nullopt;
    }

private:
    qsizetype m_undelivered = -1; ///< at the last look
};

} // namespace sami::server
