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
/// must happen next. It waits for nothing and notifies nobody. StreamHandshake and TlsStream drive
/// it by the events of the stream below, which they own; TlsAcceptance drives it by the steps of
/// its owner. The stream below must outlive it. Runs in that stream's thread.
///
/// OpenSSL treats an end of the stream below as a fatal error, which also kills the other
/// direction. So it is never told: to OpenSSL such a stream has nothing to read, and the step
/// returns BelowEnded.
///
///     a step says   then
///     Done          `size` octets were read or written, or the handshake is complete
///     NeedsInput    repeat this step, of whatever kind, once the stream below is readable
///     Again         there may be more inside or below: repeat this step in a later turn
///     Closed        the peer's close_notify has come; its half is over
///     BelowEnded    the stream below ended without close_notify; see its end()
///     Failed        a breach of the protocol or of trust; see error(). Nothing more will come
///
/// A step reads little from below until octets for the reader arrive, because OpenSSL processes one
/// message after the other within what it has read. So messages for OpenSSL alone cost at most some
/// 250 µs per step, and another connection can have the next turn.
///
/// A step passes its output to the stream below before it returns, in one piece; the stream below
/// keeps what it cannot send. isOutputLost() means that it refused.
///
/// More than twelve public methods: they are the steps and their results, and driving a connection
/// needs all of them.
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

    /// `host` is the host that a client connection must reach, and `pins` are the accepted keys, if
    /// any (TlsVerification); a server connection has neither. Null if OpenSSL has no memory, or if
    /// `host` is not a valid host name.
    [[nodiscard]] static std::unique_ptr<TlsSession> make(const TlsContext &context,
                                                          ByteStream &below,
                                                          const QByteArray &host = {},
                                                          const QList<QByteArray> &pins = {});
    ~TlsSession();

    [[nodiscard]] Step handshake();
    /// Adds octets that the owner has read from the stream below; they come before what is read
    /// there. During its handshake a server connection reads nothing else, so that the owner
    /// decides when steps happen.
    void feed(QByteArrayView octets) { m_fed.append(octets); }
    /// Reads at most one record. `capacity` > 0.
    [[nodiscard]] Step read(char *buffer, qsizetype capacity);
    /// Whether read() would return octets (Done); takes none.
    [[nodiscard]] Step peek();
    /// The last step: reads what the stream below has, at most one record's size, and discards it.
    void drain();
    /// May return NeedsInput after it took octets (a handshake message has arrived in part). Pass
    /// the rest again.
    [[nodiscard]] Step write(QByteArrayView bytes);
    /// Sends close_notify; the peer's octets can still be read. False while a handshake message has
    /// arrived in part: call again once the stream below is readable.
    [[nodiscard]] bool closeNotify();

    /// Whether it holds data that the stream below will not report: a record, or part of one.
    [[nodiscard]] bool hasBufferedInput() const;
    /// Total octets sent in answer to the peer by read() and peek(). A peer that takes none of them
    /// can make the output pending below grow without limit.
    [[nodiscard]] qsizetype answered() const { return m_answered; }
    /// Messages and alerts received for OpenSSL alone, since the handshake.
    [[nodiscard]] qsizetype messages() const { return m_messages; }
    /// Total octets returned by read().
    [[nodiscard]] qsizetype received() const { return m_received; }
    [[nodiscard]] bool isOutputLost() const { return m_isOutputLost; }
    /// When the peer's certificate expires; known after the handshake.
    [[nodiscard]] std::optional<WallTime> certificateUntil() const;
    /// Known after the handshake.
    [[nodiscard]] bool isTls13() const;
    /// For Failed: OpenSSL's reason in short, such as "wrong version number".
    [[nodiscard]] const QByteArray &error() const { return m_error; }
    /// For Failed: OpenSSL's code for the reason (SSL_R_…).
    [[nodiscard]] int errorReason() const { return m_errorReason; }
    /// For Failed in a handshake: what is wrong with the certificate; empty if that is not the
    /// reason.
    [[nodiscard]] const QList<QByteArray> &certificateFaults() const;
    /// For Failed in a handshake: the key is not pinned.
    [[nodiscard]] bool isWrongPin() const;

private:
    friend struct TlsSessionCalls; // OpenSSL's

    explicit TlsSession(ByteStream &below);

    [[nodiscard]] Outcome outcomeOf(int returned);
    [[nodiscard]] size_t takeFed(char *buffer, size_t capacity);
    void begin();
    void adjustReadQuota(Outcome outcome, qsizetype size);
    void flush();
    void flushAnswer();

    ByteStream &m_below;
    ssl_st *m_connection = nullptr;
    std::unique_ptr<TlsVerification> m_verification; ///< of a client, during the handshake
    PeerCertificates::Held m_certificate;            ///< of a client's peer, after it
    QByteArray m_outgoing;                           ///< only within a step
    QByteArray m_error;
    QByteArray m_fed; ///< not read yet
    qsizetype m_answered = 0;
    qsizetype m_messages = 0;
    qsizetype m_messagesBefore = 0; ///< at the start of this step
    qsizetype m_received = 0;
    qsizetype m_readQuota;     ///< what a step may read from below; grows with what the reader gets
    qsizetype m_quotaLeft = 0; ///< what is left of m_readQuota in this step
    int m_errorReason = 0;
    bool m_readsBelow = true;
    bool m_isBelowDry = false;   ///< the stream below had nothing more in this step
    bool m_isBelowEnded = false; ///< it reported its end
    bool m_isOutputLost = false;
    bool m_isBroken = false;
};

} // namespace sami::net
