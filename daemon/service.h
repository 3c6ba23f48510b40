// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/adminserver.h"
#include "base/clock.h"
#include "base/logging.h"
#include "config/remotesettings.h"
#include "config/settingsloader.h"
#include "daemon/servicenotifier.h"
#include "daemon/signalwatcher.h"
#include "server/proxyserver.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace sami::daemon {

/// The running daemon: the proxy, the signals that end or reload it, and the log lines about that.
///
///   state               a stop (SIGTERM, SIGINT)        a reload (SIGHUP)
///   starting            waits, then as running          waits, then as running
///   running             drains; two at once: stops      new settings, or the old ones and why;
///                                                       while one is applied: once more after it
///   draining            cuts what is left: stopped      refused in the log
///   stopped             nothing                         refused in the log
///
/// SignalWatcher says how signals that wait together are delivered. An order of the admin API to
/// drain is a stop with its own grace time; while a stop is under way it only makes that end
/// sooner.
///
/// If the settings have admin doors, it owns their server: they are bound before the engine gets
/// the settings, and open once it has them.
class Service : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Service)

public:
    /// `input` is read again at every reload; `log` then gets the new format. Borrows `log` and the
    /// proxy.
    Service(config::LoadInput input, LogWriter &log, server::ProxyServer &proxy,
            QObject *parent = nullptr);
    ~Service() override;

    /// Answers with started() or failed().
    void start(const config::LoadedSettings &loaded);

Q_SIGNALS:
    void started();
    /// The proxy cannot start; the reason is for a person.
    void failed(const QString &reason);
    /// Drained or cut: the process may end.
    void finished();

private:
    enum class State {
        Starting, ///< until the engine answers
        Running,
        Draining,
        Stopped, ///< or about to be
    };

    void handleStart(const config::LoadedSettings &loaded, const server::Engine::Outcome &outcome);
    void handleTerminate();
    void drain(std::optional<std::chrono::milliseconds> grace);
    [[nodiscard]] bool stopsSooner(std::optional<std::chrono::milliseconds> grace) const;
    void cut(const char *why);
    void handleReload();
    void handleApply(const config::LoadedSettings &loaded, const server::Engine::Outcome &outcome);
    void handleStopped();
    [[nodiscard]] std::optional<config::LoadedSettings> settingsToReload() const;
    [[nodiscard]] Result<config::Settings, QString> withAdminDoors(const config::Settings &asked);
    void putInForce(const config::LoadedSettings &loaded, admin::AdminServer::Opening opening);
    void keepAdminAsItWas();
    void setFromAfar(const admin::SettingOrder &order, const admin::SettingAnswer &answer);
    void handleSet(const config::RemoteSettings::Plan &plan, const admin::SettingOrder &order,
                   const admin::SettingAnswer &answer, const server::Engine::Outcome &outcome);
    void endReload();
    void reportStopping();
    [[nodiscard]] QByteArray listeningText() const;
    void announce(const config::LoadedSettings &loaded, const char *message) const;

    config::LoadInput m_input;
    LogWriter &m_log;
    server::ProxyServer &m_proxy;
    server::Engine &m_engine; ///< the same object through its shell interface
    State m_state = State::Starting;
    bool m_stopWaits = false;                    ///< told to stop while starting
    bool m_reloadWaits = false;                  ///< told to reload while reloading
    std::optional<SignalHold> m_reloading;       ///< from the order to the engine's answer
    server::Effective m_effective;               ///< of the last start or reload
    config::LoadedSettings m_loaded;             ///< that it was made of
    std::unique_ptr<admin::AdminServer> m_admin; ///< null: the settings have no such door
    SignalWatcher m_signals;
    ServiceNotifier m_notifier;
    QTimer m_stopReport;
    std::optional<TimePoint> m_stopAt; ///< while draining; without it there is no limit
    QTimer m_cut;                      ///< where the limit was moved
};

} // namespace sami::daemon
