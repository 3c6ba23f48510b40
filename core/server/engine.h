// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"
#include "policy/privateclients.h"
#include "route/parentstate.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace sami::server {

/// The settings in force, as the machine allows the requested ones.
struct Effective
{
    /// As requested, adjusted to the machine: the real port instead of 0, the real number of
    /// threads instead of "one per core", and a lower MAX_CONCURRENT_CONNECTIONS if the limit on
    /// open files demands it.
    config::Settings settings;
    SocketAddress listening; ///< as the system reports it
    /// Whether no internet client can look like a private client here (PrivateClients).
    bool privateIsCertain = true;
    /// "sha256//…" of the door's certificate; empty if the door has no TLS.
    QByteArray pin {};
};

/// What a shell drives: commands with answers, and copies of the state. ProxyServer is the engine
/// of this process; another implementation can drive a proxy in another process. Created, used and
/// destroyed in the shell's thread.
///
/// Each answer comes exactly once, from the event loop, never from inside the call. It does not
/// come if its context, or the engine itself, is gone by then. The context lives in the engine's
/// thread. An empty answer is allowed when the result does not matter. Commands are carried out in
/// the order in which they were given, whatever their contexts.
///
/// Every command is harmless in every state: start() on a running engine and apply() on a stopped
/// one answer with an error. drain() and stop() do nothing on a stopped engine, and a second
/// drain() does nothing either.
///
/// More than twelve public methods: each is one command or one query of a shell, and none is built
/// on the others.
class Engine : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Engine)

public:
    /// The error is for a person and says what to do.
    using Outcome = Result<Effective, QString>;
    using Answer = std::function<void(const Outcome &)>;

    /// Listens at once; serves as soon as TLS is loaded.
    virtual void start(const config::Settings &settings, QObject *context, Answer answer) = 0;
    /// Publishes new settings: running requests and tunnels keep theirs, new ones get the new
    /// settings. A new port opens before the old one closes. For a new address at the same port the
    /// old one has to close first; on failure it is opened again. Nothing is accepted at a new
    /// address before the new rules are published. On failure nothing has changed.
    virtual void apply(const config::Settings &settings, QObject *context, Answer answer) = 0;
    /// Lets running work finish: new requests get 503, idle connections close. stopped() follows
    /// when nothing is left, or when `grace` is over and the rest has been cut. Without a grace
    /// time there is no limit.
    virtual void drain(std::optional<std::chrono::milliseconds> grace) = 0;
    /// Cuts everything and stops now; stopped() follows.
    virtual void stop() = 0;

    /// Announces that the next connection from `client` is the shell's own, a test or a probe of
    /// the listener. It is served, judged and logged like any other, but appears in no snapshot, in
    /// no finished work and in no total except `refused`. Call it before dialling.
    virtual void expectOwn(const SocketAddress &client) = 0;
    virtual void closeConnection(quint64 id) = 0;
    virtual void closeAllConnections() = 0;
    /// Ends a brute-force block. The answer is false if there was none.
    virtual void liftBlock(const QHostAddress &client, QObject *context,
                           std::function<void(bool)> answer) = 0;

    /// What has changed since a revision of an earlier answer; everything for 0
    /// (account::ChangeTracker has the table). An engine that is never asked keeps no history.
    virtual void since(quint64 revision, QObject *context,
                       std::function<void(const account::Changes &)> answer) = 0;

    /// The state after the last command; null while the proxy does not run.
    [[nodiscard]] virtual const Effective *effective() const = 0;
    [[nodiscard]] virtual account::Snapshot snapshot() const = 0;
    /// Cheap: it is called once a second even while no window is shown.
    [[nodiscard]] virtual account::Totals totals() const = 0;
    /// The last 1,000 finished requests and tunnels since the last start, oldest first. Still
    /// available after a stop, including what the stop cut.
    [[nodiscard]] virtual QList<account::FinishedWork> finishedWork() const = 0;
    [[nodiscard]] virtual QList<account::RefusalRow> refusals() const = 0;
    [[nodiscard]] virtual QList<account::BlockRow> blocks() const = 0;
    /// The parents, their state and the one in use; empty if there are none, or while the proxy
    /// does not run. Cheap, like totals().
    [[nodiscard]] virtual route::ParentsOverview parents() const = 0;
    /// Which clients "private" in a list means on this machine, as last read. While the proxy does
    /// not run, this is the value for an unknown machine.
    [[nodiscard]] virtual policy::PrivateClients privateClients() const = 0;

Q_SIGNALS:
    /// After drain() or stop(): nothing listens, nothing runs. From the event loop.
    void stopped();

protected:
    explicit Engine(QObject *parent = nullptr) : QObject(parent) {}

    /// Gives an answer from the event loop, by the rules above.
    template <typename Answer, typename Value>
    void answerLater(QObject *context, Answer answer, Value value)
    {
        if (!answer)
            return;
        QMetaObject::invokeMethod(
            context,
            [self = QPointer<Engine>(this), answer = std::move(answer), value = std::move(value)] {
                if (self)
                    answer(value);
            },
            Qt::QueuedConnection);
    }
};

} // namespace sami::server
