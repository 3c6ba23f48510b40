// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/ownlistener.h"

#include <QAbstractSocket>
#include <QNetworkProxy>
#include <QSignalBlocker>

namespace sami::gui {

namespace {

/// Binds to the listener's own address, because a connection to a local address comes from that
/// address. The system picks the port now, so the port is known before the proxy accepts.
bool takePort(QAbstractSocket &socket, const QHostAddress &address)
{
    // A failed bind() emits an error signal, as if the connection had failed.
    const QSignalBlocker quiet(&socket);
    return socket.bind(address, 0, QAbstractSocket::DontShareAddress);
}

} // namespace

void connectToOwnListener(QAbstractSocket &socket, const SocketAddress &listener,
                          const AnnounceOwn &announce)
{
    // A proxy set for the desktop must not intercept this.
    socket.setProxy(QNetworkProxy::NoProxy);
    if (announce && takePort(socket, listener.address))
        announce({ socket.localAddress(), socket.localPort() });
    socket.connectToHost(listener.address.toString(), listener.port);
}

} // namespace sami::gui
