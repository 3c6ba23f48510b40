// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/clienthello.h"

namespace sami::door {

namespace {

constexpr unsigned char changeCipherSpec = 20;
constexpr unsigned char handshake = 22;
constexpr unsigned char clientHello = 1;
constexpr int recordHeadSize = 5;
constexpr int messageHeadSize = 4;
/// There are at most two (RFC 8446 §4.1.4).
constexpr int mostHellos = 2;

} // namespace

ClientHello::Verdict ClientHello::feed(QByteArrayView octets)
{
    for (const char octet : octets) {
        if (m_part == Part::Over)
            break;
        take(static_cast<unsigned char>(octet));
        if (m_verdict == Verdict::NeedMore && ++m_seen > maxOctets)
            m_verdict = Verdict::TooLong;
        if (m_verdict == Verdict::TooLong)
            m_part = Part::Over;
    }
    return m_verdict;
}

void ClientHello::take(unsigned char octet)
{
    if (m_part == Part::RecordHead) {
        takeRecordHead(octet);
        return;
    }
    if (m_part == Part::Message)
        takeMessage(octet);
    if (--m_recordLeft == 0 && m_part != Part::Over)
        m_part = Part::RecordHead;
}

void ClientHello::takeRecordHead(unsigned char octet)
{
    if (m_headSize == 0)
        m_type = octet;
    m_recordLeft = m_recordLeft << 8 | octet; // the last two of the five octets remain
    if (++m_headSize < recordHeadSize)
        return;
    m_headSize = 0;
    m_recordLeft &= 0xffff;
    // Between two hellos a client may send a ChangeCipherSpec (RFC 8446 appendix D.4).
    const bool isSkipped = m_type == changeCipherSpec && m_hellos > 0;
    if ((m_type == handshake || isSkipped) && m_recordLeft > 0) {
        m_part = isSkipped ? Part::Skipped : Part::Message;
        return;
    }
    m_part = Part::Over;
    m_verdict = Verdict::Whole;
}

void ClientHello::takeMessage(unsigned char octet)
{
    if (m_messageHeadSize == messageHeadSize) {
        --m_messageLeft;
    } else {
        if (m_messageHeadSize == 0 && octet != clientHello) {
            m_part = Part::Over;
            m_verdict = Verdict::Whole;
            return;
        }
        m_messageLeft = m_messageHeadSize == 0 ? 0 : m_messageLeft << 8 | octet;
        if (++m_messageHeadSize < messageHeadSize)
            return;
        if (m_messageLeft > maxOctets) {
            m_verdict = Verdict::TooLong;
            return;
        }
    }
    if (m_messageLeft > 0)
        return;
    m_messageHeadSize = 0;
    m_verdict = Verdict::Whole;
    if (++m_hellos == mostHellos)
        m_part = Part::Over;
}

} // namespace sami::door
