// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/keptupstreams.h"

#include <utility>

namespace sami::server {

route::UpstreamConnection KeptUpstreams::takeBound(const route::UpstreamKey &key)
{
    forgetOutdated();
    if (!m_bound || !(m_bound->connection.key == key) || m_bound->user != m_leg.postMortem.user())
        return {};
    const std::unique_ptr<Bound> bound = std::move(m_bound);
    if (!bound->connection.stream->isSilent())
        return {};
    m_leg.upstreamTls = std::move(bound->tls);
    return std::move(bound->connection);
}

void KeptUpstreams::keepBoundIfRoom()
{
    if (!m_bound || m_bound->place.isTaken())
        return;
    m_bound->place = m_leg.context.shared->budgets.extras.take();
    if (!m_bound->place.isTaken())
        m_bound.reset();
}

route::UpstreamConnection KeptUpstreams::takePooled(const route::UpstreamKey &key)
{
    return m_leg.context.pool->take(key);
}

void KeptUpstreams::keep(route::UpstreamConnection connection)
{
    if (!connection.isBound) {
        m_leg.context.pool->put(std::move(connection));
        return;
    }
    // The connection has no listener now, so its end would be signalled again and again for
    // nothing. takeBound() notices the end instead.
    connection.stream->setReadEnabled(false);
    connection.isReused = true;
    m_bound = std::make_unique<Bound>(
        Bound { std::move(connection), m_leg.postMortem.user(), {}, std::move(m_leg.upstreamTls) });
    forgetOutdated();
}

void KeptUpstreams::forgetOutdated()
{
    if (m_bound && m_bound->connection.generation != m_leg.context.active->generation)
        m_bound.reset();
}

} // namespace sami::server
