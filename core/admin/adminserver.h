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

/// The doors by which a proxy is watched and steered, in a thread of their own: whoever watches
/// delays no stream, and a scrape waits for no worker. A shell makes one where the settings ask for
/// a door, and has no such thread otherwise. Lives in the engine's thread, which it must not
/// outlive; it asks the engine only by its interface, one question at a time for all watchers.
///
/// As the proxy's own doors these open in two steps, so that no journey of a client leads to one
/// before the rules know of it:
///
///     prepare()    binds; the settings that the engine is to get have the real ports
///     serve()      the engine has them: accepts at the new doors, closes those asked for no more
class AdminServer : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdminServer)

public:
    AdminServer(server::ProxyServer &proxy, config::Backend eventDispatcher);
    /// Ends the streams of events, closes the doors, removes the Unix sockets.
    ~AdminServer() override;

    /// The settings' admin part as it came out. The error says what is wrong.
    [[nodiscard]] Result<config::AdminSettings, QString>
    prepare(const config::AdminSettings &asked);
    void serve(const config::LoadedSettings &loaded);

Q_SIGNALS:
    /// Somebody who may has told the proxy to drain; without a grace time there is no limit.
    void drainRequested(std::optional<std::chrono::milliseconds> grace);
    /// Somebody who may wants a setting changed; the answer comes when it counts, or will not. A
    /// change that is made is in the log before the answer returns.
    void settingRequested(const SettingOrder &order, const SettingAnswer &answer);

private:
    void look(quint64 revision);
    void pass(const SettingOrder &order, const SettingAnswer &answer);
    void passIdentity();
    void inHouse(std::function<void(House &house)> action);

    QPointer<server::ProxyServer> m_proxy;
    QThread m_thread;
    QObject m_anchor; ///< in the thread: where calls are sent to
    std::unique_ptr<House> m_house;
    std::shared_ptr<const net::TlsContext> m_identity; ///< that the house has
    QJsonArray m_setFromAfar;                          ///< by the settings that the house has
    quint64 m_edition = 0;                             ///< of the settings that the house has
    QTimer m_identityLook;
};

} // namespace sami::admin
