// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/reply.h"
#include "admin/router.h"
#include "config/servername.h"
#include "http/headerlist.h"

#include <QHostAddress>
#include <QList>

#include <optional>

namespace sami::admin {

/// The names that are ours.
struct OwnHosts
{
    QList<config::ServerName> named; ///< PROXY_ADMIN_HOSTS
    QHostAddress reachedAt;          ///< the address that was called; null for a Unix socket
};

/// Whether a request may have come from a foreign web page. Checked before everything else. A
/// browser on this machine can reach loopback and whatever this machine can, and sends what any
/// page tells it to. These fields give it away, because a page cannot set them. Pure.
///
///     field             passes                                           otherwise
///     Host              exactly one: localhost, a loopback address,      421 unknown_host: a name
///                       the address that was called, PROXY_ADMIN_HOSTS;  that an attacker points
///                       the port does not count (tunnels change it)      here is none of these
///     Origin            none, or one that names the same host and port   403 foreign_origin
///                       as Host
///     Sec-Fetch-Site    none, or one: same-origin, none (typed in)       403 foreign_origin
///
/// Programs send neither Origin nor Sec-Fetch-Site; nor does a browser that reads its own page over
/// clear text, so only Host tells of DNS rebinding. At the metrics door Host may also be any other
/// address or a name that no public DNS has (proxy, proxy.monitoring.svc, *.local, *.internal),
/// because scrapers often know this machine by one that we do not; or it may be missing.
[[nodiscard]] std::optional<AdminReply> refuseForeign(const http::HeaderList &fields,
                                                      const OwnHosts &own, Router::Door door);

} // namespace sami::admin
