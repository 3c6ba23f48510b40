// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/observer.h"
#include "admin/settingsdesk.h"
#include "config/settingsloader.h"
#include "net/tlscontext.h"
#include "server/proxyserver.h"

#include <QJsonArray>
#include <QObject>
#include <QPointer>
#include <QThread>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace sami::admin {

class House;

/// The doors for monitoring and administration, in a thread of their own: a watcher delays no
/// stream, and a scrape waits for no worker. A shell creates this, and with it the thread, only if
/// the settings ask for a door. Lives in the engine's thread and must not outlive the engine; it
/// uses the engine through its interface only, with one question at a time for all watchers.
///
/// Like the proxy's own doors these open in two steps, so that no client's journey leads to one
/// before the rules know of it:
///
///     prepare()    binds new doors, holds those no longer requested; the settings for the engine
///                  then have the real ports
///     serve()      once the engine has these settings: accepts at new doors, closes those that are
///                  held
class AdminServer : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdminServer)

public:
    /// When new doors open. AfterRest is for an engine that has served by other rules before: a
    /// journey that was judged by those may still be about to connect, so new doors wait a second.
    enum class Opening { AtOnce, AfterRest };

    AdminServer(server::ProxyServer &proxy, config::Backend eventDispatcher);
    /// Ends the streams of events, closes the doors, removes the Unix sockets.
    ~AdminServer() override;

    /// Returns the admin part of the settings, with the real ports. The error says what is wrong.
    [[nodiscard]] Result<config::AdminSettings, QString>
    prepare(const config::AdminSettings &asked);
    void serve(const config::LoadedSettings &loaded, Opening opening);

Q_SIGNALS:
    /// An authorised client has told the proxy to drain; without a grace time there is no limit.
    /// The answer says whether the order is taken.
    void drainRequested(std::optional<std::chrono::milliseconds> grace,
                        const std::function<void(bool isTaken)> &answer);
    /// An authorised client wants a setting changed. Answer once the change is in force, or has
    /// failed. A change that is made is in the log before the answer reaches the client.
    void settingRequested(const SettingOrder &order, const SettingAnswer &answer);

private:
    void look(quint64 revision);
    void pass(const SettingOrder &order, const SettingAnswer &answer);
    void passIdentity();
    void inHouse(std::function<void(House &house)> action);

    QPointer<server::ProxyServer> m_proxy;
    QThread m_thread;
    QObject m_anchor; ///< lives in the thread; calls are posted to it
    std::unique_ptr<House> m_house;
    std::shared_ptr<const net::TlsContext> m_identity; ///< the one that the house has
    QJsonArray m_setFromAfar;                          ///< by the settings that the house has
    quint64 m_edition = 0;                             ///< of the settings that the house has
    QTimer m_identityLook;
};

} // namespace sami::admin
