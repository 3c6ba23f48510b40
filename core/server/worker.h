// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "route/upstreampool.h"
#include "server/arrival.h"
#include "server/clientsession.h"
#include "server/context.h"

#include <QHash>
#include <QObject>

#include <mutex>

namespace sami::server {

/// One thread's share of the work: its sessions and its idle upstream connections. Made in the
/// façade's thread, then moved to its own; every slot runs there.
class Worker : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Worker)

public:
    Worker(SharedState &shared, ActiveSettingsPtr active);
    ~Worker() override;

    /// The settings of the next requests. Of several that the worker has not come to, the last
    /// one counts: however many are published, one call waits. Thread-safe.
    void publish(ActiveSettingsPtr active);

    // To be called in the worker's thread.
    void adopt(Arrival arrival, Places::Place place);
    void drain();
    void cut(account::EndedHow reason);
    void closeConnection(quint64 id);
    /// Ends what is left and frees the pool, so that the thread can end.
    void shutDown();

private:
    void takePublished();
    void forget(quint64 id);

    WorkerContext m_context;
    route::UpstreamPool *m_pool = nullptr;
    HandshakeTurns *m_handshakes = nullptr;
    QHash<quint64, ClientSession *> m_sessions;
    std::mutex m_publishing;
    ActiveSettingsPtr m_published; ///< while a call of takePublished() waits
};

} // namespace sami::server
