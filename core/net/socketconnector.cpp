// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/socketconnector.h"

#include "net/socketstream.h"

#include <QSslSocket>
#include <QTcpSocket>

#include <utility>

namespace sami::net {

namespace {

DialFault faultOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return DialFault::ConnectionRefused;
    case QAbstractSocket::SocketTimeoutError:
        return DialFault::ConnectTimeout;
    case QAbstractSocket::RemoteHostClosedError:
        return DialFault::ConnectionReset;
    case QAbstractSocket::SocketResourceError:
    case QAbstractSocket::AddressInUseError: // bind(): no port is left
        return DialFault::OutOfResources;
    case QAbstractSocket::SocketAddressNotAvailableError: // also from bind()
        return DialFault::SourceUnavailable;
    default:
        return DialFault::Unreachable;
    }
}

} // namespace

SocketConnector::SocketConnector(const SocketAddress &address, bool tls,
                                 const std::optional<QHostAddress> &source)
    : m_address(address), m_source(source)
{
    if (tls)
        m_socket = SocketStream::makeTlsSocket();
    else
        m_socket = SocketStream::makeTcpSocket();
}

SocketConnector::~SocketConnector() = default;

void SocketConnector::begin()
{
    // Qt reports some failures from inside connectToHost(). tellOutcome() is queued, because the
    // owner is never called from inside a call, and must not release a socket that is emitting.
    const auto concludeLater = [this] {
        if (!std::exchange(m_concluding, true))
            QMetaObject::invokeMethod(this, &SocketConnector::tellOutcome, Qt::QueuedConnection);
    };
    connect(m_socket.get(), &QTcpSocket::connected, this, [this, concludeLater] {
        m_connected = true;
        concludeLater();
    });
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this, concludeLater);
    if (m_source && !m_socket->bind(*m_source, 0))
        concludeLater();
    else
        m_socket->connectToHost(m_address.address, m_address.port);
}

DialFault SocketConnector::fault() const
{
    // Qt has no error value for EADDRNOTAVAIL in connect().
    if (m_socket->error() == QAbstractSocket::UnknownSocketError)
        return faultWithoutLocalAddress(m_address);
    return faultOf(m_socket->error());
}

void SocketConnector::tellOutcome()
{
    if (!m_socket)
        return;
    // A peer that has sent data and closed meanwhile was still connected; the stream reports the
    // rest.
    if (!m_connected) {
        conclude(connectError(fault()));
        return;
    }
    const bool isSelf = m_socket->localPort() != 0 && m_socket->localPort() == m_socket->peerPort()
        && m_socket->localAddress() == m_socket->peerAddress();
    if (isSelf)
        conclude(connectError(DialFault::ConnectionRefused));
    else
        conclude({});
}

void SocketConnector::end()
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
}

StreamPtr SocketConnector::takeStream(Budgets &budgets)
{
    m_socket->disconnect(this);
    return StreamPtr(new SocketStream(std::move(m_socket), budgets));
}

} // namespace sami::net
