// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"
#include "server/reply.h"

#include <chrono>

/// The proxy's own pages, for requests in origin-form.
namespace sami::server {

/// Whether the request is for one of these pages: "/", "/health", "/status", and the server as a
/// whole (RFC 9110 §9.3.7: OPTIONS *).
[[nodiscard]] bool isStatusPage(QByteArrayView method, QByteArrayView path);

/// 404.
[[nodiscard]] Reply noSuchPage();

/// 200; 503 while draining; 405 for other methods. Only for a status page.
[[nodiscard]] Reply statusPage(QByteArrayView method, QByteArrayView path,
                               std::chrono::seconds uptime, bool draining);

} // namespace sami::server
