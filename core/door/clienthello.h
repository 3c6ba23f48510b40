// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace sami::door {

/// Watches the first octets of a TLS connection go by, in the clear as they are, and says when a
/// ClientHello is whole (RFC 8446 §4.1.2, §5.1). So a client that sends it slowly, or never to its
/// end, costs no more than the octets that it has sent, and one that announces a large one gets no
/// buffer for it: OpenSSL takes up to 128 KB on the word of four octets. What is no ClientHello is
/// for OpenSSL to name: it is whole as it is. Without any I/O; owned by one connection.
///
///     what goes by                                          it says
///     a part of a first ClientHello                         NeedMore
///     a message that says it is longer than maxOctets, or   TooLong, then and ever after
///     more than maxOctets of records without its end
///     all of it, or anything else                           Whole
///     after it, a part of a second one (it was asked for    Whole; TooLong for its length too
///     once more: HelloRetryRequest)
class ClientHello
{
public:
    enum class Verdict { NeedMore, Whole, TooLong };

    /// Real ones have 200 to 2,500 octets.
    static constexpr qsizetype maxOctets = qsizetype(16) * 1024;

    /// The octets that follow those of the last call.
    [[nodiscard]] Verdict feed(QByteArrayView octets);

private:
    enum class Part {
        RecordHead, ///< type, version (2), length (2)
        Message,    ///< inside a record of the handshake
        Skipped,    ///< inside a record that is passed over
        Over,       ///< nothing that comes is looked at any more
    };

    void take(unsigned char octet);
    void takeRecordHead(unsigned char octet);
    void takeMessage(unsigned char octet);

    Part m_part = Part::RecordHead;
    unsigned char m_type = 0;
    int m_headSize = 0;         ///< octets of the record's head that have come
    int m_messageHeadSize = 0;  ///< octets of the message's head that have come: type, length (3)
    int m_hellos = 0;           ///< that are whole
    qsizetype m_recordLeft = 0; ///< octets of the record that are to come
    qsizetype m_messageLeft = 0;
    qsizetype m_seen = 0; ///< octets in all, of the first
    Verdict m_verdict = Verdict::NeedMore;
};

} // namespace sami::door
