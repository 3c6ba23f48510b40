// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/ownlistener.h"

#include <QAbstractSocket>
#include <QNetworkProxy>
#include <QSignalBlocker>

namespace sami::gui {

namespace {

/// Who talks to an address of this machine comes from that very address; the port is the system's
/// choice, and known before anybody can have accepted the connection.
bool takePort(QAbstractSocket &socket, const QHostAddress &address)
{
    // One that is refused says so by a signal, as if the connection had failed.
    const QSignalBlocker quiet(&socket);
    return socket.bind(address, 0, QAbstractSocket::DontShareAddress);
}

} // namespace

void connectToOwnListener(QAbstractSocket &socket, const SocketAddress &listener,
                          const AnnounceOwn &announce)
{
    // A proxy of the desktop is not to stand between.
    socket.setProxy(QNetworkProxy::NoProxy);
    if (announce && takePort(socket, listener.address))
        announce({ socket.localAddress(), socket.localPort() });
    socket.connectToHost(listener.address.toString(), listener.port);
}

} // namespace sami::gui
