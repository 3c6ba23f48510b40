// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "config/settings.h"
#include "route/route.h"

namespace sami::route {

/// The way that a journey to `endpoint` takes under these settings. Pure. Everybody who needs it
/// asks here: the pool for a connection that was made that way, the dial for a new one.
///
///     settings   the way
///     any        direct
[[nodiscard]] Route routeFor(const config::UpstreamSettings &settings, const Endpoint &endpoint);

} // namespace sami::route
