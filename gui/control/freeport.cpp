// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/freeport.h"

#include <QNetworkProxy>
#include <QTcpServer>

namespace sami::gui {

namespace {

constexpr int tries = 100;
constexpr int lastPort = 65535;

} // namespace

std::optional<quint16> nextFreePort(const QHostAddress &address, quint16 from)
{
    for (int port = from; port <= lastPort && port < from + tries; ++port) {
        QTcpServer server;
        server.setProxy(QNetworkProxy::NoProxy);
        if (server.listen(address, quint16(port)))
            return quint16(port);
    }
    return std::nullopt;
}

} // namespace sami::gui
