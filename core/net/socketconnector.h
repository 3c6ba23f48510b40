// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/connector.h"

#include <QAbstractSocket>
#include <QObject>

#include <optional>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace sami::net {

/// Connects a Qt socket; for TLS, one that SocketHandshake accepts.
class SocketConnector final : public QObject, public Connector
{
    Q_OBJECT

public:
    SocketConnector(const SocketAddress &address, bool tls,
                    const std::optional<QHostAddress> &source = {});
    ~SocketConnector() override;

    [[nodiscard]] StreamPtr takeStream(Budgets &budgets) override;

private:
    void begin() override;
    void end() override;
    /// Called from the event loop, whatever the socket reported.
    void tellOutcome();
    [[nodiscard]] DialFault fault() const;

    SocketAddress m_address;
    std::optional<QHostAddress> m_source;
    std::unique_ptr<QTcpSocket> m_socket;
    bool m_connected = false;
    bool m_concluding = false;
};

} // namespace sami::net
