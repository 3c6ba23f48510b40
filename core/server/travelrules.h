// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "http/headerlist.h"
#include "policy/decision.h"

#include <QByteArray>
#include <QHostAddress>

namespace sami::server {

struct ActiveSettings;

/// What the rules say of where a journey goes, as far as it can be said here. Pure functions; the
/// settings are those of the request.
///
/// An address that is dialled from here, or that a parent is asked for: by ALLOW_PRIVATE_TARGETS,
/// and never one of our own doors, be it the proxy's or one of PROXY_ADMIN or PROXY_METRICS.
/// `reachedAt` is where the client reached us: it may be known to no interface list yet, and is one
/// of ours all the same.
[[nodiscard]] policy::Decision judgeAddress(const SocketAddress &destination,
                                            const ActiveSettings &active,
                                            const SocketAddress &reachedAt);

/// A destination whose name or address a parent is asked for. Of most names the parent judges the
/// addresses; what is judged here is looked up nowhere:
///
///     the host                                 refused
///     an address                               as if it were dialled from here
///     localhost, *.localhost                   as 127.0.0.1 and ::1, if both are
///     a name of this machine                   OwnAddress, unless ALLOW_PRIVATE_TARGETS is true;
///                                              Loop at the port of a door
///     a single label, *.local, *.internal      PrivateTarget, unless ALLOW_PRIVATE_TARGETS is true
///     any other name                           -
[[nodiscard]] policy::Decision judgeTravel(const Endpoint &destination,
                                           const ActiveSettings &active,
                                           const SocketAddress &reachedAt);

/// A parent's own address. The operator has named it, so it may be private; it may not be a door of
/// ours.
[[nodiscard]] policy::Decision judgeParent(const SocketAddress &parent,
                                           const ActiveSettings &active,
                                           const SocketAddress &reachedAt);

/// The Via of a CONNECT at a parent: this instance, and before it those that the client's request
/// went through, so that a circle of any length is seen. Nothing else of the client's Via: it may
/// name hosts of the inside.
[[nodiscard]] QByteArray viaOfJourney(const http::HeaderList &received,
                                      const QByteArray &pseudonym);

} // namespace sami::server
