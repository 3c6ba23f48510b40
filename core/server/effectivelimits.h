// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "server/places.h"

namespace sami::server {

/// The limits in force, as derived from the requested ones. Pure.
struct EffectiveLimits
{
    /// The most workers if the settings leave the number open. With fewer cores there is one per
    /// core.
    static constexpr int maxThreads = 8;

    /// `wanted` is PROXY_THREADS; 0 means one per usable core.
    [[nodiscard]] static int threads(int wanted, int cores);
    /// Lowers MAX_CONCURRENT_CONNECTIONS to what the limit on open files allows.
    [[nodiscard]] static PlaceLimits places(const config::LimitSettings &wanted, qint64 possible);
};

} // namespace sami::server
