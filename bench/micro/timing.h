// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace sami::bench {

/// Nanoseconds per call: the best of several series, because disturbances only add time.
template <typename Work> [[nodiscard]] double nanoseconds(Work work)
{
    using Clock = std::chrono::steady_clock;
    constexpr int series = 7;
    constexpr std::chrono::milliseconds enough(60);
    double best = 0;
    for (int i = 0; i < series; ++i) {
        long calls = 0;
        const Clock::time_point begin = Clock::now();
        Clock::duration taken {};
        do {
            for (int j = 0; j < 16; ++j, ++calls)
                work();
            taken = Clock::now() - begin;
        } while (taken < enough);
        const double each =
            std::chrono::duration<double, std::nano>(taken).count() / static_cast<double>(calls);
        best = i == 0 ? each : std::min(best, each);
    }
    return best;
}

} // namespace sami::bench
