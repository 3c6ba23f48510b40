// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtGlobal>

#include <atomic>
#include <optional>

namespace sami::net {

/// Totals and times of one client connection. The worker that owns the connection writes them; any
/// thread reads them. Relaxed atomics with a single writer: no lock and no locked instruction in
/// the byte path.
class Traffic
{
    Q_DISABLE_COPY_MOVE(Traffic)

public:
    explicit Traffic(TimePoint now);

    void countUp(qsizetype bytes, TimePoint now);   ///< client → upstream
    void countDown(qsizetype bytes, TimePoint now); ///< upstream → client
    /// Call when a request or tunnel begins: silence and first octet are measured from here.
    void beginWork(TimePoint now);

    [[nodiscard]] quint64 up() const { return m_up.load(std::memory_order_relaxed); }
    [[nodiscard]] quint64 down() const { return m_down.load(std::memory_order_relaxed); }
    [[nodiscard]] TimePoint lastUp() const;
    [[nodiscard]] TimePoint lastDown() const;
    /// The latest of the two and of beginWork().
    [[nodiscard]] TimePoint lastActivity() const;
    /// When the upstream's first octet since beginWork() arrived.
    [[nodiscard]] std::optional<TimePoint> firstDown() const;
    /// The longest time without an octet in either direction since beginWork(), including the
    /// current one.
    [[nodiscard]] Clock::duration longestSilence(TimePoint now) const;

private:
    void touch(TimePoint now);

    std::atomic<quint64> m_up { 0 };
    std::atomic<quint64> m_down { 0 };
    std::atomic<Clock::rep> m_lastUp;
    std::atomic<Clock::rep> m_lastDown;
    std::atomic<Clock::rep> m_lastActivity;
    std::atomic<Clock::rep> m_firstDown { 0 }; ///< 0: not yet
    std::atomic<Clock::rep> m_longestSilence { 0 };
};

} // namespace sami::net
