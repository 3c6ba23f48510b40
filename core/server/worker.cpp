// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/worker.h"

#include "base/logging.h"
#include "net/bytestream.h"
#include "server/postmortem.h"
#include "server/reply.h"

#include <utility>

namespace sami::server {

namespace {
constexpr char unit[] = "server.worker";

/// Connections above the limit that may still ask for a status page, so that a health check of a
/// full proxy is answered.
constexpr int maxCrowded = 16;
/// And that many more from this machine: whoever fills the other places as well must not make a
/// container's own health check fail.
constexpr int moreForThisMachine = 4;

} // namespace

Worker::Worker(SharedState &shared, ActiveSettingsPtr active) : m_pool(new net::UpstreamPool(this))
{
    m_context.shared = &shared;
    m_context.active = std::move(active);
    m_context.pool = m_pool;
    m_pool->setCapacity(shared.bounds.idleUpstreams);
    m_pool->setGeneration(m_context.active->generation);
}

Worker::~Worker() = default;

void Worker::adopt(qintptr descriptor, bool isProxyFull)
{
    const bool portable = m_context.active->settings.sockets == config::Backend::Qt;
    net::StreamPtr client = net::adoptDescriptor(descriptor, portable);
    if (!client) {
        // Gone between accept and now, and nobody can say any more who it was.
        accountFor({}, 0, EndedBy::Client, EndedHow::Reset);
        return;
    }
    SocketAddress peer = client->peerAddress();
    peer.address = unmapped(peer.address);
    const int places = maxCrowded + (peer.address.isLoopback() ? moreForThisMachine : 0);
    if (isProxyFull && m_context.shared->crowded.fetch_add(1) >= places) {
        // Too many even to be asked what they want. Best effort: no waiting, no lingering.
        m_context.shared->crowded.fetch_sub(1);
        client->write(fullReply(false).write(false, false));
        client->shutdownWrite();
        client.reset();
        accountFor(peer, 503, EndedBy::Proxy, EndedHow::Limit);
        return;
    }
    const Crowding crowded = crowding(peer, isProxyFull);
    auto record = m_context.shared->registry.add(peer, Clock::now());
    const quint64 id = record->id;
    auto *session = new Session(std::move(client), std::move(record), crowded, m_context, this);
    m_sessions.insert(id, session);
    connect(session, &Session::closed, this, [this, id, isProxyFull] {
        forget(id);
        if (isProxyFull)
            m_context.shared->crowded.fetch_sub(1);
    });
    logDebug(unit, "accepted", [&]() -> std::vector<LogField> {
        return { { "id", qint64(id) }, { "client", peer.toByteArray() } };
    });
    session->start();
}

/// The line of a connection that never got a session, and its place back.
void Worker::accountFor(const SocketAddress &peer, int status, EndedBy by, EndedHow how)
{
    SharedState &shared = *m_context.shared;
    const TimePoint now = Clock::now();
    const auto record = shared.registry.add(peer, now);
    PostMortem postMortem(shared, *record);
    postMortem.begin(now);
    postMortem.close(status, by, how, {}, now);
    shared.registry.remove(*record);
    m_load.fetch_sub(1);
    shared.open.fetch_sub(1);
}

Crowding Worker::crowding(const SocketAddress &client, bool isProxyFull) const
{
    if (isProxyFull)
        return Crowding::ProxyFull;
    const int limit = m_context.active->settings.limits.maxConnectionsPerClient;
    if (limit > 0 && m_context.shared->registry.countFor(client.address) >= limit)
        return Crowding::ClientFull;
    return Crowding::None;
}

void Worker::forget(quint64 id)
{
    Session *session = m_sessions.take(id);
    if (!session)
        return;
    m_context.shared->registry.remove(*session->record());
    m_context.shared->open.fetch_sub(1);
    m_load.fetch_sub(1);
    session->deleteLater();
}

void Worker::publish(ActiveSettingsPtr active)
{
    const std::lock_guard lock(m_publishing);
    if (!std::exchange(m_published, std::move(active)))
        QMetaObject::invokeMethod(this, &Worker::takePublished, Qt::QueuedConnection);
}

void Worker::takePublished()
{
    {
        const std::lock_guard lock(m_publishing);
        m_context.active = std::move(m_published);
    }
    m_pool->setGeneration(m_context.active->generation);
    const QList<Session *> sessions = m_sessions.values();
    for (Session *session : sessions)
        session->settingsChanged();
}

void Worker::drain()
{
    const QList<Session *> sessions = m_sessions.values();
    for (Session *session : sessions)
        session->drain();
}

void Worker::cut(EndedHow reason)
{
    const QList<Session *> sessions = m_sessions.values();
    for (Session *session : sessions)
        session->cut(reason);
}

void Worker::closeConnection(quint64 id)
{
    if (Session *session = m_sessions.value(id))
        session->cut(EndedHow::Closed);
}

void Worker::shutDown()
{
    cut(EndedHow::Drained);
    m_pool->clear();
}

} // namespace sami::server
