// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "server/places.h"

namespace sami::server {

/// What counts in place of the limits that were asked for. Pure.
struct EffectiveLimits
{
    /// Workers where the settings leave their number open, one a core.
    static constexpr int maxThreads = 8;

    /// `wanted` is THREADS, 0 for the usable cores.
    [[nodiscard]] static int threads(int wanted, int cores);
    /// MAX_CONCURRENT_CONNECTIONS is lowered to what the limit on open files allows.
    [[nodiscard]] static PlaceLimits places(const config::LimitSettings &wanted, qint64 possible);
};

} // namespace sami::server
