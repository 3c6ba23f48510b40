// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"

#include <QString>

namespace sami::net {

/// Makes a listening socket that another process opened fit to accept with: it must be a TCP socket
/// that listens at `where` (port 0: at any port; QHostAddress::Any: for IPv4 too), and becomes
/// non-blocking and closed in the programs that we start. The error says what it is instead and
/// what to do; the descriptor is as it was then. It stays the caller's in either case. On Windows
/// always an error. Thread-safe.
[[nodiscard]] Result<void, QString> takeOverListener(qintptr descriptor,
                                                     const SocketAddress &where);

} // namespace sami::net
