// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"

#include <QString>

namespace sami::net {

/// Prepares a listening socket opened by another process for accepting. It must be a TCP socket
/// that listens at `where` (port 0: any port; QHostAddress::Any: IPv4 too). It becomes non-blocking
/// and close-on-exec. The error says what it is instead and what to do; the descriptor is unchanged
/// then. The caller keeps the ownership in either case. Always an error on Windows. Thread-safe.
[[nodiscard]] Result<void, QString> takeOverListener(qintptr descriptor,
                                                     const SocketAddress &where);

} // namespace sami::net
