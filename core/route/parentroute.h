// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "config/parents.h"
#include "route/route.h"

#include <QByteArray>

namespace sami::route {

/// The route to `endpoint` through a parent. Pure. It is specific to the endpoint, so connections
/// with equal routes are interchangeable.
///
///     parent    TCP reaches     then
///     direct    the endpoint    nothing: the direct route
///     http      the parent      CONNECT
///     https     the parent      TLS, by the parent's pins or its name, then CONNECT
///     socks5    the parent      SOCKS5
///
/// A name goes to the parent as a name. `via` is the value of the CONNECT's Via; SOCKS5 has no
/// place for it.
[[nodiscard]] Route routeThrough(const config::Parent &parent, const Endpoint &endpoint,
                                 const QByteArray &via);

/// The part of every route through a parent that all endpoints share: TCP, and TLS if the parent
/// speaks it.
[[nodiscard]] Route routeTo(const config::Parent &parent);

} // namespace sami::route
