// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/tlsverification.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>
#include <optional>

struct bio_st;        // OpenSSL's BIO
struct bio_method_st; // OpenSSL's BIO_METHOD
struct ssl_st;        // OpenSSL's SSL

namespace sami::net {

class ByteStream;
class TlsContext;

/// One TLS connection as OpenSSL sees it, on top of any stream: octets in, octets out, and what
/// has to happen next. It waits for nothing and tells nobody; TlsHandshake and TlsStream drive it
/// by the events of the stream below, which belongs to them and must outlive it. In their thread.
///
/// OpenSSL calls an end of the stream below a fatal error and kills the other direction with it. It
/// is never told: to it such a stream has nothing to read, and the step says BelowEnded.
///
///     a step says   then
///     Done          `size` octets were read or written; the handshake is over
///     NeedsInput    the same step again once the stream below is readable, whatever the step was
///     Again         there may be more inside or below: the same step again, in a later turn
///     Closed        the peer's close_notify has come; its half is over
///     BelowEnded    the stream below is at its end (its end() says how) and had no close_notify
///     Failed        a breach of the protocol or of trust; error() has it, nothing more will come
///
/// A step takes little from below, unless octets for the reader have come: within what it has taken
/// OpenSSL goes on from message to message. So what peers say to OpenSSL alone costs a step some
/// 250 µs at most, and one that is over can be followed by another's turn.
///
/// What a step has to send is handed below before it returns, in one piece; the stream below keeps
/// what it cannot send. isOutputLost() says that it would not take it.
///
/// More than twelve public methods: they are the steps, and what is known after each; whoever
/// drives one connection needs all of them.
class TlsSession
{
    Q_DISABLE_COPY_MOVE(TlsSession)

public:
    enum class Outcome { Done, NeedsInput, Again, Closed, BelowEnded, Failed };
    struct Step
    {
        Outcome outcome;
        qsizetype size = 0;
    };

    /// `host`: whom a client's connection has to reach, and `pins` the keys of which it has to have
    /// one, where there are any (TlsVerification); a server's has neither. Null when OpenSSL has no
    /// memory, or when that is no name of a host.
    [[nodiscard]] static std::unique_ptr<TlsSession> make(const TlsContext &context,
                                                          ByteStream &below,
                                                          const QByteArray &host = {},
                                                          const QList<QByteArray> &pins = {});
    ~TlsSession();

    [[nodiscard]] Step handshake();
    /// What its owner has read of the stream below goes before what is read there. Until its
    /// handshake is over a server's connection reads nothing else: who reads decides what is done
    /// when.
    void feed(QByteArrayView octets) { m_fed.append(octets); }
    /// One record at most. `capacity` > 0.
    [[nodiscard]] Step read(char *buffer, qsizetype capacity);
    /// Whether read() would have octets; takes none. Done says yes.
    [[nodiscard]] Step peek();
    /// The last step: takes what lies below, at most a record's size, and throws it away.
    void drain();
    /// NeedsInput (a message of the handshake's kind has come in part) may follow octets that were
    /// taken; the rest is to be given once more.
    [[nodiscard]] Step write(QByteArrayView bytes);
    /// Sends close_notify; what the peer sends can still be read. False while a message of the
    /// handshake's kind has come in part: again once the stream below is readable.
    [[nodiscard]] bool closeNotify();

    /// Whether something is inside that the stream below will not tell of: a record, or a part.
    [[nodiscard]] bool hasInside() const;
    /// Octets that were sent in answer by other steps than write(), in all. A peer that reads
    /// nothing can make them grow without end.
    [[nodiscard]] qsizetype answered() const { return m_answered; }
    /// Messages and alerts that came for OpenSSL alone, since the handshake.
    [[nodiscard]] qsizetype messages() const { return m_messages; }
    /// Octets that read() gave, in all.
    [[nodiscard]] qsizetype received() const { return m_received; }
    [[nodiscard]] bool isOutputLost() const { return m_isOutputLost; }
    /// Until when the peer's certificate is good; known after the handshake.
    [[nodiscard]] std::optional<WallTime> certificateUntil() const;
    /// Of TLS 1.3; known after the handshake.
    [[nodiscard]] bool isTls13() const;
    /// For Failed: OpenSSL's reason, short, such as "wrong version number".
    [[nodiscard]] const QByteArray &error() const { return m_error; }
    /// For Failed: the same as OpenSSL's number, an SSL_R_….
    [[nodiscard]] int errorReason() const { return m_errorReason; }
    /// For Failed in a handshake: what is wrong with the certificate; empty where that is not why.
    [[nodiscard]] const QList<QByteArray> &certificateFaults() const;
    /// For Failed in a handshake: the fault is a key that is not pinned.
    [[nodiscard]] bool isWrongPin() const;

private:
    friend struct TlsSessionCalls; // OpenSSL's

    explicit TlsSession(ByteStream &below);

    [[nodiscard]] Outcome outcomeOf(int returned);
    [[nodiscard]] size_t takeFed(char *buffer, size_t capacity);
    void begin();
    void endTaking(Outcome outcome, qsizetype size);
    void flush();
    void flushAnswer();

    ByteStream &m_below;
    ssl_st *m_connection = nullptr;
    std::unique_ptr<TlsVerification> m_verification; ///< of a client's until the handshake is over
    QByteArray m_outgoing;                           ///< within a step only
    QByteArray m_error;
    QByteArray m_fed; ///< not read yet
    qsizetype m_answered = 0;
    qsizetype m_messages = 0;
    qsizetype m_messagesBefore = 0; ///< this step
    qsizetype m_received = 0;
    qsizetype m_sip;      ///< what a step may take from below; grows with what the reader gets
    qsizetype m_left = 0; ///< of that, in this step
    int m_errorReason = 0;
    bool m_readsBelow = true;
    bool m_isBelowDry = false;   ///< the stream below had nothing more, in this step
    bool m_isBelowEnded = false; ///< it said that nothing will come
    bool m_isOutputLost = false;
    bool m_isBroken = false;
};

} // namespace sami::net
