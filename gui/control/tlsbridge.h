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

/// A place on loopback from which one connection of this program goes on to the own listener over
/// TLS. Qt's TLS sockets work on TCP alone, so one that is to speak TLS through a proxy that
/// requires TLS itself comes by here. Belongs to the test that needs it; main thread.
///
/// The order is open(), opened(), expect(), the connection. Whoever else connects is turned away.
class TlsBridge : public QObject
{
    Q_OBJECT

public:
    explicit TlsBridge(QObject *parent);
    ~TlsBridge() override;

    /// Connects to the listener, as connectToOwnListener() does, and makes the handshake.
    void open(const SocketAddress &listener, const AnnounceOwn &announce);
    /// The connection from there is the one to take.
    void expect(const SocketAddress &client) { m_expected = client; }

Q_SIGNALS:
    /// The listener speaks TLS: it can be come by at `place`.
    void opened(const sami::SocketAddress &place);
    /// There is no way; `wasReached` when something listens. `problem` is the library's sentence.
    void failed(bool wasReached, const QString &problem);

private:
    void handleEncrypted();
    void handleArrival();
    void handleError();
    void pass(QTcpSocket &source, QTcpSocket &target);

    QTcpServer m_place;
    SocketAddress m_expected;
    QSslSocket *m_listener; ///< the encrypted half
    QTcpSocket *m_client = nullptr;
    bool m_wasReached = false;
};

} // namespace sami::gui
