// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QString>

#include <chrono>
#include <optional>

namespace sami::gui {

/// What the tray app needs of the core; its calls are server::ProxyServer's, with their contracts.
/// The real one is CoreEngine; tests script one that makes connections up. Main thread.
///
/// More than twelve public methods: server::Engine's reason.
class ProxyEngine : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProxyEngine)

public:
    [[nodiscard]] virtual Result<void, QString> start(const config::Settings &settings) = 0;
    [[nodiscard]] virtual Result<void, QString> apply(const config::Settings &settings) = 0;
    virtual void drain(std::optional<std::chrono::milliseconds> grace) = 0;
    virtual void stop() = 0;

    [[nodiscard]] virtual bool isRunning() const = 0;
    [[nodiscard]] virtual bool isDraining() const = 0;
    [[nodiscard]] virtual SocketAddress listenAddress() const = 0;

    [[nodiscard]] virtual account::Snapshot snapshot() const = 0;
    /// Cheap: asked once a second even while no window is shown.
    [[nodiscard]] virtual account::Totals totals() const = 0;
    [[nodiscard]] virtual QList<account::FinishedWork> finishedWork() const = 0;
    [[nodiscard]] virtual QList<account::RefusalRow> refusals() const = 0;
    [[nodiscard]] virtual QList<account::BlockRow> blocks() const = 0;

    virtual void expectOwn(const SocketAddress &client) = 0;
    virtual void closeConnection(quint64 id) = 0;
    virtual void closeAllConnections() = 0;
    virtual bool liftBlock(const QHostAddress &client) = 0;

Q_SIGNALS:
    void stopped();

protected:
    explicit ProxyEngine(QObject *parent = nullptr) : QObject(parent) {}
};

} // namespace sami::gui
