// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <optional>

namespace sami::net {

/// What became of one accept(2).
struct Accepted
{
    enum class Status { Connection, NobodyWaits, Failed };
    Status status = Status::NobodyWaits;
    qintptr descriptor = -1; ///< of a connection
    SocketAddress peer;      ///< of a connection; an IPv4-mapped address as IPv4
    int error = 0;           ///< of a failure: errno
};

/// A connection that was accepted, as its stream is made of it.
struct AcceptedSocket
{
    qintptr descriptor = -1;
    SocketAddress peer; ///< null where the system cannot say any more who it was
    /// The keepalive that it has from its listener, and then the other options too
    /// (setForArrivals()). Nothing: all are still to be set.
    std::optional<int> keepaliveSeconds;
};

/// Whether acceptConnection() is there; otherwise QTcpServer is to accept. Where it is, QTcpServer
/// must not: once it has found nobody waiting it takes every later error, running out of
/// descriptors too, for the same, says nothing and asks again without rest.
[[nodiscard]] bool canAcceptNatively();

/// The next connection of a listening, non-blocking socket. A client that was gone before it was
/// accepted is passed over.
[[nodiscard]] Accepted acceptConnection(qintptr listener);

/// Who is at the other end of a connection that QTcpServer accepted; null when it is gone.
[[nodiscard]] SocketAddress peerOf(qintptr descriptor);

} // namespace sami::net
