// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QString>

namespace sami::daemon {

/// Asks the proxy that these settings describe for /health (a wildcard address becomes loopback).
/// Empty when it is healthy, else what is wrong.
[[nodiscard]] QString checkHealth(const config::Settings &settings);

} // namespace sami::daemon
