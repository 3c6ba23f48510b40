// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxyengine.h"
#include "server/proxyserver.h"

namespace sami::gui {

/// The proxy itself, in this process: its sockets and timers live in threads of the core's own, so
/// a busy window delays no stream.
class CoreEngine final : public ProxyEngine
{
    Q_OBJECT

public:
    explicit CoreEngine(QObject *parent = nullptr);

    [[nodiscard]] Result<void, QString> start(const config::Settings &settings) override;
    [[nodiscard]] Result<void, QString> apply(const config::Settings &settings) override;
    void drain(std::optional<std::chrono::milliseconds> grace) override;
    void stop() override;
    [[nodiscard]] bool isRunning() const override;
    [[nodiscard]] bool isDraining() const override;
    [[nodiscard]] SocketAddress listenAddress() const override;
    [[nodiscard]] account::Snapshot snapshot() const override;
    [[nodiscard]] account::Totals totals() const override;
    [[nodiscard]] QList<account::FinishedWork> finishedWork() const override;
    [[nodiscard]] QList<account::RefusalRow> refusals() const override;
    [[nodiscard]] QList<account::BlockRow> blocks() const override;
    void expectOwn(const SocketAddress &client) override;
    void closeConnection(quint64 id) override;
    void closeAllConnections() override;
    bool liftBlock(const QHostAddress &client) override;

private:
    server::ProxyServer m_proxy;
    bool m_isDraining = false;
};

} // namespace sami::gui
