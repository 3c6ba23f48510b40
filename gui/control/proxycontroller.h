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

namespace sami::gui {

class ListenerProbe;

/// News that the user must get even while no window is open.
struct Notice
{
    enum class Kind {
        StartFailed,
        Started,   ///< runs for the first time, after failed attempts
        Recovered, ///< runs again, after failed attempts
        GuesserBlocked,
        WaySwitched, ///< emitted by WayWatch
    };

    Kind kind = Kind::StartFailed;
    QString detail; ///< the core's sentence, the listen address, or the blocked client
};

/// The total rates in octets per second, and the number of live connections.
struct TrafficSample
{
    double up = 0; ///< client → upstream
    double down = 0;
    quint32 live = 0;
};

/// Drives the proxy for the window and the tray icon. The only class that touches the engine. Main
/// thread; owns the engine, borrows the store, which outlives it.
///
/// Each call with an answer is answered once, from the event loop, and not at all if its context or
/// this object has gone by then. state() is Stopped as soon as stop() returns.
///
/// More than twelve public methods: everything that a page shows or asks for goes through here, so
/// that no page knows the engine.
class ProxyController : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProxyController)

public:
    static constexpr std::chrono::milliseconds tickInterval { 1000 };
    static constexpr std::chrono::milliseconds retryInterval { 5000 };

    /// The result of a change. The error is a sentence, in English where it is the core's.
    using Outcome = Result<void, QString>;
    using Answer = std::function<void(const Outcome &)>;

    ProxyController(std::unique_ptr<server::Engine> engine, SettingsStore &store,
                    QObject *parent = nullptr);
    ~ProxyController() override;

    [[nodiscard]] ProxyState state() const { return m_state; }
    /// Why the proxy cannot run although it should: a sentence from the core, in English
    /// (coretext.h translates it). Empty otherwise.
    [[nodiscard]] const QString &errorText() const { return m_failure.reason; }
    /// The same reason, with what is known about its cause.
    [[nodiscard]] const StartFailure &failure() const { return m_failure; }
    [[nodiscard]] const SettingsStore &store() const { return m_store; }
    [[nodiscard]] const config::Settings &settings() const;
    /// The address it listens on now; that of the settings while it does not run.
    [[nodiscard]] SocketAddress listenAddress() const;

    /// Starts to listen; on failure retries until stop(). stateChanged() follows.
    void start();
    /// Retries a failed start at once, instead of after retryInterval.
    void tryAgain();
    /// Applies settings that listen at failure().wayOut, if there is one.
    void applyFallback(QObject *context, Answer answer);
    /// Cuts all connections.
    void stop();
    /// Stops once all running requests and tunnels have finished; there is no deadline.
    void drain();

    /// Applies settings and writes them to the file: all or nothing, and nothing if the environment
    /// or the command line fixes an option that would change. Running requests and tunnels keep
    /// their settings. Changes are applied in the order of the calls. A change that had to wait
    /// alters only the options that its caller changed, so earlier changes survive. If the proxy
    /// does not run, or stops meanwhile, the settings are written for its next start.
    void apply(const config::Settings &wanted, QObject *context, Answer answer);
    /// Call it after this program has changed the users' file: the proxy reads it at once instead
    /// of within ten seconds. usersChanged() follows.
    void takeUsers();
    /// Whether changes are being applied or wait for their turn; changesEnded() follows.
    [[nodiscard]] bool isChanging() const { return m_change || !m_changes.isEmpty(); }

    [[nodiscard]] account::Snapshot snapshot() const;
    /// As of the last tick. Sums since totalsBegan(), over all runs of the proxy, without what
    /// moved after the last tick of a run that ended by itself. `live`, `tunnels` and `exchanges`
    /// are those of the current run.
    [[nodiscard]] account::Totals totals() const;
    [[nodiscard]] WallTime totalsBegan() const { return m_totalsBegan; } ///< its construction
    [[nodiscard]] const TrafficSample &traffic() const { return m_traffic; }
    [[nodiscard]] QList<account::FinishedWork> finishedWork() const;
    [[nodiscard]] QList<account::RefusalRow> refusals() const;
    [[nodiscard]] QList<account::BlockRow> blocks() const;
    /// The servers that requests go out through; empty while the proxy does not run.
    [[nodiscard]] route::ParentsOverview servers() const;
    [[nodiscard]] bool hasServers() const { return !settings().upstream.parents.list.isEmpty(); }
    /// What "private" in a list of clients means on this computer.
    [[nodiscard]] policy::PrivateClients privateClients() const;
    /// How many clients were blocked at the last tick.
    [[nodiscard]] qsizetype blockedClients() const { return m_toldBlocks.size(); }

    /// Says that the next connection from there is our own: it appears in no row and no total.
    void expectOwn(const SocketAddress &client);
    void closeConnection(quint64 id);
    void closeAllConnections();
    /// The answer is false if there was no such block.
    void liftBlock(const QHostAddress &client, QObject *context, std::function<void(bool)> answer);

    /// Updates totals and rates and emits ticked(). The timer calls it once a second.
    void tick();
    /// Probes our own listener and restarts it if its address has disappeared (after a suspend, for
    /// example). If the probe cannot be made, the next tick tries again.
    void checkListener();

Q_SIGNALS:
    /// Also emitted when the reason of a failure changes.
    void stateChanged(sami::gui::ProxyState state);
    /// New settings are in force.
    void settingsChanged();
    /// This program has changed the users' file.
    void usersChanged();
    /// No requested change is outstanding any more. Some may have failed.
    void changesEnded();
    /// totals() and traffic() are new. Once a second, even while the window is hidden.
    void ticked();
    void noticed(const sami::gui::Notice &notice);

private:
    /// A change of the settings that waits for its turn or is being applied.
    struct Change
    {
        config::Settings base; ///< the settings at the time of the request
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
    void handleDeadListener();

    std::unique_ptr<server::Engine> m_engine;
    SettingsStore &m_store;
    ProxyState m_state = ProxyState::Stopped;
    StartFailure m_failure;         ///< set while it should run and cannot
    quint64 m_starts = 0;           ///< starts so far; an answer to an older one is stale
    bool m_isStarting = false;      ///< the latest start has no answer yet
    QList<Change> m_changes;        ///< those that wait, in the order of the requests
    bool m_startWaits = false;      ///< a start waits for the change being applied
    std::optional<Change> m_change; ///< the one being applied
    bool m_failureTold = false;
    bool m_hasRun = false;         ///< it has run since this program started
    account::Totals m_totals;      ///< of the current run
    account::Totals m_endedTotals; ///< the sum of all earlier runs
    TrafficSample m_traffic;
    TimePoint m_lastTick {};
    WallTime m_lastWallTick {};
    WallTime m_totalsBegan {};
    ListenerProbe *m_probe;
    QSet<QHostAddress> m_toldBlocks;
    QTimer m_ticker;
    QTimer m_retry;
};

} // namespace sami::gui
