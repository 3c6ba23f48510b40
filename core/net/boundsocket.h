// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"
#include "net/descriptor.h"

#include <QString>

namespace sami::net {

/// A TCP door in two steps: its address is taken, but nobody can connect until it listens. Once a
/// socket listens, the kernel accepts connections even if nobody in this process takes them.
///
///     bindSocket()    startListening()    pauseListening()
///     bound           listens             bound: connections are refused

/// Whether this platform has the two steps; otherwise QTcpServer does both at once.
[[nodiscard]] bool canBindAlone();

/// A non-blocking socket; port 0 becomes a free one that it keeps. "::" (QHostAddress::Any) takes
/// IPv4 too.
[[nodiscard]] Result<Descriptor, QString> bindSocket(const SocketAddress &where);
[[nodiscard]] Result<void, QString> startListening(const Descriptor &bound, int backlog);
/// Resets the clients that wait to be accepted; the address stays taken.
void pauseListening(const Descriptor &listening);
[[nodiscard]] SocketAddress boundAddressOf(const Descriptor &bound);
/// How many connections wait to be accepted; 0 where the system does not say.
[[nodiscard]] int waitingConnections(const Descriptor &listening);

} // namespace sami::net
