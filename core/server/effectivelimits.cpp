// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/effectivelimits.h"

#include <algorithm>

namespace sami::server {

int EffectiveLimits::threads(int wanted, int cores)
{
    return wanted > 0 ? wanted : std::min(cores, maxThreads);
}

PlaceLimits EffectiveLimits::places(const config::LimitSettings &wanted, qint64 possible)
{
    return { static_cast<int>(std::min<qint64>(wanted.maxConnections, possible)),
             wanted.maxConnectionsPerClient };
}

} // namespace sami::server
