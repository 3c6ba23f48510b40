// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"

#include <QAbstractSocket>
#include <QObject>

#include <memory>

QT_BEGIN_NAMESPACE
class QSslSocket;
class QTcpSocket;
QT_END_NAMESPACE

namespace sami::net {

/// A stream on Qt's sockets: QTcpSocket where there is no FdStream, QSslSocket for TLS where there
/// is no TlsStream.
///
/// What it cannot do, because Qt closes a socket by itself at the peer's FIN:
/// - Half-close. The peer's FIN ends our sending too; octets pending then are lost, which is told
///   by handleFailed() with end() = Fin. What had arrived can still be read. Over plain TCP
///   shutdownWrite() itself sends FIN and reading goes on; over TLS it closes the connection
///   whole.
/// - Tell the peer's RST from its FIN when it is met in reading: Qt says "remote host closed" for
///   both, after closing. It is Fin then; only a failing write() says Reset, and with it Qt
///   throws away what was not read yet.
///
/// Over TLS an end without close_notify is Error, not Fin: it may be a truncation
/// (RFC 9112 §9.8). What is public is the contract of ByteStream.
class SocketStream final : public QObject, public ByteStream
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SocketStream)

public:
    /// What waits to be read is bounded by this, twice that over TLS.
    static constexpr qint64 readBufferSize = qint64(64) * 1024;

    /// A new socket as all of ours have to be: it never goes through a proxy of the system.
    [[nodiscard]] static std::unique_ptr<QTcpSocket> makeTcpSocket();
    [[nodiscard]] static std::unique_ptr<QSslSocket> makeTlsSocket();

    /// Takes over a connected TCP descriptor; closes it and returns null if it is none.
    [[nodiscard]] static StreamPtr adopt(qintptr descriptor, Budgets &budgets);
    /// Takes a connected (over TLS: encrypted) socket of makeTcpSocket() or makeTlsSocket().
    SocketStream(std::unique_ptr<QTcpSocket> socket, Budgets &budgets);
    ~SocketStream() override;

    /// Before anything was read or written: the socket again, for a handshake on it. The stream is
    /// closed. Null where it is not a socket of makeTlsSocket(), or is encrypted already.
    [[nodiscard]] std::unique_ptr<QSslSocket> takeTlsSocket();

    [[nodiscard]] ReadResult read(char *buffer, qsizetype capacity) override;
    [[nodiscard]] bool isSilent() const override;
    bool write(QByteArrayView bytes) override;
    [[nodiscard]] qsizetype pendingBytes() const override;
    [[nodiscard]] qsizetype undeliveredBytes() const override;
    void setReadEnabled(bool enabled) override;
    [[nodiscard]] bool isReadEnabled() const override { return m_readEnabled; }
    void shutdownWrite() override;
    [[nodiscard]] bool canHalfClose() const override { return false; }
    void close() override;
    void reset() override;
    [[nodiscard]] bool isOpen() const override { return m_open; }
    [[nodiscard]] StreamEnd end() const override { return m_end; }
    [[nodiscard]] SocketAddress localAddress() const override { return m_local; }
    [[nodiscard]] SocketAddress peerAddress() const override { return m_peer; }
    void setTcpKeepalive(int idleSeconds) override;

private:
    void handleBytesWritten();
    void handleError(QAbstractSocket::SocketError error);
    void handleDisconnected();
    void announce();

    /// What the socket's last error means, as far as Qt lets one know.
    [[nodiscard]] StreamEnd endOf(QAbstractSocket::SocketError error) const;
    void finish(StreamEnd end);
    void countPendingBytes();
    [[nodiscard]] bool hasNewsForReader() const;
    void scheduleAnnouncement();

    std::unique_ptr<QTcpSocket> m_socket;
    QSslSocket *m_tls = nullptr; ///< m_socket when it is one
    SocketAddress m_local;
    SocketAddress m_peer;
    StreamEnd m_end = StreamEnd::None;
    qsizetype m_counted = 0; ///< of pendingBytes(), in the budget of all streams
    bool m_open = true;
    bool m_readEnabled = false;
    bool m_endRead = false;     ///< read() said Ended
    bool m_writing = false;     ///< inside write(): its return value tells
    bool m_finWanted = false;   ///< shutdownWrite() was called
    bool m_drainWanted = false; ///< write() left octets pending
    bool m_drainDue = false;    ///< to be announced
    bool m_failureDue = false;  ///< to be announced
    bool m_failureTold = false;
    bool m_announcing = false; ///< announce() is on its way
};

} // namespace sami::net
