// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <atomic>
#include <limits>
#include <utility>

namespace sami::net {

/// What the connections of one proxy may hold beyond the two descriptors that each is counted with,
/// the client's and one upstream's: the attempts of a race that are not its only one, an upstream
/// connection that is kept for its client beside another. Each is a convenience, and whoever gets
/// no place goes on without: a race gives up its oldest attempt for the next one.
///
/// Without a limit one client that dials names with many black holes would take the descriptors
/// that others are accepted with. Thread-safe.
class ExtraDescriptors
{
public:
    /// Room for one descriptor, or none; given back when it dies. The ExtraDescriptors must outlive
    /// it.
    class Place
    {
        Q_DISABLE_COPY(Place)

    public:
        Place() = default;
        Place(Place &&other) noexcept : m_budget(std::exchange(other.m_budget, nullptr)) {}
        Place &operator=(Place &&other) noexcept
        {
            Place old(std::move(*this));
            m_budget = std::exchange(other.m_budget, nullptr);
            return *this;
        }
        ~Place()
        {
            if (m_budget)
                m_budget->m_taken.fetch_sub(1, std::memory_order_relaxed);
        }

        [[nodiscard]] bool isTaken() const { return m_budget != nullptr; }

    private:
        friend class ExtraDescriptors;
        explicit Place(ExtraDescriptors &budget) : m_budget(&budget) {}

        ExtraDescriptors *m_budget = nullptr;
    };

    ExtraDescriptors() = default;
    Q_DISABLE_COPY_MOVE(ExtraDescriptors)
    ~ExtraDescriptors() = default;

    /// Until the first call there is no limit. What is held stays held.
    void setLimit(int limit) { m_limit.store(limit, std::memory_order_relaxed); }
    /// None when all are taken.
    [[nodiscard]] Place take();
    [[nodiscard]] int taken() const { return m_taken.load(std::memory_order_relaxed); }

private:
    std::atomic<int> m_limit { std::numeric_limits<int>::max() };
    std::atomic<int> m_taken { 0 };
};

} // namespace sami::net
