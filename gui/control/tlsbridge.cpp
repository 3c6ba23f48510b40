// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/tlsbridge.h"

#include <QSslSocket>

namespace sami::gui {

TlsBridge::TlsBridge(QObject *parent) : QObject(parent), m_listener(new QSslSocket(this))
{
    // This connection never leaves the machine. A program that has taken the proxy's port would get
    // the password over clear text as well, so a certificate adds nothing.
    m_listener->setPeerVerifyMode(QSslSocket::VerifyNone);
    connect(m_listener, &QSslSocket::connected, this, [this] {
        m_wasReached = true;
        m_listener->startClientEncryption();
    });
    connect(m_listener, &QSslSocket::encrypted, this, &TlsBridge::handleEncrypted);
    connect(m_listener, &QSslSocket::errorOccurred, this, &TlsBridge::handleError,
            Qt::QueuedConnection);
    connect(&m_place, &QTcpServer::pendingConnectionAvailable, this, &TlsBridge::judgeArrivals);
}

TlsBridge::~TlsBridge()
{
    // Signals during their destruction must not reach this object.
    m_listener->disconnect(this);
    if (m_client)
        m_client->disconnect(this);
}

void TlsBridge::open(const SocketAddress &listener, const AnnounceOwn &announce)
{
    connectToOwnListener(*m_listener, listener, announce);
}

void TlsBridge::expect(const SocketAddress &client)
{
    m_expected = client;
    judgeArrivals();
}

void TlsBridge::handleEncrypted()
{
    if (!m_place.listen(QHostAddress(QHostAddress::LocalHost))) {
        Q_EMIT failed(Fault::NoPlace, m_place.errorString());
        return;
    }
    Q_EMIT opened({ m_place.serverAddress(), m_place.serverPort() });
}

void TlsBridge::judgeArrivals()
{
    if (m_expected.port == 0)
        return;
    while (QTcpSocket *arrived = m_place.nextPendingConnection()) {
        if (!m_client && arrived->peerPort() == m_expected.port
            && arrived->peerAddress() == m_expected.address) {
            lead(arrived);
        } else {
            arrived->abort();
            arrived->deleteLater();
        }
    }
}

void TlsBridge::lead(QTcpSocket *client)
{
    m_client = client;
    m_place.pauseAccepting();
    connect(m_client, &QTcpSocket::readyRead, this, [this] { pass(*m_client, *m_listener); });
    connect(m_listener, &QTcpSocket::readyRead, this, [this] { pass(*m_listener, *m_client); });
    connect(m_client, &QTcpSocket::disconnected, m_listener, &QSslSocket::disconnectFromHost);
    connect(m_listener, &QTcpSocket::disconnected, this, [this] {
        pass(*m_listener, *m_client);
        m_client->disconnectFromHost();
    });
    pass(*m_client, *m_listener);
    pass(*m_listener, *m_client);
}

void TlsBridge::handleError()
{
    // A connected client notices the end of its own connection.
    if (!m_client)
        Q_EMIT failed(m_wasReached ? Fault::NoTls : Fault::NotReached, m_listener->errorString());
}

void TlsBridge::pass(QTcpSocket &source, QTcpSocket &target)
{
    if (source.bytesAvailable() > 0)
        target.write(source.readAll());
}

} // namespace sami::gui
