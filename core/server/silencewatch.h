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
/// A peer that reads slowly behind full buffers of the kernel moves nothing here for long, and is
/// not silent all the same: what it has not acknowledged becomes less.
///
/// | nothing has moved for… | undelivered since the last look | verdict              |
/// |------------------------|---------------------------------|----------------------|
/// | less than the limit    | (not asked)                     | look when it is over |
/// | the limit or longer    | has changed, and is some        | look soon again      |
/// | the limit or longer    | the same, or none               | silent               |
class SilenceWatch
{
public:
    /// How long a peer that has not acknowledged everything is watched before it counts as silent.
    static constexpr std::chrono::milliseconds deliveryLook { 5'000 };

    /// When to look again; nothing: it was silent for `limit`. `undelivered` says how many octets
    /// neither peer has acknowledged, and is asked only where that matters.
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
