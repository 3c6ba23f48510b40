// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace sami::door {

/// Watches the first octets of a TLS connection, which are in the clear, and says when a
/// ClientHello is complete (RFC 8446 §4.1.2, §5.1). So a client that sends it slowly or never
/// completes it costs no more than the octets that it has sent. A client that announces a large
/// hello gets no buffer for it, whereas OpenSSL would allocate up to 128 KB after four octets.
/// Anything that is not a ClientHello counts as complete: OpenSSL words the error. Without any I/O;
/// owned by one connection.
///
///     what arrives                                          verdict
///     a part of a first ClientHello                         NeedMore
///     a message longer than maxOctets by its length, or     TooLong, from then on
///     more than maxOctets of records without its end
///     all of it, or anything else                           Whole
///     after that, a part of a second one (requested by      Whole; TooLong for its length too
///     HelloRetryRequest)
class ClientHello
{
public:
    enum class Verdict { NeedMore, Whole, TooLong };

    /// Real ones have 200 to 2,500 octets.
    static constexpr qsizetype maxOctets = qsizetype(16) * 1024;

    /// Takes the octets that follow those of the last call.
    [[nodiscard]] Verdict feed(QByteArrayView octets);

private:
    enum class Part {
        RecordHead, ///< type, version (2), length (2)
        Message,    ///< inside a handshake record
        Skipped,    ///< inside a record that is skipped
        Over,       ///< ignores everything that follows
    };

    void take(unsigned char octet);
    void takeRecordHead(unsigned char octet);
    void takeMessage(unsigned char octet);

    Part m_part = Part::RecordHead;
    unsigned char m_type = 0;
    int m_headSize = 0;         ///< octets of the record's head received so far
    int m_messageHeadSize = 0;  ///< octets of the message's head received so far: type, length (3)
    int m_hellos = 0;           ///< complete ones
    qsizetype m_recordLeft = 0; ///< octets of the record still to come
    qsizetype m_messageLeft = 0;
    qsizetype m_seen = 0; ///< octets of the first hello received so far
    Verdict m_verdict = Verdict::NeedMore;
};

} // namespace sami::door
