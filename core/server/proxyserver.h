// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>

namespace sami::account {
class FinishedLog;
}

namespace sami::server {

class RunningProxy;

/// The proxy, as a shell sees it. All members are to be called in the thread it was made in; the
/// sockets live in threads of their own, so a busy shell delays no stream.
class ProxyServer : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProxyServer)

public:
    explicit ProxyServer(QObject *parent = nullptr);
    /// Cuts what runs.
    ~ProxyServer() override;

    // Any order is harmless in any state: start() while it runs and apply() while it does not are
    // errors, drain() and stop() then do nothing, and so does a drain() while it drains.

    /// Listens at once, and serves as soon as what TLS needs is loaded. The error is for a person
    /// and says what to do.
    [[nodiscard]] Result<void, QString> start(const config::Settings &settings);
    /// Publishes new settings: running requests and tunnels keep theirs, every new one meets the
    /// new ones. Another port opens before the old one closes; the same port at another address
    /// closes, opens, and on failure re-opens the old. Nothing is accepted at a new address before
    /// the new rules are published. On failure nothing has changed.
    [[nodiscard]] Result<void, QString> apply(const config::Settings &settings);
    /// Lets running work finish: new requests get 503, idle connections close. stopped() follows
    /// when nothing is left or `grace` is over (what is left is cut then); without a grace time
    /// there is no limit.
    void drain(std::optional<std::chrono::milliseconds> grace);
    /// Cuts what runs and stops now.
    void stop();

    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] bool isDraining() const;
    /// Where it listens: the port is the real one when 0 was asked for.
    [[nodiscard]] SocketAddress listenAddress() const;
    [[nodiscard]] int threads() const;
    /// MAX_CONCURRENT_CONNECTIONS, or less where the limit on open files says so.
    [[nodiscard]] int connectionLimit() const;

    /// Whether nobody of the internet can look like a private client here (PrivateClients).
    [[nodiscard]] bool privateIsCertain() const;
    [[nodiscard]] account::Snapshot snapshot() const;
    [[nodiscard]] account::Totals totals() const;
    /// The last 1,000 finished requests and tunnels since the last start, oldest first; behind a
    /// stop too, with what it cut.
    [[nodiscard]] QList<account::FinishedWork> finishedWork() const;
    [[nodiscard]] QList<account::RefusalRow> refusals() const;
    [[nodiscard]] QList<account::BlockRow> blocks() const;

    /// The next connection from that address and port is the shell's own, a test or a probe of the
    /// listener. It is served, judged and logged like any other, but stands in no snapshot, in no
    /// finished work and in no total, `refused` apart. To be said before it is dialled.
    void expectOwn(const SocketAddress &client);

    void closeConnection(quint64 id);
    void closeAllConnections();
    /// Ends a brute-force block; false when there was none.
    bool liftBlock(const QHostAddress &client);

Q_SIGNALS:
    /// After drain() or stop(): nothing listens, nothing runs.
    void stopped();

private:
    std::unique_ptr<RunningProxy> m_running;
    std::shared_ptr<account::FinishedLog> m_finished; ///< of the last start
};

} // namespace sami::server
