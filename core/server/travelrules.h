// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "http/headerlist.h"
#include "policy/decision.h"
#include "users/user.h"

#include <QByteArray>
#include <QHostAddress>

namespace sami::server {

struct ActiveSettings;

/// The rules about a journey's destination, as far as they can be checked here. Pure functions; the
/// settings are those of the request.
///
/// Judges a destination as the client has named it: by ALLOWED_PORTS and ALLOWED_HOSTS, then by the
/// own hosts of its user. A null user is not in the users file.
[[nodiscard]] policy::Decision judgeName(const Endpoint &destination, const ActiveSettings &active,
                                         const users::UserPtr &user);

/// Judges an address that is dialled from here or requested from a parent, by
/// ALLOW_PRIVATE_TARGETS. Always refuses our own doors: the proxy's and those of PROXY_ADMIN and
/// PROXY_METRICS. `reachedAt` is where the client reached us: it is ours even if no interface list
/// has it yet.
[[nodiscard]] policy::Decision judgeAddress(const SocketAddress &destination,
                                            const ActiveSettings &active,
                                            const SocketAddress &reachedAt);

/// Judges a destination that a parent is asked for by name or address. For most names the parent
/// judges the addresses; nothing here is looked up:
///
///     the host                                 refused
///     an address                               as if it were dialled from here
///     localhost, *.localhost                   Loop if 127.0.0.1 or ::1 leads to a door;
///                                              otherwise as these two, if both are refused
///     a name of this machine                   OwnAddress, unless ALLOW_PRIVATE_TARGETS is true;
///                                              Loop at the port of a door
///     a single label, *.local, *.internal      PrivateTarget, unless ALLOW_PRIVATE_TARGETS is true
///     any other name                           never
[[nodiscard]] policy::Decision judgeTravel(const Endpoint &destination,
                                           const ActiveSettings &active,
                                           const SocketAddress &reachedAt);

/// Judges a parent's own address. The operator has named it, so it may be private; it may not be
/// one of our doors.
[[nodiscard]] policy::Decision judgeParent(const SocketAddress &parent,
                                           const ActiveSettings &active,
                                           const SocketAddress &reachedAt);

/// The Via of a CONNECT to a parent: this instance, preceded by those that the client's request
/// went through, so that a loop of any length is noticed. Passes on nothing else of the client's
/// Via, which may name internal hosts.
[[nodiscard]] QByteArray viaOfJourney(const http::HeaderList &received,
                                      const QByteArray &pseudonym);

} // namespace sami::server
