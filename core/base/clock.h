// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace sami {

/// Monotonic time for every deadline and duration. Code that decides by time takes a TimePoint as
/// a parameter instead of reading a clock, so that tests own the time.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

/// Wall-clock time, for logs and snapshots only.
using WallClock = std::chrono::system_clock;
using WallTime = WallClock::time_point;

} // namespace sami
