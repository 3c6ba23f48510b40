// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/service.h"

#include "admin/keptsetting.h"
#include "base/logging.h"
#include "base/version.h"
#include "config/exposure.h"
#include "config/optiontable.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace sami::daemon {

namespace {

constexpr char unit[] = "daemon.service";

/// How often the service manager is told what a stop still waits for.
constexpr std::chrono::seconds stopReportInterval { 1 };

bool hasOptionsOf(const config::LoadedSettings &loaded, config::Source source)
{
    return std::any_of(
        loaded.options.begin(), loaded.options.end(),
        [source](const config::EffectiveOption &option) { return option.source == source; });
}

/// "off" without a list; otherwise its mode, "enforce" or "report".
QByteArray hostListState(const config::Settings &settings)
{
    return settings.access.allowedHosts.isEmpty() ? "off" : toString(settings.access.hostsMode);
}

} // namespace

Service::Service(config::LoadInput input, LogWriter &log, server::ProxyServer &proxy,
                 QObject *parent)
    : QObject(parent), m_input(std::move(input)), m_log(log), m_proxy(proxy), m_engine(proxy),
      m_notifier(m_input.environment.value(QStringLiteral("NOTIFY_SOCKET")))
{
    connect(&m_engine, &server::Engine::stopped, this, &Service::handleStopped);
    connect(&m_signals, &SignalWatcher::terminateRequested, this, &Service::handleTerminate);
    connect(&m_signals, &SignalWatcher::reloadRequested, this, &Service::handleReload);
    connect(&m_stopReport, &QTimer::timeout, this, &Service::reportStopping);
    m_cut.setSingleShot(true);
    connect(&m_cut, &QTimer::timeout, this, [this] { cut("the grace time is over"); });
}

Service::~Service() = default;

void Service::start(const config::LoadedSettings &loaded)
{
    const auto settings = withAdminDoors(loaded.settings);
    if (!settings) {
        m_state = State::Stopped;
        QMetaObject::invokeMethod(
            this, [this, reason = settings.error()] { Q_EMIT failed(reason); },
            Qt::QueuedConnection);
        return;
    }
    m_engine.start(*settings, this, [this, loaded](const server::Engine::Outcome &outcome) {
        handleStart(loaded, outcome);
    });
}

/// Binds the admin doors of these settings, so that the rules know their real ports.
Result<config::Settings, QString> Service::withAdminDoors(const config::Settings &asked)
{
    config::Settings settings = asked;
    if (asked.admin.isOff()) {
        if (m_admin)
            static_cast<void>(m_admin->prepare(asked.admin)); // nothing is to be bound
        return settings;
    }
    if (!m_admin) {
        m_admin = std::make_unique<admin::AdminServer>(m_proxy, asked.eventDispatcher);
        connect(m_admin.get(), &admin::AdminServer::drainRequested, this,
                [this](std::optional<std::chrono::milliseconds> grace,
                       const std::function<void(bool)> &answer) {
                    // Answered first: a drain with nothing to do closes the admin doors.
                    const bool isTaken = stopsSooner(grace);
                    answer(isTaken);
                    if (isTaken)
                        drain(grace);
                });
        connect(m_admin.get(), &admin::AdminServer::settingRequested, this, &Service::setFromAfar);
    }
    auto real = m_admin->prepare(asked.admin);
    if (!real) {
        keepAdminAsItWas();
        return Unexpected(real.error());
    }
    settings.admin = std::move(real).value();
    return settings;
}

void Service::putInForce(const config::LoadedSettings &loaded, admin::AdminServer::Opening opening)
{
    m_loaded = loaded;
    if (loaded.settings.admin.isOff())
        m_admin.reset();
    else
        m_admin->serve(loaded, opening);
}

/// Drops what was prepared for settings that did not come into force.
void Service::keepAdminAsItWas()
{
    if (m_loaded.settings.admin.isOff())
        m_admin.reset();
    else
        static_cast<void>(m_admin->prepare(m_loaded.settings.admin)); // all of them are there
}

void Service::handleStart(const config::LoadedSettings &loaded,
                          const server::Engine::Outcome &outcome)
{
    if (!outcome) {
        m_state = State::Stopped;
        m_admin.reset();
        Q_EMIT failed(outcome.error());
        return;
    }
    m_state = State::Running;
    m_effective = *outcome;
    putInForce(loaded, admin::AdminServer::Opening::AtOnce);
    announce(loaded, "started");
    m_notifier.ready(listeningText());
    if (std::exchange(m_reloadWaits, false))
        handleReload();
    if (m_stopWaits)
        handleTerminate();
    Q_EMIT started();
}

QByteArray Service::listeningText() const
{
    const config::ListenSettings &listen = m_effective.settings.listen;
    const SocketAddress where { listen.address, listen.port };
    return "listening on " + where.toByteArray();
}

void Service::announce(const config::LoadedSettings &loaded, const char *message) const
{
    const config::Settings &settings = loaded.settings;
    const quint16 port = m_effective.settings.listen.port;
    for (const QString &warning : loaded.warnings)
        logInfo(unit, warning.toUtf8());
    if (config::isOpenToEveryone(settings)) {
        const QByteArray caveat = m_effective.privateIsCertain
            ? QByteArray()
            : " (in this container that may not keep the internet out)";
        logError(unit,
                 "OPEN PROXY: anyone who can reach this port may use it, without a password. "
                 "Set PROXY_AUTH_USERNAME and PROXY_AUTH_PASSWORD, or ALLOWED_IPS=private"
                     + caveat + " or another list in ALLOWED_IPS, or PROXY_ADDRESS=127.0.0.1",
                 { { "port", qint64(port) }, { "allowed_hosts", hostListState(settings) } });
    } else if (config::reliesOnPrivate(settings) && !m_effective.privateIsCertain) {
        logError(unit,
                 "ALLOWED_IPS=private may not keep the internet out here: what forwards a "
                 "container's port can look like a private network. Set PROXY_AUTH_USERNAME and "
                 "PROXY_AUTH_PASSWORD too",
                 { { "port", qint64(port) } });
    }
    std::vector<LogField> fields {
        { "version", QByteArray(SAMI_VERSION) },
        { "address", settings.listen.address.toString().toLatin1() },
        { "port", qint64(port) },
        { "socks5", QByteArray(config::speaksSocks5(settings) ? "on" : "off") },
        { "auth", QByteArray(config::asksForPassword(settings) ? "on" : "off") },
        { "allowed_ips", qint64(settings.access.allowedClients.size()) },
        { "allowed_hosts", hostListState(settings) },
        { "timeout", Clock::duration(settings.timeouts.silence) },
        { "connect_timeout", Clock::duration(settings.timeouts.connect) },
        { "header_timeout", Clock::duration(settings.timeouts.header) },
        { "threads", qint64(m_effective.settings.limits.threads) },
        { "max_connections", qint64(m_effective.settings.limits.maxConnections) }
    };
    // Without a certificate the door has no TLS.
    const config::TlsMode mode =
        m_effective.pin.isEmpty() ? config::TlsMode::Off : settings.tls.mode;
    fields.push_back({ "tls", QByteArray(config::toString(mode)) });
    if (!m_effective.pin.isEmpty())
        fields.push_back({ "pin", m_effective.pin });
    logInfo(unit, message, std::move(fields));
}

void Service::handleTerminate()
{
    switch (m_state) {
    case State::Starting:
        m_stopWaits = true;
        return;
    case State::Running:
        break;
    case State::Draining:
        cut("told to stop again");
        return;
    case State::Stopped:
        return; // the process is about to end
    }
    drain(m_effective.settings.timeouts.shutdownGrace);
}

/// Whether an order with that grace time changes anything now.
bool Service::stopsSooner(std::optional<std::chrono::milliseconds> grace) const
{
    if (m_state == State::Draining)
        return grace && (!m_stopAt || Clock::now() + *grace < *m_stopAt);
    return m_state == State::Running;
}

void Service::cut(const char *why)
{
    if (m_state != State::Draining)
        return;
    logInfo(unit, QByteArray(why) + ": cutting what is left");
    m_state = State::Stopped;
    m_engine.stop();
}

void Service::drain(std::optional<std::chrono::milliseconds> grace)
{
    m_stopAt = grace ? std::optional(Clock::now() + *grace) : std::nullopt;
    if (m_state == State::Draining) {
        m_cut.start(grace.value_or(std::chrono::milliseconds(0)));
        return;
    }
    m_state = State::Draining;
    m_engine.drain(grace);
    // Logged once it is true: anybody who sees this line and sends a request gets its 503.
    std::vector<LogField> fields;
    if (grace)
        fields.push_back({ "grace", Clock::duration(*grace) });
    logInfo(unit, "stopping: running work may finish", std::move(fields));
    reportStopping();
    m_stopReport.start(stopReportInterval);
}

void Service::handleStopped()
{
    m_state = State::Stopped;
    m_admin.reset(); // the process ends without destructors
    Q_EMIT finished();
}

void Service::reportStopping()
{
    m_notifier.stopping("stopping: " + QByteArray::number(m_engine.totals().live)
                        + " connections may finish");
}

void Service::handleReload()
{
    if (m_state == State::Draining || m_state == State::Stopped) {
        logInfo(unit, "not reloaded: the proxy is stopping");
        return;
    }
    if (m_state == State::Starting || m_reloading) {
        m_reloadWaits = true;
        return;
    }
    // New settings may start threads.
    m_reloading.emplace();
    m_notifier.reloading();
    const auto loaded = settingsToReload();
    if (!loaded) {
        endReload();
        return;
    }
    const auto settings = withAdminDoors(loaded->settings);
    if (!settings) {
        logError(unit, "not reloaded: " + settings.error().toUtf8());
        endReload();
        return;
    }
    m_engine.apply(*settings, this,
                   [this, loaded = *loaded](const server::Engine::Outcome &outcome) {
                       handleApply(loaded, outcome);
                   });
}

std::optional<config::LoadedSettings> Service::settingsToReload() const
{
    auto loaded = config::loadSettings(m_input);
    if (!loaded) {
        for (const config::ConfigError &error : loaded.error())
            logError(unit, "not reloaded: " + error.toString().toUtf8());
        return std::nullopt;
    }
    const auto isSilenced = [&](config::Source source) {
        return hasOptionsOf(m_loaded, source) && !hasOptionsOf(*loaded, source);
    };
    // A file that was just emptied to be written again, or a pipe that was read once.
    if (isSilenced(config::Source::File)) {
        logError(
            unit,
            "not reloaded: the settings file says nothing any more; restart to run without it");
        return std::nullopt;
    }
    // A volume that is not mounted: a list of clients would be gone with it.
    if (isSilenced(config::Source::State)) {
        logError(unit,
                 "not reloaded: settings.ini in the state folder says nothing any more; restart to "
                 "run without it");
        return std::nullopt;
    }
    return std::move(loaded).value();
}

void Service::handleApply(const config::LoadedSettings &loaded,
                          const server::Engine::Outcome &outcome)
{
    if (outcome) {
        m_effective = *outcome;
        putInForce(loaded, admin::AdminServer::Opening::AfterRest);
        logging::setLevel(loaded.settings.log.level);
        m_log.setFormat(loaded.settings.log.format);
        announce(loaded, "reloaded");
    } else {
        keepAdminAsItWas();
        logError(unit, "not reloaded: " + outcome.error().toUtf8());
    }
    endReload();
}

void Service::setFromAfar(const admin::SettingOrder &order, const admin::SettingAnswer &answer)
{
    const auto refuse = [&answer](admin::Problem problem, const QByteArray &why) {
        answer(Unexpected(admin::problemReply(problem, why)));
    };
    if (m_state != State::Running)
        return refuse(admin::Problem::Unavailable, "The proxy is stopping.");
    if (m_reloading)
        return refuse(admin::Problem::Conflict, "The settings are being changed; read them again.");
    const config::Option &option = *order.option;
    const auto plan = config::RemoteSettings::plan(m_input, m_loaded, option, order.value);
    if (!plan) {
        const QByteArray errors = config::toString(plan.error().errors).toUtf8();
        if (plan.error().isOfValue)
            return refuse(admin::Problem::BadValue, errors);
        logError(unit, "not set: a start would refuse the settings", { { "reason", errors } });
        return refuse(admin::Problem::Unavailable,
                      "The settings' files are not in order; the proxy's log says why.");
    }
    if (const auto kept = admin::keepSetting(m_loaded.settings, option, order.value); !kept) {
        logError(unit, "not set: it cannot be kept", { { "reason", kept.error().toUtf8() } });
        return refuse(admin::Problem::Unavailable,
                      "It cannot be kept in the state folder; the proxy's log says why.");
    }
    m_reloading.emplace();
    const auto settings = withAdminDoors(plan->next.settings); // all of them are there
    m_engine.apply(settings ? *settings : plan->next.settings, this,
                   [this, plan = *plan, order, answer](const server::Engine::Outcome &outcome) {
                       handleSet(plan, order, answer, outcome);
                   });
}

void Service::handleSet(const config::RemoteSettings::Plan &plan, const admin::SettingOrder &order,
                        const admin::SettingAnswer &answer, const server::Engine::Outcome &outcome)
{
    const bool isKept = !m_loaded.settings.state.folder.isEmpty();
    if (outcome) {
        m_effective = *outcome;
        if (!isKept || m_input.plannedState)
            m_input.plannedState = plan.state;
        // Who did that is written, whichever of the two levels is to hide it.
        const LogLevel level = plan.next.settings.log.level;
        logging::setLevel(std::max(level, m_loaded.settings.log.level));
        putInForce(plan.next, admin::AdminServer::Opening::AfterRest);
        announce(plan.next, "setting changed");
        answer(admin::SettingDone { isKept, plan.next.warnings });
        logging::setLevel(level);
    } else {
        const config::EffectiveOption &before = m_loaded.option(order.option->environmentName());
        static_cast<void>(
            admin::keepSetting(m_loaded.settings, *order.option,
                               before.source == config::Source::State ? before.text : QString()));
        keepAdminAsItWas();
        logError(unit, "not set: " + outcome.error().toUtf8());
        answer(Unexpected(admin::problemReply(
            admin::Problem::Unavailable, "It cannot be brought into force; the log says why.")));
    }
    endReload();
}

void Service::endReload()
{
    // Refused settings leave the old ones in force, so the proxy is as ready as before.
    if (m_state == State::Running)
        m_notifier.ready(listeningText());
    m_reloading.reset();
    if (std::exchange(m_reloadWaits, false))
        handleReload();
}

} // namespace sami::daemon
