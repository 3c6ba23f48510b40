// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headparser.h"

#include "base/heapcost.h"
#include "http/syntax.h"
#include "http/usualoctets.h"

#include <algorithm>
#include <utility>

namespace sami::http {

namespace {

// RFC 9112 §2.2 says "at least one". More than a few are not a client's mistake.
constexpr int maxEmptyLines = 8;

} // namespace

HeadParser::HeadParser(const HeadLimits &limits, Leniency leniency)
    : m_limits(limits), m_leniency(leniency),
      m_phase(leniency == Leniency::Strict ? Phase::EmptyLines : Phase::StartLine),
      m_fieldParser(leniency, limits.maxFields)
{}

void HeadParser::resetBase()
{
    m_phase = m_leniency == Leniency::Strict ? Phase::EmptyLines : Phase::StartLine;
    m_started = false;
    m_sawCr = false;
    m_emptyLines = 0;
    m_headBytes = 0;
    m_fieldParser = FieldParser(m_leniency, m_limits.maxFields);
    m_pending.clear();
}

void HeadParser::readFieldsAsUnforwarded()
{
    m_fieldParser = FieldParser(Leniency::Unforwarded, m_limits.maxFields);
}

qsizetype HeadParser::heldBytes() const
{
    return heapCost(m_pending) + startLineBytes() + m_fieldParser.heldBytes();
}

HeadProgress HeadParser::feed(QByteArrayView input)
{
    Q_ASSERT(m_phase != Phase::Ended);
    qsizetype skipped = 0;
    const auto failed = [&](const Step &step) {
        m_phase = Phase::Ended;
        return HeadProgress { HeadProgress::Status::Failed,
                              skipped + step.consumed,
                              { step.fault, std::max<qsizetype>(m_headBytes + step.offset, 0) } };
    };

    if (m_phase == Phase::EmptyLines) {
        const Step step = skipEmptyLines(input);
        if (step.status == Status::Failed)
            return failed(step);
        skipped = step.consumed;
    }
    const QByteArrayView head = input.sliced(skipped);
    if (head.isEmpty())
        return { HeadProgress::Status::NeedMore, skipped };

    m_started = true;
    const qsizetype room = m_limits.maxHeadBytes - m_headBytes;
    const Step step = headOctets(head.first(std::min(room, head.size())));
    if (step.status == Status::Failed)
        return failed(step);
    if (step.status == Status::NeedMore && head.size() > room)
        return failed({ Status::Failed, room, room, HeadFault::HeadTooLarge });
    m_headBytes += step.consumed;
    if (step.status == Status::NeedMore)
        return { HeadProgress::Status::NeedMore, skipped + step.consumed };
    m_phase = Phase::Ended;
    return { HeadProgress::Status::Complete, skipped + step.consumed };
}

HeadParser::Step HeadParser::skipEmptyLines(QByteArrayView input)
{
    qsizetype at = 0;
    for (; at < input.size(); ++at) {
        if (m_sawCr) {
            if (input[at] != '\n')
                return { Status::Failed, at, 0, HeadFault::BareCr };
            m_sawCr = false;
            if (++m_emptyLines > maxEmptyLines)
                return { Status::Failed, at, 0, HeadFault::BadRequestLine };
        } else if (input[at] == '\r') {
            m_sawCr = true;
        } else if (input[at] == '\n') {
            return { Status::Failed, at, 0, HeadFault::BareLf };
        } else {
            m_phase = Phase::StartLine;
            break;
        }
    }
    return { Status::Complete, at };
}

HeadParser::Step HeadParser::headOctets(QByteArrayView input)
{
    qsizetype used = 0;
    if (m_phase == Phase::StartLine) {
        if (input.isEmpty())
            return {};
        const Step step = startLine(input);
        if (step.status != Status::Complete)
            return step;
        m_phase = Phase::Fields;
        used = step.consumed;
    }
    Step step = m_fieldParser.feed(input.sliced(used));
    step.consumed += used;
    step.offset += used;
    return step;
}

QByteArray HeadParser::emptyLines() const
{
    return QByteArray("\r\n").repeated(m_emptyLines) + (m_sawCr ? "\r" : "");
}

QByteArray HeadParser::takePending(const char *from, const char *to)
{
    if (m_pending.isEmpty())
        return octetsOf({ from, to - from });
    m_pending.append(from, to - from);
    return std::exchange(m_pending, {});
}

} // namespace sami::http
