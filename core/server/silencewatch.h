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
/// A slow reader with full kernel buffers moves nothing here for a long time. It is not silent: its
/// unacknowledged octets become fewer.
///
/// | nothing has moved for… | undelivered since the last look | verdict              |
/// |------------------------|---------------------------------|----------------------|
/// | less than the limit    | (not asked)                     | look at the limit    |
/// | the limit or longer    | has changed, and is not zero    | look again soon      |
/// | the limit or longer    | the same, or zero               | silent               |
class SilenceWatch
{
public:
    /// How soon to look again at a peer that has not acknowledged everything.
    static constexpr std::chrono::milliseconds deliveryLook { 5'000 };

    /// Returns when to look again, or nothing if both legs have been silent for `limit`.
    /// `undelivered` returns how many octets the peers have not acknowledged; it is called only
    /// where that matters.
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
