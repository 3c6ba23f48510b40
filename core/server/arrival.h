// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/descriptor.h"
#include "server/doorspec.h"

#include <optional>

namespace sami::server {

/// A connection that was accepted and has no session yet, and what is known of it. It goes from
/// hand to hand, from the accept thread to a worker; whoever lets it go closes the connection.
struct Arrival
{
    net::Descriptor descriptor;
    SocketAddress peer; ///< null where the system cannot say any more who it was
    QByteArray door;    ///< DoorSpec::id of the door it came in by
    DoorKind kind = DoorKind::Proxy;
    /// The keepalive that it has from its listener, and then the other options too
    /// (net::setForArrivals()). Nothing: all are still to be set.
    std::optional<int> keepaliveSeconds {};
};

} // namespace sami::server
