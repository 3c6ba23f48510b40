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

/// One thread's share of the work: its sessions, its idle upstream connections, and those to
/// parents that wait for use. Made in the façade's thread, then moved to its own; every slot runs
/// there.
class Worker : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Worker)

public:
    /// One of them `looksAfterParents`: where there are any, it probes those that rest.
    Worker(SharedState &shared, ActiveSettingsPtr active, bool looksAfterParents = false);
    ~Worker() override;

    /// The settings of the next requests. Of several that the worker has not come to, the last
    /// one counts: however many are published, one call waits. Thread-safe.
    void publish(ActiveSettingsPtr active);

    // To be called in the worker's thread.
    void adopt(Arrival arrival, Places::Place place);
    void drain();
    void cut(account::EndedHow reason);
    void closeConnection(quint64 id);
    /// Ends the work of users who are no longer let in. `today` in UTC.
    void reviewUsers(const QDate &today);
    /// Ends what is left and frees the pool, so that the thread can end.
    void shutDown();

private:
    void takePublished();
    void useParents();
    void forget(quint64 id);

    WorkerContext m_context;
    route::UpstreamPool *m_pool = nullptr;
    HandshakeTurns *m_handshakes = nullptr;
    // Of the parents; null as long as there were none.
    route::WarmConnections *m_warm = nullptr;
    route::ParentProbe *m_probe = nullptr;
    route::SetupTurns m_setups;
    const bool m_looksAfterParents;
    QHash<quint64, ClientSession *> m_sessions;
    std::mutex m_publishing;
    ActiveSettingsPtr m_published; ///< while a call of takePublished() waits
};

} // namespace sami::server
