// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/connector.h"

#include <optional>

namespace sami::net {

/// An attempt to connect by the platform's native way, or by Qt's sockets if `portable` asks for
/// them. `tls`: takeTlsSocket() will be called, otherwise takeStream(). `source` is the address of
/// this machine to connect from, of the same family; none: as the system chooses.
[[nodiscard]] ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable,
                                         const std::optional<QHostAddress> &source);

} // namespace sami::net
