// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <optional>

namespace sami::net {

/// The result of one accept(2).
struct AcceptResult
{
    enum class Status { Connection, NobodyWaits, Failed };
    Status status = Status::NobodyWaits;
    qintptr descriptor = -1; ///< for Connection
    SocketAddress peer;      ///< for Connection; an IPv4-mapped address as IPv4
    int error = 0;           ///< for Failed: errno
};

/// An accepted connection, with what its stream needs.
struct AcceptedSocket
{
    qintptr descriptor = -1;
    SocketAddress peer; ///< null if the system can no longer tell
    /// The keepalive inherited from the listener; the other options are then inherited too
    /// (setForArrivals()). If there is none, all options are still to be set.
    std::optional<int> keepaliveSeconds;
};

/// Whether acceptConnection() is available; otherwise QTcpServer must accept. Where it is,
/// QTcpServer must not: after its first empty accept it treats every later error (even running out
/// of descriptors) as empty, reports nothing, and retries in a busy loop.
[[nodiscard]] bool canAcceptNatively();

/// Accepts the next connection of a listening, non-blocking socket. Skips clients that are already
/// gone.
[[nodiscard]] AcceptResult acceptConnection(qintptr listener);

/// The peer of a connection that QTcpServer accepted; null if it is gone.
[[nodiscard]] SocketAddress peerOf(qintptr descriptor);

} // namespace sami::net
