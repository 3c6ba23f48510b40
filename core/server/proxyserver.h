// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/engine.h"
#include "server/vitals.h"
#include "users/roster.h"

#include <QTimer>

#include <memory>
#include <optional>

namespace sami::account {
class FinishedLog;
}

namespace sami::server {

class RunningProxy;

/// The proxy of this process, as a shell sees it: a façade without logic. Its sockets live in
/// threads of their own, so a busy shell delays no stream. A command is carried out when its call
/// returns; the answer comes from the event loop.
///
/// More than twelve public methods: Engine's, and those that a monitoring door in this process
/// needs.
class ProxyServer final : public Engine
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProxyServer)

public:
    explicit ProxyServer(QObject *parent = nullptr);
    /// Cuts everything that runs.
    ~ProxyServer() override;

    void start(const config::Settings &settings, QObject *context, Answer answer) override;
    void apply(const config::Settings &settings, QObject *context, Answer answer) override;
    void drain(std::optional<std::chrono::milliseconds> grace) override;
    void stop() override;
    void expectOwn(const SocketAddress &client) override;
    void closeConnection(quint64 id) override;
    void closeAllConnections() override;
    void liftBlock(const QHostAddress &client, QObject *context,
                   std::function<void(bool)> answer) override;
    void since(quint64 revision, QObject *context,
               std::function<void(const account::Changes &)> answer) override;

    [[nodiscard]] const Effective *effective() const override;
    [[nodiscard]] account::Snapshot snapshot() const override;
    [[nodiscard]] account::Totals totals() const override;
    [[nodiscard]] QList<account::FinishedWork> finishedWork() const override;
    [[nodiscard]] QList<account::RefusalRow> refusals() const override;
    [[nodiscard]] QList<account::BlockRow> blocks() const override;
    [[nodiscard]] route::ParentsOverview parents() const override;
    [[nodiscard]] policy::PrivateClients privateClients() const override;
    /// The certificate that the door shows to TLS clients, for other doors of this process; null if
    /// there is none.
    [[nodiscard]] std::shared_ptr<const net::TlsContext> identity() const;

    /// The users of the file who are let in; null: no users file.
    [[nodiscard]] users::RosterPtr users() const;
    /// Call it after this process has changed the users file: when it returns, the change counts
    /// for every request that arrives from then on. Blocks for as long as the disk does.
    void readUsers();

    /// Counts from now on, for vitals(). Goes on across stops and starts.
    void keepMeters() { m_vitals.keepMeters(); }
    /// The proxy's health, in numbers. Unlike everything else here, this may be called from any
    /// thread; it waits for neither this thread nor a worker.
    [[nodiscard]] Vitals vitals() const;
    /// The part of vitals() that costs the same however many connections there are. Any thread.
    [[nodiscard]] Condition condition() const;

private:
    [[nodiscard]] Outcome startNow(const config::Settings &settings);
    [[nodiscard]] Outcome applyNow(const config::Settings &settings);
    [[nodiscard]] account::Changes changesSince(quint64 revision);

    VitalsSource m_vitals; ///< before m_running, which publishes to it
    std::unique_ptr<RunningProxy> m_running;
    std::optional<Effective> m_effective;             ///< while it runs
    std::shared_ptr<account::FinishedLog> m_finished; ///< of the last start
    account::ChangeTracker m_changes;                 ///< empty unless since() is used
    QTimer m_unasked;                                 ///< since() has not been called for long
};

} // namespace sami::server
