// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/connector.h"
#include "net/nativeaccept.h"

#include <optional>

namespace sami::net {

/// Makes the stream of an accepted connection, with all options and this keepalive set; it owns the
/// descriptor. Options inherited from the listener are not set again. `portable` and the result are
/// as for adoptDescriptor().
[[nodiscard]] StreamPtr adoptAccepted(const AcceptedSocket &socket, bool portable,
                                      int keepaliveSeconds, Budgets &budgets);

/// An attempt to connect, native or (if `portable`) with Qt's sockets. `tls` says that the stream
/// is for makeTlsHandshake(). `source` is the local address to connect from, of the same family;
/// without one the system chooses.
[[nodiscard]] ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable,
                                         const std::optional<QHostAddress> &source);

} // namespace sami::net
