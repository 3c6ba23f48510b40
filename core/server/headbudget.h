// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <atomic>
#include <utility>

namespace sami::server {

/// What all connections together may hold in request heads that are not finished. One head is
/// small, but whoever opens thousands of connections and finishes no head, which takes no
/// password, would have the product of both. A head that comes whole never asks.
///
/// Thread-safe: one counter, touched only for a head that comes in several pieces.
class HeadBudget
{
public:
    explicit HeadBudget(qint64 limit) : m_limit(limit) {}
    Q_DISABLE_COPY_MOVE(HeadBudget)
    ~HeadBudget() = default;

    /// One connection's part; given back when it dies.
    class Share
    {
    public:
        explicit Share(HeadBudget &budget) : m_budget(budget) {}
        Q_DISABLE_COPY_MOVE(Share)
        ~Share() { giveBack(); }

        /// This connection holds that much now; false when all together hold too much.
        [[nodiscard]] bool hold(qint64 octets)
        {
            const qint64 more = octets - std::exchange(m_held, octets);
            const qint64 before = m_budget.m_held.fetch_add(more, std::memory_order_relaxed);
            return before + more <= m_budget.m_limit;
        }

        void giveBack()
        {
            if (m_held > 0)
                m_budget.m_held.fetch_sub(std::exchange(m_held, 0), std::memory_order_relaxed);
        }

    private:
        HeadBudget &m_budget;
        qint64 m_held = 0;
    };

private:
    const qint64 m_limit;
    std::atomic<qint64> m_held { 0 };
};

} // namespace sami::server
