// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"
#include "server/reply.h"

#include <chrono>

/// The proxy's own pages: what a request in origin-form gets.
namespace sami::server {

/// Whether the path is one of the pages that are never refused: "/", "/health", "/status".
[[nodiscard]] bool isStatusPage(QByteArrayView path);

/// 200, 503 while draining, 405 for other methods, 404 for other paths.
[[nodiscard]] Reply statusPage(QByteArrayView method, QByteArrayView path,
                               std::chrono::seconds uptime, bool draining);

} // namespace sami::server
