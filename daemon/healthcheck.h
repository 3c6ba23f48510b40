// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QString>

namespace sami::daemon {

/// Requests /health from the proxy of these settings (a wildcard address becomes loopback). Empty
/// if it is healthy, otherwise what is wrong.
[[nodiscard]] QString checkHealth(const config::Settings &settings);

} // namespace sami::daemon
