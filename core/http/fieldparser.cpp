// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/fieldparser.h"

#include "base/blanks.h"
#include "base/heapcost.h"
#include "http/hopbyhop.h"
#include "http/syntax.h"
#include "http/usualoctets.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace sami::http {

namespace {

/// The fields that we read of a CONNECT: credentials, persistence, and Via for loops.
bool isReadOfConnect(QByteArrayView name)
{
    const std::initializer_list<QByteArrayView> names { "Proxy-Authorization", "Proxy-Connection",
                                                        "Connection", "Via" };
    return std::any_of(names.begin(), names.end(),
                       [&](QByteArrayView read) { return equalsIgnoringCase(name, read); });
}

} // namespace

FieldParser::Step FieldParser::feed(QByteArrayView input)
{
    const char *const begin = input.data();
    const char *const end = begin + input.size();
    const char *at = begin;
    while (at != end) {
        Scan scan;
        switch (m_state) {
        case State::LineStart:
            if (*at == '\n' && m_leniency != Leniency::Strict) {
                m_wasLenient = true;
                return { Status::Complete, at + 1 - begin };
            }
            scan = lineStart(at);
            break;
        case State::Name:
            scan = name(at, end);
            break;
        case State::AfterName:
            scan = afterName(at, end);
            break;
        case State::BeforeValue:
            while (at != end && isBlank(*at))
                ++at;
            m_state = at == end ? State::BeforeValue : State::Value;
            scan = { at };
            break;
        case State::Value:
            scan = value(at, end);
            break;
        case State::LineFeed:
            if (*at != '\n')
                return { Status::Failed, at - begin, at - begin - 1, HeadFault::BareCr };
            m_state = State::LineStart;
            scan = { at + 1 };
            break;
        case State::LastLineFeed:
            if (*at != '\n')
                return { Status::Failed, at - begin, at - begin - 1, HeadFault::BareCr };
            return { Status::Complete, at + 1 - begin };
        }
        at = scan.at;
        if (scan.failed)
            return { Status::Failed, at - begin, at - begin, scan.fault };
    }
    return { Status::NeedMore, input.size() };
}

FieldParser::Scan FieldParser::lineStart(const char *at)
{
    if (*at == '\r') {
        m_state = State::LastLineFeed;
        return { at + 1 };
    }
    if (*at == '\n')
        return { at, true, HeadFault::BareLf };
    if (isBlank(*at)) {
        if (m_fields.isEmpty())
            return { at, true, HeadFault::LeadingBlankLine };
        if (m_leniency != Leniency::Mending)
            return { at, true, HeadFault::ObsFold };
        m_folding = true;
        m_wasLenient = true;
        m_state = State::BeforeValue;
        return { at };
    }
    if (m_fields.size() >= m_maxFields)
        return { at, true, HeadFault::TooManyFields };
    m_state = State::Name;
    return { at };
}

FieldParser::Scan FieldParser::name(const char *at, const char *end)
{
    const char *const stop = tokenChars.skip(at, end);
    if (stop == end) {
        m_pending.append(at, stop - at);
        return { stop };
    }
    const bool empty = stop == at && m_pending.isEmpty();
    const bool mends = m_leniency == Leniency::Mending;
    if (empty)
        return { stop, true,
                 isFieldContentChar(*stop) ? HeadFault::BadFieldName
                                           : HeadFault::ControlCharacter };
    if (*stop == ':' || (isBlank(*stop) && mends)) {
        m_name = takePending(at, stop);
        m_wasLenient |= *stop != ':';
        m_state = *stop == ':' ? State::BeforeValue : State::AfterName;
        return { stop + 1 };
    }
    if (isBlank(*stop))
        return { stop, true, HeadFault::BlankBeforeColon };
    if (*stop == '\r')
        return { stop, true, HeadFault::MissingColon };
    if (*stop == '\n')
        return { stop, true,
                 m_leniency == Leniency::Strict ? HeadFault::BareLf : HeadFault::MissingColon };
    return { stop, true,
             isFieldContentChar(*stop) ? HeadFault::BadFieldName : HeadFault::ControlCharacter };
}

FieldParser::Scan FieldParser::afterName(const char *at, const char *end)
{
    while (at != end && isBlank(*at))
        ++at;
    if (at == end)
        return { at };
    if (*at == '\r' || *at == '\n')
        return { at, true, HeadFault::MissingColon };
    if (*at != ':')
        return { at, true, HeadFault::BadFieldName };
    m_state = State::BeforeValue;
    return { at + 1 };
}

FieldParser::Scan FieldParser::value(const char *at, const char *end)
{
    const char *const stop = fieldContentChars.skip(at, end);
    if (stop == end) {
        m_pending.append(at, stop - at);
        return { stop };
    }
    if (*stop == '\r') {
        finishValue(at, stop);
        m_state = State::LineFeed;
        return { stop + 1 };
    }
    if (*stop != '\n') {
        if (!takesControl(*stop))
            return { stop, true, HeadFault::ControlCharacter };
        m_wasLenient = true;
        m_keepsControls = true;
        m_pending.append(at, stop + 1 - at);
        return { stop + 1 };
    }
    if (m_leniency == Leniency::Strict)
        return { stop, true, HeadFault::BareLf };
    m_wasLenient = true;
    finishValue(at, stop);
    m_state = State::LineStart;
    return { stop + 1 };
}

/// Whether a control octet (not a line end) may stay in the current value: only if the proxy does
/// not interpret that field.
bool FieldParser::takesControl(char c) const
{
    if (c == '\0')
        return false;
    switch (m_leniency) {
    case Leniency::Strict:
        return false;
    case Leniency::Mending:
        return !isRead(m_folding ? m_fields.at(m_fields.size() - 1).name : m_name);
    case Leniency::Unforwarded:
        return !isReadOfConnect(m_name);
    }
    return false;
}

QByteArray FieldParser::takePending(const char *from, const char *to)
{
    if (m_pending.isEmpty())
        return octetsOf({ from, to - from });
    m_pending.append(from, to - from);
    return std::exchange(m_pending, {});
}

void FieldParser::finishValue(const char *from, const char *to)
{
    // Most values lie within one piece. Trimming them before the copy leaves a single copy.
    QByteArray octets;
    if (m_pending.isEmpty()) {
        while (to != from && isBlank(to[-1]))
            --to;
        octets = octetsOf({ from, to - from });
    } else {
        octets = takePending(from, to);
        while (!octets.isEmpty() && isBlank(octets.back()))
            octets.chop(1);
    }
    if (std::exchange(m_folding, false)) {
        m_fieldBytes -= heapCost(m_fields.at(m_fields.size() - 1).value);
        m_fields.continueLast(octets);
        m_fieldBytes += heapCost(m_fields.at(m_fields.size() - 1).value);
        return;
    }
    m_fieldBytes += heapCost(m_name) + heapCost(octets);
    if (m_fields.isEmpty())
        m_fields.reserve(16); // typical of an API client: one allocation instead of five
    m_fields.append(std::move(m_name), std::move(octets));
}

qsizetype FieldParser::heldBytes() const
{
    return m_fieldBytes + m_fields.listBytes() + heapCost(m_name) + heapCost(m_pending);
}

bool FieldParser::hasBegun(QByteArrayView name) const
{
    return equalsIgnoringCase(m_name, name) || m_fields.contains(name);
}

HeaderList FieldParser::take()
{
    HeaderList fields = std::move(m_fields);
    *this = FieldParser(m_leniency, m_maxFields);
    return fields;
}

} // namespace sami::http
