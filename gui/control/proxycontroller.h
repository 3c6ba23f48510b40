// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"
#include "gui/control/settingsstore.h"
#include "gui/text/proxystate.h"
#include "gui/text/startfailure.h"
#include "server/engine.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace sami::gui {

/// What a person must know although no window may be shown.
struct Notice
{
    enum class Kind {
        StartFailed,
        Started,   ///< the first time, after a failure
        Recovered, ///< it ran before, and runs again
        GuesserBlocked,
        WaySwitched, ///< WayWatch says that
    };

    Kind kind = Kind::StartFailed;
    QString detail; ///< a sentence, where it listens, or the blocked address
};

/// Octets a second of everything together, and the live connections.
struct TrafficSample
{
    double up = 0; ///< client → upstream
    double down = 0;
    quint32 live = 0;
};

/// Drives the proxy for the window and the tray icon: the only class that touches the core, through
/// its engine. Main thread; owns the engine, borrows the store, which outlives it.
///
/// Orders are answered as an engine's are: once, from the event loop, and not at all when their
/// context or this object is gone by then. What was ordered to stop counts as stopped at once.
///
/// More than twelve public methods: what every page shows and asks for passes through here, so that
/// no page knows the engine.
class ProxyController : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProxyController)

public:
    static constexpr std::chrono::milliseconds tickInterval { 1000 };
    static constexpr std::chrono::milliseconds retryInterval { 5000 };

    /// What came of a change. The error is a sentence, the core's own in English.
    using Outcome = Result<void, QString>;
    using Answer = std::function<void(const Outcome &)>;

    ProxyController(std::unique_ptr<server::Engine> engine, SettingsStore &store,
                    QObject *parent = nullptr);
    ~ProxyController() override;

    [[nodiscard]] ProxyState state() const { return m_state; }
    /// Why it should run and cannot: a sentence of the core, in English (coretext.h has others).
    [[nodiscard]] const QString &errorText() const { return m_failure.reason; }
    /// The same with what is known about it.
    [[nodiscard]] const StartFailure &failure() const { return m_failure; }
    [[nodiscard]] const SettingsStore &store() const { return m_store; }
    [[nodiscard]] const config::Settings &settings() const;
    /// Where it listens now, or would.
    [[nodiscard]] SocketAddress listenAddress() const;

    /// Listens; when that cannot be, goes on trying until stop(). stateChanged() follows.
    void start();
    /// While it cannot start: tries at once instead of in some seconds.
    void tryAgain();
    /// Listens where failure() has a way out, from now on.
    void takeWayOut(QObject *context, Answer answer);
    /// Cuts what runs.
    void stop();
    /// Lets running requests and tunnels finish, without a deadline, then stops.
    void drain();

    /// Makes settings count and writes them down: all or nothing, and nothing where environment or
    /// command line hold what is to change. Running requests and tunnels keep theirs. Changes are
    /// made one after the other: what was changed between a call and its turn stays changed, option
    /// by option. A proxy that does not run, or stops meanwhile, is not asked: the settings are
    /// written for its next start.
    void apply(const config::Settings &wanted, QObject *context, Answer answer);
    /// Changes are being made or wait for their turn; changesEnded() follows.
    [[nodiscard]] bool isChanging() const { return m_change || !m_changes.isEmpty(); }

    [[nodiscard]] account::Snapshot snapshot() const;
    /// As of the last tick. They go on counting while the proxy stops and starts: in all since
    /// totalsBegan(), but for what moved in the last second of a drained one. Live, tunnels and
    /// exchanges are those of now.
    [[nodiscard]] account::Totals totals() const;
    [[nodiscard]] WallTime totalsBegan() const { return m_totalsBegan; } ///< this object's birth
    [[nodiscard]] const TrafficSample &traffic() const { return m_traffic; }
    [[nodiscard]] QList<account::FinishedWork> finishedWork() const;
    [[nodiscard]] QList<account::RefusalRow> refusals() const;
    [[nodiscard]] QList<account::BlockRow> blocks() const;
    /// The servers by which requests go out; nothing while it does not run.
    [[nodiscard]] route::ParentsOverview servers() const;
    [[nodiscard]] bool hasServers() const { return !settings().upstream.parents.list.isEmpty(); }
    /// How many clients were blocked at the last tick.
    [[nodiscard]] qsizetype blockedClients() const { return m_toldBlocks.size(); }

    /// The next connection from there is the program's own: it is in no row and no total.
    void expectOwn(const SocketAddress &client);
    void closeConnection(quint64 id);
    void closeAllConnections();
    /// The answer is false when there was no block by then.
    void liftBlock(const QHostAddress &client, QObject *context, std::function<void(bool)> answer);

    /// Takes totals and rates and says so: its timer does that once a second.
    void tick();
    /// Connects to the own listener, and starts anew when nobody answers: behind a sleep its
    /// address may be gone.
    void checkListener();

Q_SIGNALS:
    /// Also when it cannot start for another reason than before.
    void stateChanged(sami::gui::ProxyState state);
    /// New settings count.
    void settingsChanged();
    /// Of all that was asked for nothing is outstanding; not all of it need count.
    void changesEnded();
    /// Once a second, shown or hidden: totals() and traffic() are new.
    void ticked();
    void noticed(const sami::gui::Notice &notice);

private:
    /// A change of the settings that waits for its turn, or has it.
    struct Change
    {
        config::Settings base; ///< what counted when it was asked for
        config::Settings wanted;
        QPointer<QObject> context;
        Answer answer;
    };

    void tryStart();
    void handleStart(const server::Engine::Outcome &outcome);
    void applyNext();
    void commit(const SettingsStore::Plan &plan);
    void takeBack(const QString &problem);
    void endChange(const Outcome &outcome);
    void endChangeLater(const Outcome &outcome);
    void setState(ProxyState state);
    void handleStartFailure(const QString &reason);
    [[nodiscard]] StartFailure examined(const QString &reason) const;
    void handleStopped();
    void stopEngine();
    void endRun();
    void reportNewBlocks();

    std::unique_ptr<server::Engine> m_engine;
    SettingsStore &m_store;
    ProxyState m_state = ProxyState::Stopped;
    StartFailure m_failure;         ///< while it should run and cannot
    quint64 m_starts = 0;           ///< orders to start; an answer to an older one is stale
    bool m_isStarting = false;      ///< the last of them is not answered yet
    QList<Change> m_changes;        ///< in the order in which they were asked for
    bool m_startWaits = false;      ///< for the change that is being made
    std::optional<Change> m_change; ///< the one that is being made
    bool m_failureTold = false;
    bool m_hasRun = false;         ///< since the program was started
    account::Totals m_totals;      ///< the engine's, from zero at each start
    account::Totals m_endedTotals; ///< of all runs before
    TrafficSample m_traffic;
    TimePoint m_lastTick {};
    WallTime m_lastWallTick {};
    WallTime m_totalsBegan {};
    QPointer<QTcpSocket> m_probe; ///< while the listener is being checked
    QSet<QHostAddress> m_toldBlocks;
    QTimer m_ticker;
    QTimer m_retry;
};

} // namespace sami::gui
