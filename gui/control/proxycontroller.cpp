// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/proxycontroller.h"

#include "base/logging.h"
#include "config/exposure.h"
#include "gui/control/freeport.h"
#include "gui/control/listenerprobe.h"
#include "gui/control/portholder.h"
#include "gui/control/settingsmix.h"
#include "gui/text/locktext.h"

#include <utility>

namespace sami::gui {

namespace {

constexpr char unit[] = "gui.proxycontroller";

/// A longer time between two ticks means a suspend or a changed clock.
constexpr std::chrono::seconds longestTick { 10 };

double rate(quint64 now, quint64 before, double seconds)
{
    // After a restart the totals begin at zero.
    return now >= before && seconds > 0 ? double(now - before) / seconds : 0;
}

/// Leaves out `live`, `tunnels` and `exchanges`, which only the current run has.
void addSums(account::Totals &to, const account::Totals &part)
{
    to.connections += part.connections;
    to.requests += part.requests;
    to.refused += part.refused;
    to.up += part.up;
    to.down += part.down;
}

} // namespace

ProxyController::ProxyController(std::unique_ptr<server::Engine> engine, SettingsStore &store,
                                 QObject *parent)
    : QObject(parent), m_engine(std::move(engine)), m_store(store), m_lastTick(Clock::now()),
      m_lastWallTick(WallClock::now()), m_totalsBegan(WallClock::now()),
      m_probe(new ListenerProbe(this))
{
    connect(m_probe, &ListenerProbe::died, this, &ProxyController::handleDeadListener);
    connect(m_engine.get(), &server::Engine::stopped, this, &ProxyController::handleStopped);
    connect(&m_ticker, &QTimer::timeout, this, &ProxyController::tick);
    m_ticker.start(tickInterval);
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryInterval);
    connect(&m_retry, &QTimer::timeout, this, &ProxyController::tryStart);
}

ProxyController::~ProxyController()
{
    // The engine's signals during its destruction must not reach this object.
    m_engine->disconnect(this);
}

const config::Settings &ProxyController::settings() const
{
    return m_store.settings();
}

SocketAddress ProxyController::listenAddress() const
{
    if (const server::Effective *effective = m_engine->effective())
        return effective->listening;
    return { settings().listen.address, settings().listen.port };
}

void ProxyController::start()
{
    if (m_state == ProxyState::Stopped)
        tryStart();
}

void ProxyController::tryStart()
{
    // A change that is being applied must take effect before this start.
    if (m_change)
        m_startWaits = true;
    if (m_change || std::exchange(m_isStarting, true))
        return;
    if (const QString problem = m_store.startProblem(); !problem.isEmpty()) {
        m_isStarting = false;
        handleStartFailure(problem);
        return;
    }
    logging::setLevel(settings().log.level);
    m_engine->start(settings(), this,
                    [this, number = ++m_starts](const server::Engine::Outcome &outcome) {
                        if (number == m_starts && std::exchange(m_isStarting, false))
                            handleStart(outcome);
                    });
}

void ProxyController::handleStart(const server::Engine::Outcome &outcome)
{
    // Changes that were requested meanwhile are applied after the signals below.
    QMetaObject::invokeMethod(this, &ProxyController::applyNext, Qt::QueuedConnection);
    if (!outcome) {
        handleStartFailure(outcome.error());
        return;
    }
    m_retry.stop();
    m_failure = {};
    m_toldBlocks.clear();
    const bool hadFailed = std::exchange(m_failureTold, false);
    const bool hadRun = std::exchange(m_hasRun, true);
    const QByteArray place = outcome->listening.toByteArray();
    setState(ProxyState::Running);
    logInfo(unit, "started", { { "address", place } });
    if (hadFailed)
        Q_EMIT noticed({ hadRun ? Notice::Kind::Recovered : Notice::Kind::Started,
                         QString::fromLatin1(place) });
}

void ProxyController::handleStartFailure(const QString &reason)
{
    m_retry.start();
    // Examining a failure takes time, so it is done only when the reason is new.
    const bool isOther = m_failure.reason != reason;
    if (isOther)
        m_failure = examined(reason);
    const bool isNews = !std::exchange(m_failureTold, true);
    if (isNews)
        logError(unit, "cannot start: " + reason.toUtf8());
    if (m_state == ProxyState::Failed && isOther)
        Q_EMIT stateChanged(m_state);
    setState(ProxyState::Failed);
    if (isNews)
        Q_EMIT noticed({ Notice::Kind::StartFailed, reason });
}

StartFailure ProxyController::examined(const QString &reason) const
{
    const config::ListenSettings &listen = settings().listen;
    StartFailure failure {
        StartFailureText::kindOf(reason), reason, { listen.address, listen.port }, {}, {}, {}
    };
    if (failure.kind == StartFailure::Kind::Other)
        return failure;
    if (failure.kind == StartFailure::Kind::PortTaken)
        failure.holder = portHolder(listen.port);
    const bool isAddress = failure.kind == StartFailure::Kind::NoSuchAddress;
    const char *setting = isAddress ? "PROXY_ADDRESS" : "PROXY_PORT";
    if (m_store.isLocked(setting)) {
        failure.lock = LockText::sentence(m_store.loaded().option(QString::fromLatin1(setting)));
        return failure;
    }
    if (isAddress) {
        failure.wayOut = { QHostAddress(QHostAddress::LocalHost), listen.port };
        return failure;
    }
    constexpr quint16 lastPort = 65535;
    if (failure.kind == StartFailure::Kind::PortTaken && listen.port == lastPort)
        return failure;
    const quint16 first = failure.kind == StartFailure::Kind::PortTaken
        ? quint16(listen.port + 1)
        : qMax(SettingsStore::defaults().listen.port, listen.port);
    if (const auto port = nextFreePort(listen.address, first))
        failure.wayOut = { listen.address, *port };
    return failure;
}

void ProxyController::tryAgain()
{
    if (m_state == ProxyState::Failed)
        tryStart();
}

void ProxyController::applyFallback(QObject *context, Answer answer)
{
    config::Settings wanted = settings();
    if (m_failure.wayOut)
        wanted.listen = { m_failure.wayOut->address, m_failure.wayOut->port };
    apply(wanted, context, std::move(answer));
}

void ProxyController::stop()
{
    m_retry.stop();
    m_startWaits = false;
    m_failureTold = false;
    m_failure = {};
    if (m_state == ProxyState::Running || m_state == ProxyState::Draining) {
        stopEngine();
        return;
    }
    if (std::exchange(m_isStarting, false)) {
        m_engine->stop();
        QMetaObject::invokeMethod(this, &ProxyController::applyNext, Qt::QueuedConnection);
    }
    setState(ProxyState::Stopped);
}

void ProxyController::stopEngine()
{
    // The engine may have stopped by itself a moment ago, and a stopped engine has no totals.
    if (m_engine->effective())
        m_totals = m_engine->totals();
    // stop() cuts the running tunnels and exchanges, so each counts as a finished request.
    m_totals.requests += m_totals.tunnels + m_totals.exchanges;
    m_engine->stop();
    endRun();
}

void ProxyController::drain()
{
    if (m_state != ProxyState::Running) {
        stop();
        return;
    }
    m_engine->drain(std::nullopt);
    setState(ProxyState::Draining);
}

void ProxyController::handleStopped()
{
    // Only a run that ended by itself needs endRun() here. stopEngine() has ended any other run,
    // and the next run may be starting already.
    if (m_state == ProxyState::Running || m_state == ProxyState::Draining)
        endRun();
}

void ProxyController::endRun()
{
    logInfo(unit, "stopped");
    addSums(m_endedTotals, std::exchange(m_totals, {}));
    setState(ProxyState::Stopped);
}

void ProxyController::setState(ProxyState state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void ProxyController::apply(const config::Settings &wanted, QObject *context, Answer answer)
{
    m_changes.append({ settings(), wanted, context, std::move(answer) });
    applyNext();
}

void ProxyController::takeUsers()
{
    // Applying any settings makes the engine read the file. A start or a change that is under way
    // reads it anyway, and applying the current settings would undo that change.
    if (m_engine->effective() && !m_change && !m_isStarting)
        m_engine->apply(settings(), this, {});
    Q_EMIT usersChanged();
}

void ProxyController::applyNext()
{
    if (m_isStarting || m_change || m_changes.isEmpty())
        return;
    m_change = m_changes.takeFirst();
    const config::Settings now = settings();
    const config::Settings wanted = m_change->base == now
        ? m_change->wanted
        : mergedSettings(m_change->base, m_change->wanted, now);
    // Plan the file first: a change that the engine accepts but the file cannot store would be
    // undone by the next change or start.
    auto plan = m_store.plan(wanted);
    if (!plan) {
        endChangeLater(Unexpected(plan.error()));
        return;
    }
    if (!m_engine->effective()) {
        QMetaObject::invokeMethod(
            this, [this, plan = std::move(plan).value()] { commit(plan); }, Qt::QueuedConnection);
        return;
    }
    const config::Settings next = plan->loaded.settings;
    m_engine->apply(next, this,
                    [this, plan = std::move(plan).value()](const server::Engine::Outcome &outcome) {
                        // An engine that has stopped meanwhile answers with an error, but the
                        // settings still count for its next start.
                        if (outcome || !m_engine->effective())
                            commit(plan);
                        else
                            endChange(Unexpected(outcome.error()));
                    });
}

void ProxyController::commit(const SettingsStore::Plan &plan)
{
    if (auto saved = m_store.commit(plan); !saved) {
        takeBack(saved.error());
        return;
    }
    logging::setLevel(settings().log.level);
    logInfo(unit, "settings applied");
    Q_EMIT settingsChanged();
    if (m_state == ProxyState::Failed)
        tryStart();
    endChange({});
}

void ProxyController::takeBack(const QString &problem)
{
    if (!m_engine->effective()) {
        endChange(Unexpected(problem));
        return;
    }
    m_engine->apply(settings(), this, [this, problem](const server::Engine::Outcome &restored) {
        // An engine that has stopped meanwhile has nothing to roll back.
        const bool isBack = restored || !m_engine->effective();
        endChange(
            Unexpected(isBack ? problem : QString(problem + QLatin1Char('\n') + restored.error())));
    });
}

void ProxyController::endChange(const Outcome &outcome)
{
    const std::optional<Change> ended = std::exchange(m_change, std::nullopt);
    if (std::exchange(m_startWaits, false))
        tryStart();
    QMetaObject::invokeMethod(this, &ProxyController::applyNext, Qt::QueuedConnection);
    if (!isChanging())
        Q_EMIT changesEnded();
    if (ended && ended->context && ended->answer)
        ended->answer(outcome);
}

void ProxyController::endChangeLater(const Outcome &outcome)
{
    QMetaObject::invokeMethod(
        this, [this, outcome] { endChange(outcome); }, Qt::QueuedConnection);
}

account::Snapshot ProxyController::snapshot() const
{
    return m_engine->snapshot();
}

account::Totals ProxyController::totals() const
{
    account::Totals totals = m_totals;
    addSums(totals, m_endedTotals);
    return totals;
}

QList<account::FinishedWork> ProxyController::finishedWork() const
{
    return m_engine->finishedWork();
}

QList<account::RefusalRow> ProxyController::refusals() const
{
    return m_engine->refusals();
}

QList<account::BlockRow> ProxyController::blocks() const
{
    return m_engine->blocks();
}

route::ParentsOverview ProxyController::servers() const
{
    return m_engine->parents();
}

policy::PrivateClients ProxyController::privateClients() const
{
    return m_engine->privateClients();
}

void ProxyController::expectOwn(const SocketAddress &client)
{
    m_engine->expectOwn(client);
}

void ProxyController::closeConnection(quint64 id)
{
    m_engine->closeConnection(id);
}

void ProxyController::closeAllConnections()
{
    m_engine->closeAllConnections();
}

void ProxyController::liftBlock(const QHostAddress &client, QObject *context,
                                std::function<void(bool)> answer)
{
    m_toldBlocks.remove(client);
    m_engine->liftBlock(client, context, std::move(answer));
}

void ProxyController::tick()
{
    const TimePoint now = Clock::now();
    const WallTime wallNow = WallClock::now();
    const double seconds = std::chrono::duration<double>(now - m_lastTick).count();
    // The monotonic clock stops during a suspend on some systems and runs on others.
    const bool hasSlept = wallNow - m_lastWallTick > longestTick || now - m_lastTick > longestTick;
    m_lastTick = now;
    m_lastWallTick = wallNow;
    if (hasSlept || m_probe->isDue())
        checkListener();
    const account::Totals before = m_totals;
    // If a run has ended by itself, keep its last totals until handleStopped().
    if (m_engine->effective())
        m_totals = m_engine->totals();
    m_traffic = { rate(m_totals.up, before.up, seconds), rate(m_totals.down, before.down, seconds),
                  m_totals.live };
    reportNewBlocks();
    Q_EMIT ticked();
}

void ProxyController::checkListener()
{
    if (m_state != ProxyState::Running)
        return;
    const SocketAddress where = listenAddress();
    m_probe->ask({ config::addressFromHere(where.address), where.port },
                 [this](const SocketAddress &from) { expectOwn(from); });
}

void ProxyController::handleDeadListener()
{
    if (m_state != ProxyState::Running)
        return;
    logError(unit, "the listener does not answer: restarting the proxy");
    stopEngine();
    tryStart();
}

void ProxyController::reportNewBlocks()
{
    QSet<QHostAddress> blocked;
    const QList<account::BlockRow> rows = m_engine->blocks();
    for (const account::BlockRow &row : rows) {
        blocked.insert(row.address);
        if (!m_toldBlocks.contains(row.address))
            Q_EMIT noticed({ Notice::Kind::GuesserBlocked, row.address.toString() });
    }
    m_toldBlocks = blocked;
}

} // namespace sami::gui
