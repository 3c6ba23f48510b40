// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/adminconnection.h"
#include "admin/adminplaces.h"
#include "admin/tokendesk.h"
#include "config/servername.h"

#include <QList>

namespace sami::admin {

/// Who may ask for what: the browser's rules, the router, the token and its right, in that order,
/// of every request. A refusal that somebody has to know of is a line of the log. Belongs to the
/// house, in its thread.
///
///     at a door      a request without Authorization        with one
///     Unix socket    may manage: its peer is known          as its token may
///     TCP, TLS       401, unless the row needs no token     as its token may
///     metrics        the row needs none                     is not looked at
class Gate
{
public:
    Gate(TokenDesk &tokens, AdminPlaces &places) : m_tokens(tokens), m_places(places) {}

    void setHosts(const QList<config::ServerName> &hosts) { m_hosts = hosts; }
    [[nodiscard]] Result<Request, Reply> judge(AdminConnection &connection,
                                               const http::RequestHead &head);

private:
    [[nodiscard]] Result<Caller, Reply> callerOf(AdminConnection &connection,
                                                 const http::RequestHead &head, const Route &route);

    TokenDesk &m_tokens;
    AdminPlaces &m_places;
    QList<config::ServerName> m_hosts;
};

} // namespace sami::admin
