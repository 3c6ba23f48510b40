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
/// Limits, because Qt closes a socket by itself at the peer's FIN:
/// - No half-close. The peer's FIN also ends our sending; octets pending then are lost, which
///   handleFailed() reports with end() = Fin. Data that had arrived can still be read. Over plain
///   TCP shutdownWrite() sends FIN and reading continues; over TLS it closes the whole connection.
/// - An RST that is met while reading becomes Fin: Qt reports "remote host closed" for both, after
///   closing. Only a failing write() gives Reset, and with it Qt discards unread data.
///
/// Over TLS an end without close_notify is Error, not Fin: it may be a truncation (RFC 9112 §9.8).
/// The public functions are ByteStream's contract.
class SocketStream final : public QObject, public ByteStream
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SocketStream)

public:
    /// Limit on unread data; over TLS twice that.
    static constexpr qint64 readBufferSize = qint64(64) * 1024;

    /// A new socket with our settings: it never uses the system's proxy.
    [[nodiscard]] static std::unique_ptr<QTcpSocket> makeTcpSocket();
    [[nodiscard]] static std::unique_ptr<QSslSocket> makeTlsSocket();

    /// Takes ownership of a connected TCP descriptor. If it is not one, closes it and returns null.
    [[nodiscard]] static StreamPtr adopt(qintptr descriptor, Budgets &budgets);
    /// Takes a connected (for TLS: encrypted) socket from makeTcpSocket() or makeTlsSocket().
    SocketStream(std::unique_ptr<QTcpSocket> socket, Budgets &budgets);
    ~SocketStream() override;

    /// Returns the socket for a handshake, before anything was read or written, and closes the
    /// stream. Null if the socket is not from makeTlsSocket(), or is encrypted already.
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

    /// The meaning of the socket's last error, as far as Qt distinguishes.
    [[nodiscard]] StreamEnd endOf(QAbstractSocket::SocketError error) const;
    void finish(StreamEnd end);
    void countPendingBytes();
    [[nodiscard]] bool hasNewsForReader() const;
    void scheduleAnnouncement();

    std::unique_ptr<QTcpSocket> m_socket;
    QSslSocket *m_tls = nullptr; ///< m_socket if it is one
    SocketAddress m_local;
    SocketAddress m_peer;
    StreamEnd m_end = StreamEnd::None;
    qsizetype m_counted = 0; ///< the part of pendingBytes() counted in the budget
    bool m_open = true;
    bool m_readEnabled = false;
    bool m_endRead = false;     ///< read() returned Ended
    bool m_writing = false;     ///< inside write(), whose return value reports
    bool m_finWanted = false;   ///< shutdownWrite() was called
    bool m_drainWanted = false; ///< write() left octets pending
    bool m_drainDue = false;    ///< to be announced
    bool m_failureDue = false;  ///< to be announced
    bool m_failureTold = false;
    bool m_announcing = false; ///< announce() is queued
};

} // namespace sami::net
