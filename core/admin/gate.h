// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/adminconnection.h"
#include "admin/adminplaces.h"
#include "admin/tokendesk.h"
#include "config/servername.h"

#include <QList>

namespace sami::admin {

/// Decides who may ask for what: the browser rules, the router, the token and its right, in that
/// order, for every request. Refusals that an operator has to know of are logged. Owned by the
/// house, in its thread.
///
///     at a door      a request without Authorization        with one
///     Unix socket    may manage: its peer is known          as its token may
///     TCP, TLS       401, unless the row needs no token     as its token may
///     metrics        the row needs none                     ignores it
class Gate
{
public:
    Gate(TokenDesk &tokens, AdminPlaces &places) : m_tokens(tokens), m_places(places) {}

    void setHosts(const QList<config::ServerName> &hosts) { m_hosts = hosts; }
    [[nodiscard]] Result<Request, AdminReply> judge(AdminConnection &connection,
                                                    const http::RequestHead &head);

private:
    [[nodiscard]] Result<AdminCaller, AdminReply>
    callerOf(AdminConnection &connection, const http::RequestHead &head, const AdminRoute &route);

    TokenDesk &m_tokens;
    AdminPlaces &m_places;
    QList<config::ServerName> m_hosts;
};

} // namespace sami::admin
