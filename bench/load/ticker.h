// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <queue>

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace sami::bench {

/// Something to be called at regular intervals.
class Ticking
{
public:
    virtual ~Ticking() = default;
    virtual void tick() = 0;
};

/// Calls many of them, each with its own interval and phase, so that independent streams do not run
/// in lockstep. A late tick does not delay the following ones.
class Ticker
{
public:
    using Interval = std::chrono::microseconds;

    void add(Ticking *ticking, Interval interval, Interval phase);
    void remove(Ticking *ticking) { m_members.erase(ticking); }
    [[nodiscard]] TimePoint nextDue() const;
    void fire();

private:
    struct Due
    {
        TimePoint time;
        Ticking *ticking;
        uint64_t id;
        friend bool operator>(const Due &a, const Due &b) { return a.time > b.time; }
    };
    struct Member
    {
        uint64_t id; ///< distinguishes a new member from a dead one at the same address
        Interval interval;
    };

    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_queue;
    std::unordered_map<Ticking *, Member> m_members;
    uint64_t m_lastId = 0;
};

} // namespace sami::bench
