// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/later.h"

#include <QByteArrayView>

namespace sami::net {

/// How a peer's half of a connection came to its end.
enum class StreamEnd {
    None,             ///< not yet
    Fin,              ///< orderly: no more bytes will come
    Reset,            ///< RST, or a write to a peer that is gone
    KeepaliveTimeout, ///< the peer stopped answering TCP (keepalive or retransmission gave up)
    Truncated,        ///< over TLS: FIN without close_notify, which anybody on the way can send
    Error,            ///< anything else, a TLS error among it
};

[[nodiscard]] const char *toString(StreamEnd end);

class ByteStream;
struct Budgets;

/// Hears of a stream, by plain calls: signals would be a third of what a silent tunnel costs in
/// memory, and there are thousands of them.
class StreamListener
{
public:
    virtual void handleReadable(ByteStream &stream) = 0;
    /// pendingBytes() came back to 0 (and a FIN behind it is sent).
    virtual void handleDrained(ByteStream &stream) = 0;
    /// The connection died otherwise than by what read() tells: a failed flush, a reset while not
    /// read. Called at most once.
    virtual void handleFailed(ByteStream &stream) = 0;

protected:
    StreamListener() = default;
    ~StreamListener() = default;
    Q_DISABLE_COPY_MOVE(StreamListener)
};

/// A connected, non-blocking stream of octets: one leg of a proxied connection. FdStream carries
/// plain TCP on a bare descriptor (Linux); SocketStream is the portable one on QTcpSocket and
/// QSslSocket; TlsStream is TLS on top of another stream. The same contract holds for all.
///
/// Contract. handleReadable() is level-triggered: while reading is enabled and something (data or
/// the end) waits, it is called again and again from the event loop. The listener is called from
/// the event loop only, never from inside a call. Lives and dies in one thread; the owner holds it
/// by StreamPtr, which may be let go at any moment, in a call of its listener too. No QObject: that
/// would cost each leg of a silent tunnel some 150 octets.
///
/// More than twelve public methods: they are one connection's read half, write half and ends, and
/// whoever has one needs all three.
class ByteStream
{
    Q_DISABLE_COPY_MOVE(ByteStream)

public:
    virtual ~ByteStream();

    struct ReadResult
    {
        enum class Status { Data, WouldBlock, Ended };
        Status status = Status::WouldBlock;
        qsizetype size = 0; ///< octets read, for Data; end() says how, for Ended
    };

    /// Reads what is there, at most `capacity` octets.
    [[nodiscard]] virtual ReadResult read(char *buffer, qsizetype capacity) = 0;

    /// Whether it is open and the peer has sent nothing that was not read, neither octets nor an
    /// end. Asks the kernel too, so it knows what the event loop has not told yet. Over TLS any
    /// octets in the kernel count, be they a mere ticket.
    [[nodiscard]] virtual bool isSilent() const = 0;

    /// Gives all octets to the kernel or keeps what it does not take. Keep pendingBytes() bounded
    /// by not reading the other leg before handleDrained(). False when the peer is gone: end() says
    /// how.
    virtual bool write(QByteArrayView bytes) = 0;
    /// Moves what waits in `source` on to here without a copy in this process, if both can and
    /// nothing is pending here. Says how many octets were moved, some of which may be pending now;
    /// 0: nothing, read() and write() have to do it. Ends are for read() to tell, a peer of ours
    /// that is gone for handleFailed().
    [[nodiscard]] virtual qsizetype spliceFrom(ByteStream &source);
    /// Octets taken by write() or spliceFrom() that the kernel has not.
    [[nodiscard]] virtual qsizetype pendingBytes() const = 0;
    /// pendingBytes() and what the peer has not acknowledged, where the system can tell
    /// (otherwise pendingBytes() alone).
    [[nodiscard]] virtual qsizetype undeliveredBytes() const = 0;

    /// Enabled at birth: no. A stream that is not read still notices a reset where the system
    /// tells, and calls handleFailed() once.
    virtual void setReadEnabled(bool enabled) = 0;
    [[nodiscard]] virtual bool isReadEnabled() const = 0;

    /// Sends FIN behind what is pending, over TLS close_notify before it; reading goes on. On a
    /// QSslSocket the connection closes whole once the pending octets are out.
    virtual void shutdownWrite() = 0;
    /// False: the peer's FIN ends our sending too, octets pending then are lost.
    [[nodiscard]] virtual bool canHalfClose() const = 0;
    /// Closes now; pending octets are dropped, those the kernel has are still sent unless unread
    /// input makes the kernel send RST. Idempotent.
    virtual void close() = 0;
    /// Closes with RST now (SO_LINGER 0): everything undelivered is thrown away.
    virtual void reset() = 0;
    [[nodiscard]] virtual bool isOpen() const = 0;

    /// How the peer's half ended, once read(), write() or handleFailed() told that it did.
    [[nodiscard]] virtual StreamEnd end() const = 0;

    [[nodiscard]] virtual SocketAddress localAddress() const = 0;
    [[nodiscard]] virtual SocketAddress peerAddress() const = 0;
    /// Whom it tells from now on; null, as at birth: nobody. Must outlive the stream or be
    /// replaced.
    void setListener(StreamListener *listener) { m_listener = listener; }
    /// What it and all other streams of its proxy may take together.
    [[nodiscard]] Budgets &budgets() const { return m_budgets; }
    /// Closes, and tells nobody of anything any more: what StreamPtr does to it.
    void letGo();

    /// TCP keepalive on this connection: idle seconds before the first probe, 0 turns it off.
    virtual void setTcpKeepalive(int idleSeconds) = 0;

protected:
    explicit ByteStream(Budgets &budgets) : m_budgets(budgets) {}

    // After the listener's call, assume you are gone.
    void tellReadable();
    void tellDrained();
    void tellFailed();

private:
    Budgets &m_budgets;
    StreamListener *m_listener = nullptr;
};

/// May be let go in a call of its listener.
using StreamPtr = LaterPtr<ByteStream, &ByteStream::letGo>;

/// Makes the stream of an accepted or connected plain TCP descriptor; takes the descriptor over.
/// `portable` asks for SocketStream where FdStream is the native one. Null when the descriptor is
/// not a connected socket (it is closed then). The budgets must outlive the stream.
[[nodiscard]] StreamPtr adoptDescriptor(qintptr descriptor, bool portable, Budgets &budgets);

} // namespace sami::net
