// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/heapcost.h"
#include "http/headparser.h"
#include "http/syntax.h"

#include <utility>

namespace sami::http {

namespace {

// What precedes the reason; 'd' is any digit, 'f' the first digit of a status.
constexpr char statusLineStart[] = "HTTP/1.d fdd";
constexpr int statusLineStartLength = sizeof statusLineStart - 1;
constexpr int minorAt = 7;

} // namespace

ResponseHeadParser::ResponseHeadParser(const HeadLimits &limits)
    : HeadParser(limits, Leniency::Mending)
{}

ResponseHead ResponseHeadParser::take()
{
    ResponseHead head = std::move(m_head);
    head.isMended |= fieldParser().wasLenient();
    head.keepsControls |= fieldParser().keepsControls();
    head.fields = takeFields();
    reset();
    return head;
}

void ResponseHeadParser::reset()
{
    resetBase();
    m_state = State::VersionAndStatus;
    m_fixedOctets = 0;
    m_head = {};
}

qsizetype ResponseHeadParser::startLineBytes() const
{
    return heapCost(m_head.reason);
}

bool ResponseHeadParser::acceptFixed(char c)
{
    const char expected = statusLineStart[m_fixedOctets];
    switch (expected) {
    // RFC 9110 §15 defines no status over 599, but some are sent (LinkedIn's 999), and clients take
    // them for a 5xx. Below 100, readers differ over whether another head follows.
    case 'f':
        if (c < '1' || c > '9')
            return false;
        m_head.status = c - '0';
        break;
    case 'd':
        if (!isDigit(c))
            return false;
        // A higher minor version is read as the highest that we know (RFC 9110 §2.5).
        if (m_fixedOctets == minorAt)
            m_head.version = c == '0' ? Version::Http10 : Version::Http11;
        else
            m_head.status = m_head.status * 10 + (c - '0');
        break;
    default:
        if (c != expected)
            return false;
    }
    if (++m_fixedOctets == statusLineStartLength)
        m_state = State::AfterStatus;
    return true;
}

HeadParser::Step ResponseHeadParser::startLine(QByteArrayView input)
{
    const char *const end = input.data() + input.size();
    qsizetype at = 0;
    while (at < input.size()) {
        const char c = input[at];
        switch (m_state) {
        case State::VersionAndStatus:
            if (!acceptFixed(c))
                return { Status::Failed, at, at, HeadFault::BadStatusLine };
            ++at;
            break;
        case State::AfterStatus:
            // RFC 9112 §4 requires the SP even before an empty reason, but many origins omit it.
            if (c != ' ' && c != '\r' && c != '\n')
                return { Status::Failed, at, at, HeadFault::BadStatusLine };
            m_state = State::Reason;
            at += c == ' ' ? 1 : 0;
            break;
        case State::Reason: {
            const char *const from = input.data() + at;
            const char *const stop = fieldContentChars.skip(from, end);
            at = stop - input.data();
            if (stop == end) {
                keepPending(from, stop);
                break;
            }
            if (*stop == '\0')
                return { Status::Failed, at, at, HeadFault::ControlCharacter };
            m_head.isMended |= *stop != '\r';
            if (*stop != '\r' && *stop != '\n') {
                m_head.keepsControls = true;
                keepPending(from, stop + 1);
                ++at;
                break;
            }
            m_head.reason = takePending(from, stop);
            ++at;
            if (*stop == '\n')
                return { Status::Complete, at };
            m_state = State::LineFeed;
            break;
        }
        case State::LineFeed:
            if (c != '\n')
                return { Status::Failed, at, at - 1, HeadFault::BareCr };
            return { Status::Complete, at + 1 };
        }
    }
    return { Status::NeedMore, at };
}

} // namespace sami::http
