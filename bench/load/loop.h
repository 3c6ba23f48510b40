// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

/// The load generator: Linux, plain epoll, no Qt, so that no code shared with the daemon can favour
/// or burden one side.
namespace sami::bench {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

/// Waits for one descriptor.
class Handler
{
public:
    virtual ~Handler() = default;
    /// Gets epoll's event bits. May delete itself here, but no other handler.
    virtual void ready(uint32_t events) = 0;
};

/// Level-triggered epoll, one per process.
class Loop
{
public:
    Loop();
    ~Loop();
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void add(int descriptor, uint32_t events, Handler *handler);
    void change(int descriptor, uint32_t events, Handler *handler);
    /// Delivers what is ready; waits until `until` at most, to the microsecond.
    void poll(TimePoint until);

private:
    int m_epoll;
};

/// Polls until the condition holds; false if the deadline comes first.
template <typename Condition>
[[nodiscard]] bool pollUntil(Loop &loop, TimePoint deadline, Condition condition)
{
    while (!condition()) {
        if (Clock::now() >= deadline)
            return false;
        loop.poll(deadline);
    }
    return true;
}

} // namespace sami::bench
