// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "route/setupturns.h"
#include "route/upstreampool.h"
#include "server/arrival.h"
#include "server/clientsession.h"
#include "server/context.h"

#include <QHash>
#include <QObject>

#include <mutex>

namespace sami::route {
class ParentProbe;
class WarmConnections;
} // namespace sami::route

namespace sami::server {

/// One thread's share of the work: its sessions, its idle upstream connections, and spare
/// connections to parents. Created in the main thread, then moved to its own; everything but
/// publish() runs there.
class Worker : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Worker)

public:
    /// Exactly one worker `probesParents`: it probes parents that are resting.
    Worker(SharedState &shared, ActiveSettingsPtr active, bool probesParents = false);
    ~Worker() override;

    /// The settings for the next requests. If several are published before the worker takes them,
    /// the last one counts; only one call is ever queued. Thread-safe.
    void publish(ActiveSettingsPtr active);

    // Call these in the worker's thread.
    void adopt(Arrival arrival, Places::Place place);
    void drain();
    void cut(account::EndedHow how);
    void closeConnection(quint64 id);
    /// Ends the work of users who are no longer let in. `today` is in UTC.
    void reviewUsers(const QDate &today);
    /// Ends what is left and frees the pool, so that the thread can end.
    void shutDown();

private:
    void takePublished();
    void applyParents();
    void forget(quint64 id);

    WorkerContext m_context;
    route::UpstreamPool *m_pool = nullptr;
    HandshakeTurns *m_handshakes = nullptr;
    // For parents; null until there are any.
    route::WarmConnections *m_warm = nullptr;
    route::ParentProbe *m_probe = nullptr;
    route::SetupTurns m_setups;
    const bool m_probesParents;
    /// Owned, but not as QObject children: deleting a child searches the whole list of children.
    QHash<quint64, ClientSession *> m_sessions;
    std::mutex m_publishing;
    ActiveSettingsPtr m_published; ///< set while a call of takePublished() is queued
};

} // namespace sami::server
