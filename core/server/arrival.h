// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/descriptor.h"
#include "server/doorspec.h"

#include <optional>

namespace sami::server {

/// An accepted connection without a session, and what is known about it. It passes from the accept
/// thread to a worker; dropping it closes the connection.
struct Arrival
{
    net::Descriptor descriptor;
    SocketAddress peer; ///< null if the system can no longer say who it was
    QByteArray door;    ///< DoorSpec::id of the door it came in by
    DoorKind kind = DoorKind::Proxy;
    /// The keepalive that it inherited from its listener, along with the other options
    /// (net::setForArrivals()). Empty: all options still have to be set.
    std::optional<int> keepaliveSeconds {};
};

} // namespace sami::server
