// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::server {

/// Decides when to return freed memory to the system: after a burst of connections malloc keeps
/// what they took, unless it is told to return it. Pure.
///
/// | the most at once | connections now   | release |
/// |------------------|-------------------|---------|
/// | less than 512    | any               | no      |
/// | 512 or more      | more than half    | no      |
/// | 512 or more      | half of it, less  | yes     |
struct MemoryRelease
{
    /// With fewer connections, a walk through the heap is not worth its time.
    static constexpr int crowd = 512;

    /// `peak` is the most connections at once since the last release.
    [[nodiscard]] static constexpr bool isDue(int held, int peak)
    {
        return peak >= crowd && held <= peak / 2;
    }
};

} // namespace sami::server
