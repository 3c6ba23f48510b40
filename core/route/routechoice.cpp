// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/routechoice.h"

namespace sami::route {

Route routeFor(const config::UpstreamSettings &, const Endpoint &)
{
    return {};
}

} // namespace sami::route
