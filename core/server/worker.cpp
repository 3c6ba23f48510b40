// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/worker.h"

#include "base/logging.h"
#include "net/bytestream.h"
#include "server/postmortem.h"

#include <utility>

namespace sami::server {

namespace {
constexpr char unit[] = "server.worker";
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

void Worker::adopt(qintptr descriptor, const SocketAddress &peer, Places::Place place)
{
    const bool portable = m_context.active->settings.sockets == config::Backend::Qt;
    net::StreamPtr client = net::adoptDescriptor(descriptor, portable);
    if (!client) {
        // Gone between accept and now.
        accountForUnserved(*m_context.shared, peer, 0, EndedBy::Client, EndedHow::Reset);
        m_load.fetch_sub(1);
        return;
    }
    // The stream's own copy, so that the two share it: a silent tunnel is nothing but such parts.
    auto record = m_context.shared->registry.add(client->peerAddress(), Clock::now());
    const quint64 id = record->id;
    auto *session =
        new Session(std::move(client), std::move(record), std::move(place), m_context, this);
    m_sessions.insert(id, session);
    connect(session, &Session::closed, this, [this, id] { forget(id); });
    logDebug(unit, "accepted", [&]() -> std::vector<LogField> {
        return { { "id", qint64(id) }, { "client", peer.toByteArray() } };
    });
    session->start();
}

void Worker::forget(quint64 id)
{
    Session *session = m_sessions.take(id);
    if (!session)
        return;
    m_context.shared->registry.remove(*session->record());
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
