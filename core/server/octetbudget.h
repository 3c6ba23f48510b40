// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sami::server {

/// Bounds what all client connections together make the proxy hold. One connection holds little,
/// but anybody can open thousands without a password. So a connection is charged what it costs in
/// memory, not the octets that were sent: a field of one octet takes a hundred.
///
/// Each connection has a free part, which the cost of a connection already includes; only what
/// exceeds it is charged. So usual requests never touch the counter, and are never refused because
/// others have spent the budget.
///
/// Thread-safe: one counter.
class OctetBudget
{
public:
    explicit OctetBudget(qint64 limit) : m_limit(limit) {}
    Q_DISABLE_COPY_MOVE(OctetBudget)
    ~OctetBudget() = default;

    [[nodiscard]] bool isSpent() const { return m_held.load(std::memory_order_relaxed) >= m_limit; }

    /// One connection's share; given back when it is destroyed.
    class Share
    {
    public:
        /// What a connection may hold without being charged, in octets.
        static constexpr qint64 freePart = 4096;

        explicit Share(OctetBudget &budget) : m_budget(budget) {}
        Q_DISABLE_COPY_MOVE(Share)
        ~Share() { giveBack(); }

        /// This connection now holds `octets`. Returns false if it exceeds the free part while the
        /// budget is overdrawn.
        [[nodiscard]] bool hold(qint64 octets)
        {
            const qint64 charged = std::max<qint64>(octets - freePart, 0);
            const qint64 more = charged - std::exchange(m_charged, charged);
            if (more != 0)
                m_budget.m_held.fetch_add(more, std::memory_order_relaxed);
            return charged == 0
                || m_budget.m_held.load(std::memory_order_relaxed) <= m_budget.m_limit;
        }

        void giveBack() { static_cast<void>(hold(0)); }

        /// How much of future requests may be read ahead, in octets: little while the budget is
        /// spent.
        [[nodiscard]] qsizetype readAheadLimit() const
        {
            return m_budget.isSpent() ? freePart : maxReadAhead;
        }

    private:
        /// Small: read-ahead only has to notice a client's end, and to save a pipelining client a
        /// turn of the event loop. Bodies are read in larger pieces.
        static constexpr qsizetype maxReadAhead = qsizetype(16) * 1024;

        OctetBudget &m_budget;
        qint64 m_charged = 0;
    };

private:
    const qint64 m_limit;
    std::atomic<qint64> m_held { 0 };
};

} // namespace sami::server
