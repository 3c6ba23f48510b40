// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/worker.h"

#include "base/logging.h"
#include "net/later.h"
#include "net/nativestream.h"
#include "route/parentdialer.h"
#include "route/parentprobe.h"
#include "route/warmconnections.h"
#include "server/firstoctets.h"
#include "server/handshaketurns.h"
#include "server/travelrules.h"
#include "server/userrules.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using account::EndedBy;
using account::EndedHow;

namespace {
constexpr char unit[] = "server.worker";
} // namespace

Worker::Worker(SharedState &shared, ActiveSettingsPtr active, bool probesParents)
    : m_pool(new route::UpstreamPool(this)), m_handshakes(new HandshakeTurns(this)),
      m_probesParents(probesParents)
{
    m_context.shared = &shared;
    m_context.active = std::move(active);
    m_context.pool = m_pool;
    m_context.handshakes = m_handshakes;
    m_context.setups = &m_setups;
    m_pool->setCapacity(shared.bounds.idleUpstreams);
    m_pool->setGeneration(m_context.active->generation);
    if (m_context.active->parents) // runs in the worker's own thread
        QMetaObject::invokeMethod(this, &Worker::applyParents, Qt::QueuedConnection);
}

Worker::~Worker()
{
    qDeleteAll(m_sessions);
}

void Worker::adopt(Arrival arrival, Places::Place place)
{
    const config::Settings &settings = m_context.active->settings;
    net::StreamPtr client = net::adoptAccepted(
        { arrival.descriptor.release(), arrival.peer, arrival.keepaliveSeconds },
        settings.sockets == config::Backend::Qt,
        static_cast<int>(settings.timeouts.tcpKeepalive.count()), m_context.shared->budgets);
    if (!client) {
        // The client has gone since accept().
        account::accountForUnserved(m_context.shared->books, arrival.peer, 0,
                                    { EndedBy::Client, EndedHow::Reset });
        return;
    }
    // Shares the address with the stream, because a silent tunnel should hold little.
    account::Registration record =
        m_context.shared->books.registry.add(client->peerAddress(), Clock::now());
    const quint64 id = record->id;
    auto *session = new ClientSession(std::move(client), std::move(record), std::move(place),
                                      m_context, FirstOctets::make, [this, id] { forget(id); });
    m_sessions.insert(id, session);
    logDebug(unit, "accepted", [&]() -> std::vector<LogField> {
        return { { "id", qint64(id) }, { "client", arrival.peer.toByteArray() } };
    });
    session->start();
}

void Worker::forget(quint64 id)
{
    const net::LaterPtr<ClientSession> session(m_sessions.take(id));
}

void Worker::publish(ActiveSettingsPtr active)
{
    const std::lock_guard lock(m_publishing);
    if (!std::exchange(m_published, std::move(active)))
        QMetaObject::invokeMethod(this, &Worker::takePublished, Qt::QueuedConnection);
}

void Worker::takePublished()
{
    const users::RosterPtr usersBefore = m_context.active->users;
    {
        const std::lock_guard lock(m_publishing);
        m_context.active = std::move(m_published);
    }
    m_pool->setGeneration(m_context.active->generation);
    applyParents();
    const QList<ClientSession *> sessions = m_sessions.values();
    for (ClientSession *session : sessions)
        session->settingsChanged();
    if (m_context.active->users != usersBefore)
        reviewUsers(todayInUtc());
}

/// The published settings may bring other parents or another network.
void Worker::applyParents()
{
    const route::ParentDialer *parents = m_context.active->parents.get();
    if (!parents && !m_warm)
        return;
    net::Budgets &budgets = m_context.shared->budgets;
    if (!m_warm) {
        m_context.warm = m_warm = new route::WarmConnections(budgets.extras, this);
        m_warm->setCapacity(std::min<qsizetype>(route::WarmConnections::usualCapacity,
                                                m_context.shared->bounds.idleUpstreams));
        if (m_probesParents)
            m_probe = new route::ParentProbe(parents->health(), this);
    }
    const route::ParentFilter filter = [active = m_context.active](const SocketAddress &parent) {
        return judgeParent(parent, *active, { {}, active->settings.listen.port }).isAllowed();
    };
    m_warm->setReach(parents ? parents->reach(budgets, filter) : route::ParentReach());
    if (m_probe && parents)
        m_probe->setReach(parents->reach(budgets, filter));
    else if (m_probe)
        m_probe->stop();
}

void Worker::drain()
{
    const QList<ClientSession *> sessions = m_sessions.values();
    for (ClientSession *session : sessions)
        session->drain();
}

void Worker::cut(EndedHow how)
{
    const QList<ClientSession *> sessions = m_sessions.values();
    for (ClientSession *session : sessions)
        session->cut(how);
}

void Worker::closeConnection(quint64 id)
{
    if (ClientSession *session = m_sessions.value(id))
        session->cut(EndedHow::Closed);
}

void Worker::reviewUsers(const QDate &today)
{
    const QList<ClientSession *> sessions = m_sessions.values();
    for (ClientSession *session : sessions)
        session->reviewUser(today);
}

void Worker::shutDown()
{
    cut(EndedHow::Drained);
    m_pool->clear();
    if (m_warm)
        m_warm->setReach({});
    if (m_probe)
        m_probe->stop();
}

} // namespace sami::server
