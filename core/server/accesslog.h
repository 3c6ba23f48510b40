// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/snapshot.h"

namespace sami::server {

/// Writes the one log line that ends every request, tunnel, or connection without a request. The
/// only place where that line is made.
void writeAccessLine(const FinishedWork &work);

} // namespace sami::server
