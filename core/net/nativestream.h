// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/connector.h"

namespace sami::net {

/// How many kernel pipes the whole process may use to pass bulk on without copying it; each costs
/// two descriptors while it lives. Thread-safe.
void setPipeBudget(int pipes);

/// An attempt to connect by the platform's native way, or by Qt's sockets if `portable` asks for
/// them. `tls`: takeTlsSocket() will be called, otherwise takeStream().
[[nodiscard]] ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable);

} // namespace sami::net
