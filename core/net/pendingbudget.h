// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <atomic>
#include <limits>

namespace sami::net {

/// What the streams of one proxy together keep of octets that their peers do not take. One stream
/// keeps one read of its other leg at most; thousands of clients that stop reading would have the
/// product. Over the budget reads become small, so that each later one keeps little; nobody is cut
/// or refused for a body. A head is written whole: who does not take a large one is cut then.
///
/// Counted is what they take of the heap. Thread-safe: one counter, touched only where the kernel
/// took less than it was given. Must outlive the streams.
class PendingBudget
{
    Q_DISABLE_COPY_MOVE(PendingBudget)

public:
    PendingBudget() = default;
    ~PendingBudget() = default;

    /// Octets; until the first call there is no limit.
    void setLimit(qint64 octets) { m_limit.store(octets, std::memory_order_relaxed); }
    /// That many octets more are kept, or less when negative.
    void count(qint64 octets) { m_pending.fetch_add(octets, std::memory_order_relaxed); }
    /// Whether all together keep more than they may.
    [[nodiscard]] bool isOverdrawn() const
    {
        return m_pending.load(std::memory_order_relaxed) > m_limit.load(std::memory_order_relaxed);
    }
    /// What one read may take whose octets go to another leg: scratchSize, or 4 KiB while the
    /// budget is overdrawn.
    [[nodiscard]] qsizetype forwardingReadSize() const;

private:
    std::atomic<qint64> m_limit { std::numeric_limits<qint64>::max() };
    std::atomic<qint64> m_pending { 0 };
};

} // namespace sami::net
