// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "net/tlssession.h"
#include "net/tlsturns.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>

namespace sami::net {

/// TLS on top of any stream, another TlsStream among them, from the end of the handshake on. It
/// owns the stream below, and is owned by StreamPtr like any stream. OpenSSL's part is TlsSession;
/// this class is the contract of ByteStream over it.
///
///     what the peer does                       read() ends with       sending
///     close_notify, over TLS 1.3               Fin                    goes on
///     close_notify, over TLS 1.2               Fin                    the peer may drop what comes
///     FIN without close_notify (RFC 9112 §9.8) Truncated              over
///     RST, no answer to keepalives             as the stream below    over
///     a breach of the protocol                 Error                  over, with an alert
///
/// Anything after close_notify is ignored. shutdownWrite() sends close_notify and FIN; the other
/// direction stays as it is.
///
/// Octets may wait in OpenSSL while the stream below is silent, and the stream below may speak
/// without anything for the reader (a ticket, a key update). So what is below is looked at before
/// readable() is told, and what is inside is told of by this class itself.
///
/// One read() takes recordsPerRead records at most: a peer that packs single octets into records
/// gets no more of a turn than others. What is said to OpenSSL alone (tickets, key updates,
/// renegotiation requests) is free for the first messagesFree, and one more for each
/// octetsPerMessage that are read: no honest peer needs as many. Behind that the stream rests after
/// each batch, unread, and all such streams of a thread share an eighth of its time (TlsTurns).
///
/// What a write needs to read first (RFC 8446 §4.6: a message
/// of the handshake's kind that has come in part) it waits for, be reading enabled or not. A peer
/// that asks for key updates and takes no answer is not read beyond answersHeld.
class TlsStream final : public QObject, public ByteStream, private StreamListener, private TurnTaker
{
public:
    static constexpr int recordsPerRead = 32;
    /// Octets.
    static constexpr qsizetype answersHeld = qsizetype(16) * 1024;
    static constexpr qsizetype messagesFree = 16;
    static constexpr qsizetype octetsPerMessage = qsizetype(16) * 1024;

    /// `session` has shaken hands over `below`. `partWatch` is TlsAcceptance::PartWatch.
    TlsStream(StreamPtr below, std::unique_ptr<TlsSession> session,
              std::function<void(bool)> partWatch = {});
    ~TlsStream() override;

    [[nodiscard]] ReadResult read(char *buffer, qsizetype capacity) override;
    [[nodiscard]] bool isSilent() const override;
    bool write(QByteArrayView bytes) override;
    [[nodiscard]] qsizetype pendingBytes() const override;
    [[nodiscard]] qsizetype undeliveredBytes() const override;
    void setReadEnabled(bool enabled) override;
    [[nodiscard]] bool isReadEnabled() const override { return m_readEnabled; }
    void shutdownWrite() override;
    [[nodiscard]] bool canHalfClose() const override;
    void close() override;
    void reset() override;
    [[nodiscard]] bool isOpen() const override { return m_session != nullptr; }
    [[nodiscard]] StreamEnd end() const override { return m_end; }
    [[nodiscard]] SocketAddress localAddress() const override;
    [[nodiscard]] SocketAddress peerAddress() const override;
    void setTcpKeepalive(int idleSeconds) override;

private:
    /// What we may still send.
    enum class Sending {
        Open,
        FinPending, ///< shutdownWrite() was asked for, octets are pending before it
        Finished,   ///< close_notify and FIN are on their way
        Broken,     ///< the peer is gone
    };

    // Of the stream below.
    void handleReadable(ByteStream &stream) override;
    void handleDrained(ByteStream &stream) override;
    void handleFailed(ByteStream &stream) override;
    void endRest() override;

    void announceLater();
    void restIfDue();
    void leaveTurns();
    void announce();
    [[nodiscard]] bool hasNews();
    [[nodiscard]] bool hasInside() const;
    void noteOutcome(TlsSession::Outcome outcome);
    void tellOfPart(bool isThere);
    [[nodiscard]] StreamEnd endBelow(StreamEnd otherwise) const;

    void keep(QByteArrayView bytes);
    void writePending();
    void finishSending();
    void breakSending(StreamEnd end);
    void stopSending();
    void noteLostOutput();
    void dropPending();
    [[nodiscard]] bool areAnswersHeld() const;
    void watch();

    StreamPtr m_below;
    std::unique_ptr<TlsSession> m_session; ///< null when closed
    const std::function<void(bool)> m_partWatch;
    QByteArray m_pending;           ///< not encrypted yet: a write that needs to read
    qsizetype m_messagesBefore = 0; ///< of the session's, those that have had their rest
    qsizetype m_answeredBefore = 0; ///< of what the session has answered, what was taken
    StreamEnd m_end = StreamEnd::None;
    StreamEnd m_endInside = StreamEnd::None; ///< met, for read() to tell
    Sending m_sending = Sending::Open;
    bool m_readEnabled = false;
    bool m_endRead = false;      ///< read() said Ended
    bool m_isInsidePart = false; ///< what is inside is of no use before more comes
    bool m_isPartTold = false;   ///< to m_partWatch
    bool m_needsToRead = false;  ///< to write
    bool m_drainDue = false;     ///< to be told
    bool m_failureDue = false;   ///< to be told
    bool m_failureTold = false;
    bool m_announcing = false; ///< announce() is on its way
    bool m_isResting = false;  ///< not read, and not told of
};

} // namespace sami::net
