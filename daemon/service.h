// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/logging.h"
#include "config/settingsloader.h"
#include "daemon/servicenotifier.h"
#include "daemon/signalwatcher.h"
#include "server/proxyserver.h"

#include <QObject>
#include <QTimer>

namespace sami::daemon {

/// The running daemon: the proxy, the signals that end or reload it, the lines that say so.
///
///   state               a stop (SIGTERM, SIGINT)        a reload (SIGHUP)
///   starting            waits, then as running          waits, then as running
///   running             drains; two at once: stops      new settings, or the old ones and why
///   draining            cuts what is left: stopped      refused in the log
///   stopped             nothing                         refused in the log
///
/// Orders that wait together are told as SignalWatcher says.
class Service : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Service)

public:
    /// `input` is read again at every reload; `log` takes the new format then.
    Service(config::LoadInput input, LogWriter &log, QObject *parent = nullptr);
    ~Service() override;

    /// The error is for a person.
    [[nodiscard]] Result<void, QString> start(const config::LoadedSettings &loaded);

Q_SIGNALS:
    /// Drained or cut: the process may end.
    void finished();

private:
    void handleTerminate();
    void handleReload();
    void reload();
    void reportStopping();
    [[nodiscard]] QByteArray listeningText() const;
    void announce(const config::LoadedSettings &loaded, const char *message) const;

    config::LoadInput m_input;
    LogWriter &m_log;
    config::Settings m_settings;
    bool m_hasFileSettings = false; ///< the settings file of those in force says something
    server::ProxyServer m_proxy;
    SignalWatcher m_signals;
    ServiceNotifier m_notifier;
    QTimer m_stopReport;
};

} // namespace sami::daemon
