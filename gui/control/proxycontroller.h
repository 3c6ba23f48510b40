// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"
#include "gui/control/proxyengine.h"
#include "gui/text/proxystate.h"
#include "gui/text/startfailure.h"

#include <QHostAddress>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <QString>
#include <QTimer>

#include <memory>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace sami::gui {

class SettingsStore;

/// What a person must know although no window may be shown.
struct Notice
{
    enum class Kind {
        StartFailed,
        Started,   ///< the first time, after a failure
        Recovered, ///< it ran before, and runs again
        GuesserBlocked,
    };

    Kind kind = Kind::StartFailed;
    QString detail; ///< the core's sentence, where it listens, or the blocked address
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
/// More than twelve public methods: what every page shows and asks for passes through here, so that
/// no page knows the engine.
class ProxyController : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProxyController)

public:
    static constexpr std::chrono::milliseconds tickInterval { 1000 };
    static constexpr std::chrono::milliseconds retryInterval { 5000 };

    ProxyController(std::unique_ptr<ProxyEngine> engine, SettingsStore &store,
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

    /// Listens; when that cannot be, goes on trying until stop().
    void start();
    /// While it cannot start: tries at once instead of in some seconds.
    void tryAgain();
    /// Listens where failure() has a way out, from now on. The error is a sentence.
    [[nodiscard]] Result<void, QString> takeWayOut();
    /// Cuts what runs.
    void stop();
    /// Lets running requests and tunnels finish, without a deadline, then stops.
    void drain();

    /// Makes settings count and writes them down: all or nothing, and nothing where environment or
    /// command line hold what is to change. Running requests and tunnels keep theirs. The error is
    /// a sentence, the core's own in English.
    [[nodiscard]] Result<void, QString> apply(const config::Settings &wanted);

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
    /// How many clients were blocked at the last tick.
    [[nodiscard]] qsizetype blockedClients() const { return m_toldBlocks.size(); }

    /// The next connection from there is the program's own: it is in no row and no total.
    void expectOwn(const SocketAddress &client);
    void closeConnection(quint64 id);
    void closeAllConnections();
    bool liftBlock(const QHostAddress &client);

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
    /// Once a second, shown or hidden: totals() and traffic() are new.
    void ticked();
    void noticed(const sami::gui::Notice &notice);

private:
    void tryStart();
    void setState(ProxyState state);
    void handleStartFailure(const QString &reason);
    [[nodiscard]] StartFailure examined(const QString &reason) const;
    void handleStopped();
    void stopEngine();
    void reportNewBlocks();

    std::unique_ptr<ProxyEngine> m_engine;
    SettingsStore &m_store;
    ProxyState m_state = ProxyState::Stopped;
    StartFailure m_failure; ///< while it should run and cannot
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
