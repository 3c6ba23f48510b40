// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/service.h"

#include "base/logging.h"
#include "base/version.h"
#include "config/exposure.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sami::daemon {

namespace {

constexpr char unit[] = "daemon.service";

/// How often the service manager hears what a stop still waits for.
constexpr std::chrono::seconds stopReportInterval { 1 };

bool hasFileSettings(const config::LoadedSettings &loaded)
{
    return std::any_of(loaded.options.begin(), loaded.options.end(),
                       [](const config::EffectiveOption &option) {
                           return option.source == config::Source::File;
                       });
}

/// "off" without a list, else what it does: "enforce" or "report".
QByteArray hostListState(const config::Settings &settings)
{
    return settings.access.allowedHosts.isEmpty() ? "off" : toString(settings.access.hostsMode);
}

} // namespace

Service::Service(config::LoadInput input, LogWriter &log, QObject *parent)
    : QObject(parent), m_input(std::move(input)), m_log(log),
      m_notifier(m_input.environment.value(QStringLiteral("NOTIFY_SOCKET")))
{
    connect(&m_proxy, &server::ProxyServer::stopped, this, &Service::finished);
    connect(&m_signals, &SignalWatcher::terminateRequested, this, &Service::handleTerminate);
    connect(&m_signals, &SignalWatcher::reloadRequested, this, &Service::handleReload);
    connect(&m_stopReport, &QTimer::timeout, this, &Service::reportStopping);
}

Service::~Service() = default;

Result<void, QString> Service::start(const config::LoadedSettings &loaded)
{
    m_settings = loaded.settings;
    m_hasFileSettings = hasFileSettings(loaded);
    auto started = m_proxy.start(m_settings);
    if (started) {
        announce(loaded, "started");
        m_notifier.ready(listeningText());
    }
    return started;
}

QByteArray Service::listeningText() const
{
    const SocketAddress where { m_settings.listen.address, m_proxy.listenAddress().port };
    return "listening on " + where.toByteArray();
}

void Service::announce(const config::LoadedSettings &loaded, const char *message) const
{
    const config::Settings &settings = loaded.settings;
    const SocketAddress where = m_proxy.listenAddress();
    for (const QString &warning : loaded.warnings)
        logInfo(unit, warning.toUtf8());
    if (config::isOpenToEveryone(settings)) {
        const QByteArray caveat = m_proxy.privateIsCertain()
            ? QByteArray()
            : " (in this container that may not keep the internet out)";
        logError(unit,
                 "OPEN PROXY: anyone who can reach this port may use it, without a password. "
                 "Set PROXY_AUTH_USERNAME and PROXY_AUTH_PASSWORD, or ALLOWED_IPS=private"
                     + caveat + " or another list in ALLOWED_IPS, or PROXY_ADDRESS=127.0.0.1",
                 { { "port", qint64(where.port) }, { "allowed_hosts", hostListState(settings) } });
    } else if (config::reliesOnPrivate(settings) && !m_proxy.privateIsCertain()) {
        logError(unit,
                 "ALLOWED_IPS=private may not keep the internet out here: what forwards a "
                 "container's port can look like a private network. Set PROXY_AUTH_USERNAME and "
                 "PROXY_AUTH_PASSWORD too",
                 { { "port", qint64(where.port) } });
    }
    logInfo(unit, message,
            { { "version", QByteArray(SAMI_VERSION) },
              { "address", settings.listen.address.toString().toLatin1() },
              { "port", qint64(where.port) },
              { "auth", QByteArray(settings.access.credentials ? "on" : "off") },
              { "allowed_ips", qint64(settings.access.allowedClients.size()) },
              { "allowed_hosts", hostListState(settings) },
              { "timeout", Clock::duration(settings.timeouts.silence) },
              { "connect_timeout", Clock::duration(settings.timeouts.connect) },
              { "header_timeout", Clock::duration(settings.timeouts.header) },
              { "threads", qint64(m_proxy.threads()) },
              { "max_connections", qint64(m_proxy.connectionLimit()) } });
}

void Service::handleTerminate()
{
    if (!m_proxy.isRunning())
        return; // stopped: the process is about to end
    if (m_proxy.isDraining()) {
        logInfo(unit, "told to stop again: cutting what is left");
        m_proxy.stop();
        return;
    }
    m_proxy.drain(m_settings.timeouts.shutdownGrace);
    // Said when it is so: whoever reads this line and asks for something gets its 503.
    logInfo(unit, "stopping: running work may finish",
            { { "grace", Clock::duration(m_settings.timeouts.shutdownGrace) } });
    reportStopping();
    m_stopReport.start(stopReportInterval);
}

void Service::reportStopping()
{
    m_notifier.stopping("stopping: " + QByteArray::number(m_proxy.totals().live)
                        + " connections may finish");
}

void Service::handleReload()
{
    if (!m_proxy.isRunning() || m_proxy.isDraining()) {
        logInfo(unit, "not reloaded: the proxy is stopping");
        return;
    }
    // New settings may start threads.
    const SignalHold hold;
    m_notifier.reloading();
    reload();
    // Settings that were refused leave the old ones in force: it is as ready as before.
    m_notifier.ready(listeningText());
}

void Service::reload()
{
    const auto loaded = config::loadSettings(m_input);
    if (!loaded) {
        for (const config::ConfigError &error : loaded.error())
            logError(unit, "not reloaded: " + error.toString().toUtf8());
        return;
    }
    // A file that was just emptied to be written again, or a pipe that was read once.
    if (m_hasFileSettings && !hasFileSettings(*loaded)) {
        logError(
            unit,
            "not reloaded: the settings file says nothing any more; restart to run without it");
        return;
    }
    if (auto applied = m_proxy.apply(loaded->settings); !applied) {
        logError(unit, "not reloaded: " + applied.error().toUtf8());
        return;
    }
    m_hasFileSettings = hasFileSettings(*loaded);
    m_settings = loaded->settings;
    logging::setLevel(m_settings.log.level);
    m_log.setFormat(m_settings.log.format);
    announce(*loaded, "reloaded");
}

} // namespace sami::daemon
