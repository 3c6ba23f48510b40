// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/later.h"

#include <QByteArrayView>

namespace sami::net {

/// How the peer's half of a connection ended.
enum class StreamEnd {
    None,             ///< not yet
    Fin,              ///< orderly: no more octets will come
    Reset,            ///< RST, or a write to a peer that is gone
    KeepaliveTimeout, ///< the peer stopped answering (keepalive or retransmission gave up)
    Truncated,        ///< TLS: FIN without close_notify, which anybody on the path can send
    Error,            ///< anything else, TLS errors included
    Unwatched,        ///< not the peer's doing: the kernel does not watch this connection
};

[[nodiscard]] const char *toString(StreamEnd end);

class ByteStream;
struct Budgets;

/// Receives a stream's events as plain calls. Signals would take a third of an idle tunnel's
/// memory, and there are thousands of tunnels.
class StreamListener
{
public:
    virtual void handleReadable(ByteStream &stream) = 0;
    /// pendingBytes() is 0 again, and a requested FIN has been sent.
    virtual void handleDrained(ByteStream &stream) = 0;
    /// The connection died in a way that read() does not report: a failed flush, or a reset while
    /// reading was off. Called at most once.
    virtual void handleFailed(ByteStream &stream) = 0;

protected:
    StreamListener() = default;
    ~StreamListener() = default;
    Q_DISABLE_COPY_MOVE(StreamListener)
};

/// A connected, non-blocking stream of octets: one leg of a proxied connection. FdStream is plain
/// TCP on a bare descriptor (Linux); SocketStream is portable, on QTcpSocket and QSslSocket;
/// TlsStream is TLS on top of another stream. The contract is the same for all.
///
/// Contract. handleReadable() is level-triggered: the event loop calls it repeatedly while reading
/// is enabled and data or the end is waiting. The listener is called only from the event loop,
/// never from inside a call. A stream lives in one thread. The owner holds it by StreamPtr and may
/// release it at any moment, even within a call of the listener. Not a QObject: that would cost
/// each leg of an idle tunnel some 150 octets.
///
/// More than twelve public methods: they are one connection's read half, write half and ends, and
/// every user needs all three.
class ByteStream
{
    Q_DISABLE_COPY_MOVE(ByteStream)

public:
    virtual ~ByteStream();

    struct ReadResult
    {
        enum class Status { Data, WouldBlock, Ended };
        Status status = Status::WouldBlock;
        qsizetype size = 0; ///< octets read, for Data; for Ended see end()
    };

    /// Reads what is available, at most `capacity` octets.
    [[nodiscard]] virtual ReadResult read(char *buffer, qsizetype capacity) = 0;

    /// Whether it is open and the peer has sent nothing that is still unread, neither octets nor an
    /// end. Asks the kernel too, so it knows what the event loop has not reported yet. For TLS any
    /// octets in the kernel count, even a session ticket.
    [[nodiscard]] virtual bool isSilent() const = 0;

    /// Passes all octets to the kernel, and keeps what the kernel does not take. To bound
    /// pendingBytes(), do not read the other leg before handleDrained(). False if the peer is gone
    /// (see end()), or after shutdownWrite().
    virtual bool write(QByteArrayView bytes) = 0;
    /// Moves data waiting in `source` here without copying it into this process, if both can and
    /// nothing is pending here. Returns the octets moved; some may be pending now. If it returns 0,
    /// use read() and write() instead. An end of `source` is left to its read(); if our own peer is
    /// gone, handleFailed() says so.
    [[nodiscard]] virtual qsizetype spliceFrom(ByteStream &source);
    /// Octets taken by write() or spliceFrom() but not yet by the kernel.
    [[nodiscard]] virtual qsizetype pendingBytes() const = 0;
    /// pendingBytes() plus what the peer has not acknowledged, if the system can tell (otherwise
    /// only pendingBytes()).
    [[nodiscard]] virtual qsizetype undeliveredBytes() const = 0;

    /// Off at first. A stream that is not being read still notices a reset where the system reports
    /// it, and calls handleFailed() once.
    virtual void setReadEnabled(bool enabled) = 0;
    [[nodiscard]] virtual bool isReadEnabled() const = 0;

    /// Sends FIN after the pending octets (TLS: close_notify, then FIN). Reading continues. A
    /// QSslSocket instead closes the whole connection once the pending octets are out.
    virtual void shutdownWrite() = 0;
    /// If false, the peer's FIN also ends our sending, and pending octets are lost.
    [[nodiscard]] virtual bool canHalfClose() const = 0;
    /// Closes now. Drops pending octets. The kernel still sends those it has, unless unread input
    /// makes it send RST. Idempotent.
    virtual void close() = 0;
    /// Closes with RST now (SO_LINGER 0): discards everything undelivered.
    virtual void reset() = 0;
    [[nodiscard]] virtual bool isOpen() const = 0;

    /// How the peer's half ended, once read(), write() or handleFailed() has reported it.
    [[nodiscard]] virtual StreamEnd end() const = 0;

    [[nodiscard]] virtual SocketAddress localAddress() const = 0;
    [[nodiscard]] virtual SocketAddress peerAddress() const = 0;
    /// Replaces the listener; null (as at first) for none. It must outlive the stream or be
    /// replaced.
    void setListener(StreamListener *listener) { m_listener = listener; }
    /// The limits shared by all streams of the proxy.
    [[nodiscard]] Budgets &budgets() const { return m_budgets; }
    /// Closes and never calls the listener again. StreamPtr calls it on release.
    void letGo();

    /// TCP keepalive on this connection: idle seconds before the first probe, 0 turns it off.
    virtual void setTcpKeepalive(int idleSeconds) = 0;

protected:
    explicit ByteStream(Budgets &budgets) : m_budgets(budgets) {}

    // The listener's call may destroy the stream: do not touch members after it.
    void notifyReadable();
    void notifyDrained();
    void notifyFailed();

private:
    Budgets &m_budgets;
    StreamListener *m_listener = nullptr;
};

/// May be released within a call of its listener.
using StreamPtr = LaterPtr<ByteStream, &ByteStream::letGo>;

/// Makes a stream of an accepted or connected plain TCP descriptor, and owns the descriptor.
/// `portable` asks for SocketStream instead of the native FdStream. Null if the descriptor is not a
/// connected socket; it is closed then. The budgets must outlive the stream.
[[nodiscard]] StreamPtr adoptDescriptor(qintptr descriptor, bool portable, Budgets &budgets);

} // namespace sami::net
