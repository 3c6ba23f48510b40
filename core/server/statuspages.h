// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"
#include "server/reply.h"

#include <chrono>

/// The proxy's own pages: what a request in origin-form gets.
namespace sami::server {

/// Whether that asks for one of the pages that are never refused: "/", "/health", "/status", and
/// the server as a whole (RFC 9110 §9.3.7: OPTIONS *).
[[nodiscard]] bool isStatusPage(QByteArrayView method, QByteArrayView path);

/// 404: there is none.
[[nodiscard]] Reply noSuchPage();

/// 200, 503 while draining, 405 for other methods; of a page only.
[[nodiscard]] Reply statusPage(QByteArrayView method, QByteArrayView path,
                               std::chrono::seconds uptime, bool draining);

} // namespace sami::server
