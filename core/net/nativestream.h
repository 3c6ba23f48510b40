// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/connector.h"
#include "net/nativeaccept.h"

#include <optional>

namespace sami::net {

/// The stream of a connection that was accepted, with all its options set and keepalive as asked
/// for; takes the descriptor over. What it has from its listener is not set again. `portable` and
/// the result as for adoptDescriptor().
[[nodiscard]] StreamPtr adoptAccepted(const AcceptedSocket &socket, bool portable,
                                      int keepaliveSeconds, Budgets &budgets);

/// An attempt to connect by the platform's native way, or by Qt's sockets if `portable` asks for
/// them. `tls`: the stream is for makeTlsHandshake(). `source` is the address of this machine to
/// connect from, of the same family; none: as the system chooses.
[[nodiscard]] ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable,
                                         const std::optional<QHostAddress> &source);

} // namespace sami::net
