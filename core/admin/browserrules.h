// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/reply.h"
#include "config/servername.h"
#include "http/headerlist.h"

#include <QHostAddress>
#include <QList>

#include <optional>

namespace sami::admin {

/// By which names we may be called.
struct OwnHosts
{
    QList<config::ServerName> named; ///< PROXY_ADMIN_HOSTS
    QHostAddress reachedAt;          ///< where this connection came in; null for a Unix socket
};

/// Which door is asked.
enum class AskedDoor { Admin, Metrics };

/// Whether a request may have come from a foreign web page. Judged before everything else.
/// A browser that is at work here can reach loopback and whatever this machine can, and sends what
/// any page wants; what tells us is what it does not let a page write. Pure.
///
///     field             passes                                           otherwise
///     Host              exactly one: localhost, an address of loopback,  421 unknown_host: a name
///                       the address that was called, PROXY_ADMIN_HOSTS;  that an attacker points
///                       the port does not count (tunnels change it)      here is none of these
///     Origin            none, or one that names the same host and port   403 foreign_origin
///                       as Host
///     Sec-Fetch-Site    none, or one: same-origin, none (typed in)       403 foreign_origin
///
/// Programs send neither Origin nor Sec-Fetch-Site. For the metrics' door Host counts only where
/// one of them, or another Sec-Fetch field, says that a browser asks: whoever scrapes goes by names
/// that nobody told us.
[[nodiscard]] std::optional<Reply> refuseForeign(const http::HeaderList &fields,
                                                 const OwnHosts &own, AskedDoor door);

} // namespace sami::admin
