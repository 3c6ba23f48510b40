// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <chrono>
#include <optional>
#include <ratio>

namespace sami::net {

/// Tells whether a peer still takes what waits for it, however slowly. With full kernel buffers
/// nothing moves in this process for a long time, but the peer acknowledges octets. A value; pure.
/// Its owner calls look() after each wait, so it needs no clock, and a peer is not late because
/// this machine was asleep.
///
/// | undelivered                    | the peer last took some…  | verdict                         |
/// |--------------------------------|---------------------------|---------------------------------|
/// | nothing                        | (does not matter)         | over: nothing is left to take   |
/// | less than at the last look     | since then                | wait; its patience begins again |
/// | the same, or more              | within its patience       | wait                            |
/// | the same, or more              | before that               | over                            |
class TakingWatch
{
public:
    /// How long a peer may take nothing, where no setting says it: nginx's send_timeout.
    static constexpr std::chrono::milliseconds usualPatience { 60'000 };
    /// The longest wait between two looks.
    static constexpr std::chrono::milliseconds interval { 2'000 };

    using Wait = std::optional<std::chrono::milliseconds>;

    /// Call when octets begin to wait. `undelivered` is ByteStream::undeliveredBytes(). Returns how
    /// long to wait before look(), or nothing if it is over.
    [[nodiscard]] Wait begin(qsizetype undelivered, std::chrono::milliseconds patience)
    {
        m_undelivered = undelivered;
        m_patience = m_left = std::chrono::duration_cast<Span>(patience);
        return next();
    }
    /// Call when that time has passed. Returns how long to wait before the next look(), or nothing
    /// if it is over.
    [[nodiscard]] Wait look(qsizetype undelivered)
    {
        if (undelivered < m_undelivered)
            m_left = m_patience;
        else
            m_left -= std::min<Span>(m_left, interval);
        m_undelivered = undelivered;
        return next();
    }
    /// Whether begin() was called and it is not over.
    [[nodiscard]] bool isWaiting() const { return m_undelivered > 0 && m_left > Span::zero(); }

private:
    /// Only 32 bits, because each silent tunnel has a watch: 24 days, and no setting exceeds a day.
    using Span = std::chrono::duration<qint32, std::milli>;

    [[nodiscard]] Wait next() const
    {
        if (!isWaiting())
            return std::nullopt;
        return std::min<std::chrono::milliseconds>(interval, m_left);
    }

    qsizetype m_undelivered = 0; ///< at the last look
    Span m_patience {};
    Span m_left {};
};

} // namespace sami::net
