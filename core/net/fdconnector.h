// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/connector.h"

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace sami::net {

/// Connects a bare non-blocking descriptor (Linux).
class FdConnector final : public Connector
{
    Q_OBJECT

public:
    explicit FdConnector(const SocketAddress &address);
    ~FdConnector() override;

    void start() override;
    void abort() override;
    [[nodiscard]] StreamPtr takeStream() override;
    [[nodiscard]] std::unique_ptr<QSslSocket> takeTlsSocket() override;

private:
    void handleActivated();

    SocketAddress m_address;
    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sami::net
