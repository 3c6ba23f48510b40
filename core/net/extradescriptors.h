// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <atomic>
#include <limits>
#include <utility>

namespace sami::net {

/// Descriptors that one proxy holds beyond the two that each connection is counted with (the
/// client's and one upstream's): further attempts of a race, an upstream connection kept for its
/// client next to another, and spare connections to parents. Each is optional: without a slot for
/// it, a race gives up its oldest attempt for the next one, and the others do without.
///
/// Without this limit, one client that dials names with many black holes would use up the
/// descriptors needed to accept others. Thread-safe.
class ExtraDescriptors
{
public:
    /// Room for one descriptor, or none. Given back on destruction. The ExtraDescriptors must
    /// outlive it.
    class Slot
    {
        Q_DISABLE_COPY(Slot)

    public:
        Slot() = default;
        Slot(Slot &&other) noexcept : m_budget(std::exchange(other.m_budget, nullptr)) {}
        Slot &operator=(Slot &&other) noexcept
        {
            Slot old(std::move(*this));
            m_budget = std::exchange(other.m_budget, nullptr);
            return *this;
        }
        ~Slot()
        {
            if (m_budget)
                m_budget->m_taken.fetch_sub(1, std::memory_order_relaxed);
        }

        [[nodiscard]] bool isTaken() const { return m_budget != nullptr; }

    private:
        friend class ExtraDescriptors;
        explicit Slot(ExtraDescriptors &budget) : m_budget(&budget) {}

        ExtraDescriptors *m_budget = nullptr;
    };

    ExtraDescriptors() = default;
    Q_DISABLE_COPY_MOVE(ExtraDescriptors)
    ~ExtraDescriptors() = default;

    /// No limit until the first call. Slots already taken stay.
    void setLimit(int limit) { m_limit.store(limit, std::memory_order_relaxed); }
    /// Not taken if the limit is reached.
    [[nodiscard]] Slot take();
    [[nodiscard]] int taken() const { return m_taken.load(std::memory_order_relaxed); }

private:
    std::atomic<int> m_limit { std::numeric_limits<int>::max() };
    std::atomic<int> m_taken { 0 };
};

} // namespace sami::net
