// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "net/pendingoctets.h"
#include "net/tlssession.h"
#include "net/tlsthrottle.h"

#include <QObject>

#include <functional>
#include <memory>

namespace sami::net {

/// TLS on top of any stream, even another TlsStream, once the handshake is complete. Owns the
/// stream below, and is owned by StreamPtr like any stream. TlsSession is OpenSSL's part; this
/// class implements ByteStream's contract on it.
///
///     what the peer does                       read() ends with       sending
///     close_notify, with TLS 1.3               Fin                    continues
///     close_notify, with TLS 1.2               Fin                    the peer may drop it
///     FIN without close_notify (RFC 9112 §9.8) Truncated              over
///     RST, no answer to keepalives             like the stream below  over
///     a breach of the protocol                 Error                  over, with an alert
///
/// Everything after close_notify is ignored. shutdownWrite() sends close_notify and FIN; the other
/// direction is unaffected.
///
/// Octets may wait in OpenSSL while the stream below is silent, and the stream below may have data
/// with nothing for the reader (a ticket, a key update). So this class looks for octets before it
/// calls handleReadable(), and calls it too while only OpenSSL holds some.
///
/// One read() takes at most recordsPerRead records, so a peer that packs single octets into records
/// gets no more of a turn than others. Messages for OpenSSL alone (tickets, key updates,
/// renegotiation requests) are free up to freeMessages, plus one for each octetsPerMessage read: no
/// honest peer needs more. A stream with more of them is not read for a while after each batch (it
/// rests); all such streams of a thread share an eighth of its time (TlsThrottle).
///
/// A write that must read first (RFC 8446 §4.6: a handshake message has arrived in part) waits for
/// the rest, even if reading is off. A peer that requests key updates but does not read our answers
/// is not read while more than answersHeld of them are pending.
class TlsStream final : public QObject,
                        public ByteStream,
                        private StreamListener,
                        private ThrottledStream
{
public:
    static constexpr int recordsPerRead = 32;
    /// Octets of answers.
    static constexpr qsizetype answersHeld = qsizetype(16) * 1024;
    static constexpr qsizetype freeMessages = 16;
    static constexpr qsizetype octetsPerMessage = qsizetype(16) * 1024;

    /// `session` has completed its handshake over `below`. `partWatch` is TlsAcceptance::PartWatch.
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
    /// The state of our sending half.
    enum class Sending {
        Open,
        FinPending, ///< shutdownWrite() was called while octets were pending
        Finished,   ///< close_notify and FIN were passed on
        Broken,     ///< the peer is gone
    };

    // From the stream below.
    void handleReadable(ByteStream &stream) override;
    void handleDrained(ByteStream &stream) override;
    void handleFailed(ByteStream &stream) override;
    void endRest() override;

    void announceLater();
    void restIfDue();
    void leaveThrottle();
    void announce();
    [[nodiscard]] bool hasNews();
    [[nodiscard]] bool hasBufferedInput() const;
    void noteOutcome(TlsSession::Outcome outcome);
    void tellOfPart(bool isThere);
    [[nodiscard]] StreamEnd endBelow(StreamEnd otherwise) const;

    void writePending();
    void finishSending();
    void breakSending(StreamEnd end);
    void stopSending();
    void noteLostOutput();
    [[nodiscard]] bool areAnswersHeld() const;
    void updateReading();

    StreamPtr m_below;
    std::unique_ptr<TlsSession> m_session; ///< null once closed
    const std::function<void(bool)> m_partWatch;
    PendingOctets m_pending;        ///< not yet encrypted: a write that must read first
    qsizetype m_messagesBefore = 0; ///< the session's messages at the last rest
    qsizetype m_answersTaken = 0;   ///< the session's answers that the kernel has taken
    StreamEnd m_end = StreamEnd::None;
    StreamEnd m_endInside = StreamEnd::None; ///< the end that read() will return
    Sending m_sending = Sending::Open;
    bool m_readEnabled = false;
    bool m_endRead = false;          ///< read() returned Ended
    bool m_hasPartialRecord = false; ///< what is buffered is of no use before more arrives
    bool m_isPartTold = false;       ///< to m_partWatch
    bool m_needsToRead = false;      ///< a write waits for input
    bool m_drainDue = false;         ///< to be announced
    bool m_failureDue = false;       ///< to be announced
    bool m_failureTold = false;
    bool m_announcing = false; ///< announce() is queued
    bool m_isResting = false;  ///< neither read nor reported
};

} // namespace sami::net
