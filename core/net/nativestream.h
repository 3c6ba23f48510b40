// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/connector.h"

namespace sami::net {

/// An attempt to connect by the platform's native way, or by Qt's sockets if `portable` asks for
/// them. `tls`: takeTlsSocket() will be called, otherwise takeStream().
[[nodiscard]] ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable);

} // namespace sami::net
