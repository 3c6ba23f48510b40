// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/extradescriptors.h"
#include "route/upstreampool.h"
#include "server/clientleg.h"

#include <QByteArray>

#include <memory>

namespace sami::server {

/// Open upstream connections for a client's next forwarded request: the one that authenticated this
/// client (NTLM), which serves nobody else, and the worker's pool.
class KeptUpstreams
{
    Q_DISABLE_COPY_MOVE(KeptUpstreams)

public:
    explicit KeptUpstreams(ClientLeg &leg) : m_leg(leg) {}

    /// Takes the client's own connection, if the same user had it authenticated: a balancer in
    /// front of us may carry several users over one connection. Null stream if there is none.
    [[nodiscard]] route::UpstreamConnection takeBound(const route::UpstreamKey &key);
    /// Keeps the bound connection if there is room for an extra descriptor: the client and the
    /// request's new upstream connection already hold two.
    void keepBoundIfRoom();
    [[nodiscard]] route::UpstreamConnection takePooled(const route::UpstreamKey &key);
    /// Moves the TLS charge of a bound connection from the leg to the connection; takeBound() moves
    /// it back.
    void keep(route::UpstreamConnection connection);
    /// Drops the bound connection if its settings are no longer in force.
    void forgetOutdated();

private:
    struct Bound
    {
        route::UpstreamConnection connection;
        QByteArray user;                   ///< the user of this proxy who had it authenticated
        net::ExtraDescriptors::Slot place; ///< held while there is another upstream
        std::unique_ptr<OctetBudget::Share> tls; ///< its charge for TLS, if it has any
    };

    ClientLeg &m_leg;
    std::unique_ptr<Bound> m_bound;
};

} // namespace sami::server
