// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/extradescriptors.h"
#include "route/upstreampool.h"
#include "server/clientleg.h"

#include <QByteArray>

#include <memory>

namespace sami::server {

/// The upstream connections that stand already for a client's next forwarded request: the one that
/// authenticated this client (NTLM), which serves nobody else, and the worker's pool.
class KeptUpstreams
{
    Q_DISABLE_COPY_MOVE(KeptUpstreams)

public:
    explicit KeptUpstreams(ClientLeg &leg) : m_leg(leg) {}

    /// The client's own, of the same user too: a balancer in front of us may lead several over one
    /// connection. Null stream: none.
    [[nodiscard]] route::UpstreamConnection takeBound(const route::UpstreamKey &key);
    /// Beside the upstream connection that a request is about to get, a bound one is this client's
    /// third descriptor.
    void keepBoundIfRoom();
    [[nodiscard]] route::UpstreamConnection takePooled(const route::UpstreamKey &key);
    void keep(route::UpstreamConnection connection);
    /// Settings that count no longer let it be.
    void forgetOutdated();
    [[nodiscard]] bool hasBoundTls() const;

private:
    struct Bound
    {
        route::UpstreamConnection connection;
        QByteArray user;                    ///< of this proxy, who had it authenticated
        net::ExtraDescriptors::Place place; ///< while there is another upstream
    };

    ClientLeg &m_leg;
    std::unique_ptr<Bound> m_bound;
};

} // namespace sami::server
