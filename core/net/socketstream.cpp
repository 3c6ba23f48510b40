// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/socketstream.h"

#include "net/budgets.h"
#include "net/tcpoptions.h"

#include <QNetworkProxy>
#include <QSslSocket>
#include <QTcpSocket>

#include <utility>

namespace sami::net {

namespace {

template <typename Socket> std::unique_ptr<Socket> makeSocket()
{
    auto socket = std::make_unique<Socket>();
    // By default Qt's sockets use http_proxy and the system's settings, which would bypass our
    // rules.
    socket->setProxy(QNetworkProxy::NoProxy);
    // Back-pressure: Qt stops reading the socket at this limit.
    socket->setReadBufferSize(SocketStream::readBufferSize);
    return socket;
}

} // namespace

std::unique_ptr<QTcpSocket> SocketStream::makeTcpSocket()
{
    return makeSocket<QTcpSocket>();
}

std::unique_ptr<QSslSocket> SocketStream::makeTlsSocket()
{
    return makeSocket<QSslSocket>();
}

StreamPtr SocketStream::adopt(qintptr descriptor, Budgets &budgets)
{
    auto socket = makeTcpSocket();
    if (!socket->setSocketDescriptor(descriptor)) {
        closeDescriptor(descriptor);
        return {};
    }
    if (socket->peerPort() == 0)
        return {}; // listening, or not connected any more; the socket closes the descriptor
    return StreamPtr(new SocketStream(std::move(socket), budgets));
}

SocketStream::SocketStream(std::unique_ptr<QTcpSocket> socket, Budgets &budgets)
    : ByteStream(budgets), m_socket(std::move(socket)),
      m_tls(qobject_cast<QSslSocket *>(m_socket.get())),
      m_local { unmapped(m_socket->localAddress()), m_socket->localPort() }, m_peer {
          unmapped(m_socket->peerAddress()), m_socket->peerPort()
      }
{
    setNoDelay(m_socket->socketDescriptor());
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &SocketStream::scheduleAnnouncement);
    connect(m_socket.get(), &QTcpSocket::bytesWritten, this, &SocketStream::handleBytesWritten);
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this, &SocketStream::handleError);
    connect(m_socket.get(), &QTcpSocket::disconnected, this, &SocketStream::handleDisconnected);
    if (m_tls) {
        connect(m_tls, &QSslSocket::encryptedBytesWritten, this, &SocketStream::handleBytesWritten);
    }
    // The connection may have ended before the signals were connected here.
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        finish(m_tls ? StreamEnd::Error : StreamEnd::Fin);
}

SocketStream::~SocketStream()
{
    SocketStream::close();
}

std::unique_ptr<QSslSocket> SocketStream::takeTlsSocket()
{
    if (!m_tls || m_tls->isEncrypted())
        return {};
    m_open = false;
    m_socket->disconnect(this);
    m_socket.release();
    return std::unique_ptr<QSslSocket>(std::exchange(m_tls, nullptr));
}

ByteStream::ReadResult SocketStream::read(char *buffer, qsizetype capacity)
{
    if (!m_open || m_endRead)
        return { ReadResult::Status::Ended };
    // A failing write closes the whole device.
    qint64 size = m_socket->isOpen() ? m_socket->read(buffer, capacity) : 0;
    // Qt reads the socket only in the event loop, or in waitForReadyRead(). That treats a wait
    // without data as an error, so it is called only if something is there. Its signals come from
    // inside this call; our listener hears of them later.
    if (size == 0 && !m_tls && m_end == StreamEnd::None
        && m_socket->state() == QAbstractSocket::ConnectedState
        && !net::isSilent(m_socket->socketDescriptor()) && m_socket->waitForReadyRead(0))
        size = m_socket->read(buffer, capacity);
    if (size > 0) {
        scheduleAnnouncement();
        return { ReadResult::Status::Data, static_cast<qsizetype>(size) };
    }
    if (m_end == StreamEnd::None)
        return { ReadResult::Status::WouldBlock };
    m_endRead = true;
    return { ReadResult::Status::Ended };
}

bool SocketStream::isSilent() const
{
    if (!m_open || m_end != StreamEnd::None || m_socket->bytesAvailable() > 0
        || (m_tls && m_tls->encryptedBytesAvailable() > 0))
        return false;
    // Qt reads the socket only in the event loop.
    return net::isSilent(m_socket->socketDescriptor());
}

bool SocketStream::write(QByteArrayView bytes)
{
    if (!m_open || m_finWanted || m_end != StreamEnd::None)
        return false;
    m_writing = true;
    m_socket->write(bytes.data(), bytes.size());
    // Sends now, not one turn of the event loop later.
    m_socket->flush();
    m_writing = false;
    countPendingBytes();
    if (m_end != StreamEnd::None)
        return false;
    if (pendingBytes() > 0)
        m_drainWanted = true;
    return true;
}

/// Data pending inside Qt counts like data pending in our own streams.
void SocketStream::countPendingBytes()
{
    const qsizetype pending = pendingBytes();
    if (pending != m_counted)
        budgets().pending.count(pending - std::exchange(m_counted, pending));
}

qsizetype SocketStream::pendingBytes() const
{
    if (!m_open || m_end != StreamEnd::None)
        return 0;
    const qint64 encrypted = m_tls ? m_tls->encryptedBytesToWrite() : 0;
    return static_cast<qsizetype>(m_socket->bytesToWrite() + encrypted);
}

qsizetype SocketStream::undeliveredBytes() const
{
    if (!m_open || m_end != StreamEnd::None)
        return 0;
    return pendingBytes() + unacknowledgedBytes(m_socket->socketDescriptor());
}

void SocketStream::setReadEnabled(bool enabled)
{
    m_readEnabled = enabled;
    if (enabled)
        scheduleAnnouncement();
}

void SocketStream::shutdownWrite()
{
    if (!m_open || m_finWanted || m_end != StreamEnd::None)
        return;
    m_finWanted = true;
    if (m_tls) {
        // Sends close_notify after the pending octets. disconnected() follows.
        m_socket->disconnectFromHost();
    } else if (pendingBytes() == 0) {
        net::shutdownWrite(m_socket->socketDescriptor());
    }
}

void SocketStream::close()
{
    if (!std::exchange(m_open, false))
        return;
    countPendingBytes();
    m_socket->disconnect(this);
    // Closes cleanly if that needs no waiting, because abort() sends no close_notify.
    if (m_tls && m_socket->bytesToWrite() == 0 && m_tls->encryptedBytesToWrite() == 0) {
        m_socket->disconnectFromHost();
        m_socket->flush();
    }
    m_socket->abort();
}

void SocketStream::reset()
{
    if (!std::exchange(m_open, false))
        return;
    countPendingBytes();
    m_socket->disconnect(this);
    if (m_socket->socketDescriptor() != -1)
        setResetOnClose(m_socket->socketDescriptor());
    m_socket->abort();
}

void SocketStream::setTcpKeepalive(int idleSeconds)
{
    if (m_open && m_socket->socketDescriptor() != -1)
        setKeepalive(m_socket->socketDescriptor(), idleSeconds);
}

void SocketStream::handleBytesWritten()
{
    if (!m_open || m_writing)
        return;
    countPendingBytes();
    if (!m_drainWanted || pendingBytes() > 0)
        return;
    m_drainWanted = false;
    m_drainDue = true;
    if (m_finWanted && !m_tls)
        net::shutdownWrite(m_socket->socketDescriptor());
    scheduleAnnouncement();
}

StreamEnd SocketStream::endOf(QAbstractSocket::SocketError error) const
{
    switch (error) {
    case QAbstractSocket::RemoteHostClosedError:
        if (m_writing)
            return StreamEnd::Reset; // a write never meets a FIN
        // The two possible ends of a TLS connection differ only in Qt's text. tr() translates it as
        // Qt does.
        if (m_tls
            && m_tls->errorString() != QSslSocket::tr("The TLS/SSL connection has been closed"))
            return StreamEnd::Error;
        return StreamEnd::Fin;
    case QAbstractSocket::NetworkError: // connected before: the kernel gave up on the peer
    case QAbstractSocket::SocketTimeoutError:
        return StreamEnd::KeepaliveTimeout;
    default:
        return StreamEnd::Error;
    }
}

void SocketStream::handleError(QAbstractSocket::SocketError error)
{
    if (m_open && m_end == StreamEnd::None)
        finish(endOf(error));
}

void SocketStream::handleDisconnected()
{
    // After our own shutdownWrite() over TLS: everything was sent.
    if (m_open && m_end == StreamEnd::None)
        finish(StreamEnd::Fin);
}

void SocketStream::finish(StreamEnd end)
{
    const bool lostOctets = pendingBytes() > 0;
    m_end = end;
    countPendingBytes();
    if (m_writing) {
        m_failureTold = true; // by the return value
    } else if (lostOctets) {
        m_failureDue = true;
    } else if (m_drainWanted) {
        m_drainWanted = false;
        m_drainDue = true;
    }
    // With reading enabled, read() reports the end instead.
    if (end != StreamEnd::Fin && !m_readEnabled)
        m_failureDue = true;
    scheduleAnnouncement();
}

bool SocketStream::hasNewsForReader() const
{
    return m_readEnabled && !m_endRead
        && (m_socket->bytesAvailable() > 0 || m_end != StreamEnd::None);
}

void SocketStream::scheduleAnnouncement()
{
    // Queued, so that the listener is never called from within a signal of the socket: it may close
    // and release the stream.
    if (std::exchange(m_announcing, true))
        return;
    QMetaObject::invokeMethod(this, &SocketStream::announce, Qt::QueuedConnection);
}

void SocketStream::announce()
{
    m_announcing = false;
    if (!m_open)
        return;
    // Schedules the next announcement before the calls, which may release us.
    if (hasNewsForReader())
        scheduleAnnouncement();
    const bool isFailureDue = std::exchange(m_failureDue, false);
    if (isFailureDue && !std::exchange(m_failureTold, true))
        notifyFailed();
    if (m_open && std::exchange(m_drainDue, false))
        notifyDrained();
    if (m_open && hasNewsForReader())
        notifyReadable();
}

} // namespace sami::net
