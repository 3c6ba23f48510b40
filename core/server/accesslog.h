// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/snapshot.h"

namespace sami::server {

/// Writes the one log line that ends every request, tunnel, or connection without a request. The
/// only place where that line is made.
/// Unless it is paid for (PostMortem), at debug.
void writeAccessLine(const FinishedWork &work, bool isPaidFor);

/// About how many octets that line takes of the log, its texts escaped.
[[nodiscard]] qsizetype accessLineCost(const FinishedWork &work);

/// Of a connection that is over: how many of its lines were not paid for.
void writeLeftOutLine(const FinishedWork &work, quint32 lines);

} // namespace sami::server
