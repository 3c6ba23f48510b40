// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <atomic>
#include <limits>

namespace sami::net {

/// Limits the octets that all streams of one proxy hold for slow peers. One stream holds at most
/// one read of its other leg, but thousands of clients that stop reading would multiply that. Above
/// the budget reads become small, so that each further one adds little. This never cuts or refuses
/// a body. A head is written whole, so above the budget a peer that does not take a large one loses
/// its connection.
///
/// Counts heap octets. Thread-safe: one counter, touched only if the kernel took less than it was
/// given. Must outlive the streams.
class PendingBudget
{
    Q_DISABLE_COPY_MOVE(PendingBudget)

public:
    PendingBudget() = default;
    ~PendingBudget() = default;

    /// In octets; no limit until the first call.
    void setLimit(qint64 octets) { m_limit.store(octets, std::memory_order_relaxed); }
    /// Adds that many held octets; negative to subtract.
    void count(qint64 octets) { m_pending.fetch_add(octets, std::memory_order_relaxed); }
    /// Whether all streams together hold more than the limit.
    [[nodiscard]] bool isOverdrawn() const
    {
        return m_pending.load(std::memory_order_relaxed) > m_limit.load(std::memory_order_relaxed);
    }
    /// Most octets of one read that goes to another leg: scratchSize, or 4 KiB while overdrawn.
    [[nodiscard]] qsizetype forwardingReadSize() const;

private:
    std::atomic<qint64> m_limit { std::numeric_limits<qint64>::max() };
    std::atomic<qint64> m_pending { 0 };
};

} // namespace sami::net
