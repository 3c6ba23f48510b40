// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sami::server {

/// What all client connections together may make the proxy keep. One connection keeps little, but
/// whoever opens thousands of them, which takes no password, has the product. So what a connection
/// keeps is charged at its cost in memory, not at the octets that were sent: a field of one octet
/// takes a hundred.
///
/// Each connection has a free part, which is counted in what a connection costs anyway; only what
/// it keeps beyond is charged. So usual requests never touch the counter, and are never refused
/// because others have spent the budget.
///
/// Thread-safe: one counter.
class OctetBudget
{
public:
    explicit OctetBudget(qint64 limit) : m_limit(limit) {}
    Q_DISABLE_COPY_MOVE(OctetBudget)
    ~OctetBudget() = default;

    [[nodiscard]] bool isSpent() const { return m_held.load(std::memory_order_relaxed) >= m_limit; }

    /// One connection's part; given back when it dies.
    class Share
    {
    public:
        /// What a connection keeps without being charged, in octets.
        static constexpr qint64 freePart = 4096;

        explicit Share(OctetBudget &budget) : m_budget(budget) {}
        Q_DISABLE_COPY_MOVE(Share)
        ~Share() { giveBack(); }

        /// This connection keeps that many octets now. False when it keeps more than the free part
        /// and all together keep too much.
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

        /// How much of the requests to come may be read ahead: little while the budget is spent.
        [[nodiscard]] qsizetype readAheadLimit() const
        {
            return m_budget.isSpent() ? freePart : maxReadAhead;
        }

    private:
        /// Little: it serves to notice a client's end, and saves a turn of the event loop to one
        /// that pipelines. A body is read in larger pieces.
        static constexpr qsizetype maxReadAhead = qsizetype(16) * 1024;

        OctetBudget &m_budget;
        qint64 m_charged = 0;
    };

private:
    const qint64 m_limit;
    std::atomic<qint64> m_held { 0 };
};

} // namespace sami::server
