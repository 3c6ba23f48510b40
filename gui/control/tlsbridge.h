// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "gui/control/ownlistener.h"

#include <QByteArray>
#include <QObject>
#include <QTcpServer>

QT_BEGIN_NAMESPACE
class QSslSocket;
class QTcpSocket;
QT_END_NAMESPACE

namespace sami::gui {

/// A port on loopback that passes one connection of this program on to our own listener over TLS.
/// Qt's TLS sockets only run on top of TCP, so TLS through a proxy that itself requires TLS takes
/// this detour. Owned by the test that needs it; main thread.
///
/// The order is open(), opened(), the connection, expect(). Connections wait until expect() says
/// which one is ours; all others are refused.
class TlsBridge : public QObject
{
    Q_OBJECT

public:
    explicit TlsBridge(QObject *parent);
    ~TlsBridge() override;

    enum class Fault {
        NotReached, ///< no connection to the listener
        NoTls,      ///< the listener was reached, but TLS with it failed
        NoPlace,    ///< this computer has no port for the bridge itself
    };

    /// Connects to the listener, like connectToOwnListener(), and does the TLS handshake.
    void open(const SocketAddress &listener, const AnnounceOwn &announce);
    /// Names the only client to accept, by the address and port that it connected from.
    void expect(const SocketAddress &client);

Q_SIGNALS:
    /// The listener speaks TLS: connect to `place` to reach it.
    void opened(const sami::SocketAddress &place);
    /// `problem` is the library's message.
    void failed(sami::gui::TlsBridge::Fault fault, const QString &problem);

private:
    void handleEncrypted();
    void judgeArrivals();
    void lead(QTcpSocket *client);
    void handleError();
    void pass(QTcpSocket &source, QTcpSocket &target);

    QTcpServer m_place;
    SocketAddress m_expected;
    QSslSocket *m_listener; ///< the encrypted half
    QTcpSocket *m_client = nullptr;
    bool m_wasReached = false;
};

} // namespace sami::gui
