// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/takingwatch.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace sami::server {

/// Decides when two legs on which nothing moves have been silent for long enough. A slow reader is
/// not silent (net::TakingWatch).
///
/// | nothing has moved for… | of what is undelivered, the peers…        | verdict              |
/// |------------------------|-------------------------------------------|----------------------|
/// | less than the limit    | (not asked)                               | look at the limit    |
/// | the limit or longer    | have none                                 | silent               |
/// | the limit or longer    | have taken some within the patience       | look again soon      |
/// | the limit or longer    | have taken none for the patience          | silent               |
///
/// The patience is TakingWatch's, or the limit if that is less. It begins with the first look that
/// asks.
class SilenceWatch
{
public:
    /// Returns when to look again, or nothing if both legs have been silent for `limit`.
    /// `undelivered` returns how many octets the peers have not acknowledged; it is called only
    /// where that matters.
    template <typename Undelivered>
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    look(Clock::duration idle, std::chrono::milliseconds limit, const Undelivered &undelivered)
    {
        if (idle < limit) {
            m_taking = {};
            return std::chrono::ceil<std::chrono::milliseconds>(limit - idle);
        }
        if (m_taking.isWaiting())
            return m_taking.look(undelivered());
        return m_taking.begin(undelivered(), std::min(limit, net::TakingWatch::usualPatience));
    }

private:
    net::TakingWatch m_taking; ///< of both peers; waits once the limit is over
};

} // namespace sami::server
