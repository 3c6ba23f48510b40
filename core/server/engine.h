// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"
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

/// What counts of the settings that were asked for.
struct Effective
{
    /// As asked for, with what the machine made of it: the real port in the place of 0, the number
    /// of threads in the place of "as many as cores", MAX_CONCURRENT_CONNECTIONS or less where the
    /// limit on open files says so.
    config::Settings settings;
    SocketAddress listening; ///< as the system tells it
    /// Whether nobody of the internet can look like a private client here (PrivateClients).
    bool privateIsCertain = true;
    /// "sha256//…" of the certificate at the door; empty where there is no TLS.
    QByteArray pin {};
};

/// What a shell drives: commands that answer, and copies of what happens. The proxy of this process
/// is one (ProxyServer); one in another process can be another. Made, used and destroyed in the
/// shell's thread.
///
/// An answer comes exactly once, from the event loop, never from inside the call. It comes not at
/// all when its context is gone by then, or the engine itself: whoever destroys an engine knows.
/// The context lives in the engine's thread. An empty answer is allowed: nobody listens.
/// Commands are done in the order in which they were given, whatever their contexts.
///
/// Any order is harmless in any state: start() while it runs and apply() while it does not are
/// answered with an error, drain() and stop() then do nothing, and so does a drain() while it
/// drains.
///
/// More than twelve public methods: each is one order or one question of a shell, and none is built
/// of the others.
class Engine : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Engine)

public:
    /// The error is for a person and says what to do.
    using Outcome = Result<Effective, QString>;
    using Answer = std::function<void(const Outcome &)>;

    /// Listens at once, and serves as soon as what TLS needs is loaded.
    virtual void start(const config::Settings &settings, QObject *context, Answer answer) = 0;
    /// Publishes new settings: running requests and tunnels keep theirs, every new one meets the
    /// new ones. Another port opens before the old one closes; the same port at another address
    /// closes, opens, and on failure re-opens the old. Nothing is accepted at a new address before
    /// the new rules are published. On failure nothing has changed.
    virtual void apply(const config::Settings &settings, QObject *context, Answer answer) = 0;
    /// Lets running work finish: new requests get 503, idle connections close. stopped() follows
    /// when nothing is left or `grace` is over (what is left is cut then); without a grace time
    /// there is no limit.
    virtual void drain(std::optional<std::chrono::milliseconds> grace) = 0;
    /// Cuts what runs and stops now; stopped() follows.
    virtual void stop() = 0;

    /// The next connection from that address and port is the shell's own, a test or a probe of the
    /// listener. It is served, judged and logged like any other, but stands in no snapshot, in no
    /// finished work and in no total, `refused` apart. To be said before it is dialled.
    virtual void expectOwn(const SocketAddress &client) = 0;
    virtual void closeConnection(quint64 id) = 0;
    virtual void closeAllConnections() = 0;
    /// Ends a brute-force block; the answer is false when there was none.
    virtual void liftBlock(const QHostAddress &client, QObject *context,
                           std::function<void(bool)> answer) = 0;

    /// What is different since a revision that an earlier answer gave; with 0 everything
    /// (account::ChangeTracker has the table). Whoever does not ask costs nothing.
    virtual void since(quint64 revision, QObject *context,
                       std::function<void(const account::Changes &)> answer) = 0;

    /// What is in force as of the last order; null while it does not run.
    [[nodiscard]] virtual const Effective *effective() const = 0;
    [[nodiscard]] virtual account::Snapshot snapshot() const = 0;
    /// Cheap: asked once a second even while no window is shown.
    [[nodiscard]] virtual account::Totals totals() const = 0;
    /// The last 1,000 finished requests and tunnels since the last start, oldest first; after a
    /// stop too, with what it cut.
    [[nodiscard]] virtual QList<account::FinishedWork> finishedWork() const = 0;
    [[nodiscard]] virtual QList<account::RefusalRow> refusals() const = 0;
    [[nodiscard]] virtual QList<account::BlockRow> blocks() const = 0;
    /// The servers that lead out, how they are and which is used; empty where there are none, and
    /// while it does not run. Cheap, as totals() are.
    [[nodiscard]] virtual route::ParentsOverview parents() const = 0;

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
