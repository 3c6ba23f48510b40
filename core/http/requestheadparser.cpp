// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/heapcost.h"
#include "http/headparser.h"
#include "http/syntax.h"

#include <algorithm>
#include <utility>

namespace sami::http {

namespace {

// More than twice the longest registered method ("UPDATEREDIRECTREF", RFC 4437).
constexpr qsizetype maxMethodBytes = 64;

// Everything but controls and SP. Octets over 0x7f are not valid in a URI, but a path is forwarded
// as received; parseRequestTarget() is stricter about a host.
constexpr OctetSet targetChars([](unsigned char u) { return u > 0x20 && u != 0x7f; });

constexpr char versionStart[] = "HTTP/";
constexpr int majorAt = 5;
constexpr int dotAt = 6;
constexpr int minorAt = 7;

} // namespace

RequestHeadParser::RequestHeadParser(const HeadLimits &limits)
    : HeadParser(limits, Leniency::Strict)
{}

RequestHead RequestHeadParser::take()
{
    RequestHead head = std::move(m_head);
    head.isLenient = head.isLenient || fieldParser().wasLenient();
    head.fields = takeFields();
    reset();
    return head;
}

void RequestHeadParser::reset()
{
    resetBase();
    m_state = State::Method;
    m_versionOctets = 0;
    m_major = 0;
    m_isConnect = false;
    m_head = {};
}

RequestHeadParser::Begun RequestHeadParser::begun() const
{
    switch (m_state) {
    case State::Method:
        break;
    case State::Target:
        return { m_head.method, pending(), false };
    case State::Version:
        // Until "HTTP/" is read, the blank may be part of the target.
        return { m_head.method, m_head.target, m_versionOctets >= majorAt };
    case State::CarriageReturn:
    case State::LineFeed:
        return { m_head.method, m_head.target, true };
    }
    return {};
}

QByteArray RequestHeadParser::consumedOfStart() const
{
    if (m_state == State::Method)
        return emptyLines() + pending();
    const QByteArray method = emptyLines() + m_head.method + ' ';
    if (m_state == State::Target)
        return method + pending();
    const QByteArray version = versionStart + QByteArray(1, m_major) + '.';
    return method + m_head.target + ' ' + version.first(std::min(m_versionOctets, minorAt));
}

qsizetype RequestHeadParser::startLineBytes() const
{
    return heapCost(m_head.method) + heapCost(m_head.target);
}

// In the next three functions, Complete means that the element is complete: continue at `consumed`.

HeadParser::Step RequestHeadParser::startLine(QByteArrayView input)
{
    qsizetype at = 0;
    while (at < input.size()) {
        Step step;
        switch (m_state) {
        case State::Method:
            step = method(input, at);
            break;
        case State::Target:
            step = target(input, at);
            break;
        case State::Version:
            step = version(input, at);
            break;
        case State::CarriageReturn:
            if (input[at] == '\n') {
                if (!m_isConnect)
                    return { Status::Failed, at, at, HeadFault::BareLf };
                m_head.isLenient = true;
                return { Status::Complete, at + 1 };
            }
            if (input[at] != '\r')
                return { Status::Failed, at, at, HeadFault::BadRequestLine };
            m_state = State::LineFeed;
            step = { Status::Complete, at + 1 };
            break;
        case State::LineFeed:
            if (input[at] != '\n')
                return { Status::Failed, at, at - 1, HeadFault::BareCr };
            return { Status::Complete, at + 1 };
        }
        if (step.status == Status::Failed)
            return step;
        at = step.consumed;
    }
    return { Status::NeedMore, at };
}

HeadParser::Step RequestHeadParser::method(QByteArrayView input, qsizetype at)
{
    const char *const from = input.data() + at;
    const char *const end = input.data() + input.size();
    const char *const stop = tokenChars.skip(from, end);
    const qsizetype length = pendingSize() + (stop - from);
    const qsizetype stopAt = stop - input.data();
    if (length > maxMethodBytes) {
        const qsizetype excess = stopAt - (length - maxMethodBytes);
        keepPending(from, input.data() + excess);
        return { Status::Failed, excess, excess, HeadFault::BadMethod };
    }
    if (stop == end) {
        keepPending(from, stop);
        return { Status::NeedMore, stopAt };
    }
    if (*stop != ' ' || length == 0) {
        keepPending(from, stop);
        return { Status::Failed, stopAt, stopAt, HeadFault::BadMethod };
    }
    m_head.method = takePending(from, stop);
    m_isConnect = m_head.method == "CONNECT"; // RFC 9110 §9.1: methods are case-sensitive
    if (m_isConnect)
        readFieldsAsUnforwarded();
    m_state = State::Target;
    return { Status::Complete, stopAt + 1 };
}

HeadParser::Step RequestHeadParser::target(QByteArrayView input, qsizetype at)
{
    const char *const from = input.data() + at;
    const char *const end = input.data() + input.size();
    const char *const stop = targetChars.skip(from, end);
    const qsizetype length = pendingSize() + (stop - from);
    const qsizetype stopAt = stop - input.data();
    if (length > limits().maxTargetBytes) {
        const qsizetype excess = stopAt - (length - limits().maxTargetBytes);
        keepPending(from, input.data() + excess);
        return { Status::Failed, excess, excess, HeadFault::TargetTooLong };
    }
    if (stop == end) {
        keepPending(from, stop);
        return { Status::NeedMore, stopAt };
    }
    if (*stop != ' ' || length == 0) {
        keepPending(from, stop);
        const bool endsLine = *stop == '\r' || *stop == '\n'; // HTTP/0.9, or no target
        return { Status::Failed, stopAt, stopAt,
                 endsLine ? HeadFault::BadRequestLine : HeadFault::BadTarget };
    }
    m_head.target = takePending(from, stop);
    m_state = State::Version;
    return { Status::Complete, stopAt + 1 };
}

HeadParser::Step RequestHeadParser::version(QByteArrayView input, qsizetype at)
{
    for (; at < input.size(); ++at) {
        const char c = input[at];
        bool matches = false;
        if (m_versionOctets < majorAt)
            matches = c == versionStart[m_versionOctets];
        else if (m_versionOctets == dotAt)
            matches = c == '.';
        else
            matches = isDigit(c);
        if (!matches)
            return { Status::Failed, at, at, HeadFault::BadVersion };
        if (m_versionOctets == majorAt)
            m_major = c;
        if (m_versionOctets++ < minorAt)
            continue;

        // HTTP/2's preface is not a request but another protocol (RFC 9113 §3.4).
        if (m_head.method == "PRI")
            return { Status::Failed, at, at, HeadFault::BadRequestLine };
        if (m_major != '1')
            return { Status::Failed, at, at, HeadFault::UnsupportedVersion };
        // Deviation: RFC 9110 §2.5 reads 1.2 as 1.1. No 1.2 exists, so it is junk.
        if (c > '1')
            return { Status::Failed, at, at, HeadFault::BadVersion };
        m_head.version = c == '0' ? Version::Http10 : Version::Http11;
        m_state = State::CarriageReturn;
        return { Status::Complete, at + 1 };
    }
    return { Status::NeedMore, at };
}

} // namespace sami::http
