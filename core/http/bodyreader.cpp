// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyreader.h"

#include "http/syntax.h"

#include <algorithm>
#include <limits>

namespace sami::http {

namespace {

// RFC 9112 §7.1.1 asks for a limit on extensions. No client or origin uses them.
constexpr qsizetype maxChunkLineBytes = 4096;
constexpr int maxSizeDigits = 16;
constexpr qsizetype maxTrailerBytes = qsizetype(16) * 1024;
constexpr qsizetype maxTrailerFields = 64;

} // namespace

const char *toString(BodyFault fault)
{
    switch (fault) {
    case BodyFault::BadChunkSize:
        return "a chunk size is malformed";
    case BodyFault::BadChunkExtension:
        return "a chunk extension is malformed";
    case BodyFault::ChunkLineTooLong:
        return "a chunk extension is too long";
    case BodyFault::MissingCrlf:
        return "chunk data is not followed by CRLF";
    case BodyFault::BadTrailer:
        return "a trailer field is malformed";
    case BodyFault::TrailersTooLarge:
        return "the trailer section is too large";
    case BodyFault::Truncated:
        return "the body ended early";
    }
    return "malformed body";
}

BodyReader::BodyReader(const BodyFraming &framing)
    : m_framing(framing), m_trailerParser(FieldParser::Leniency::Strict, maxTrailerFields)
{
    switch (framing.kind) {
    case BodyKind::None:
        break;
    case BodyKind::Length:
        m_remaining = framing.length;
        m_state = framing.length > 0 ? State::Counting : State::Complete;
        break;
    case BodyKind::Chunked:
        m_state = State::SizeStart;
        break;
    case BodyKind::UntilClose:
        m_state = State::UntilEnd;
        break;
    }
    m_done = m_state == State::Complete;
}

qsizetype BodyReader::heldBytes() const
{
    return m_trailerParser.heldBytes() + m_trailers.heapBytes();
}

BodyReader::Step BodyReader::next(QByteArrayView input)
{
    qsizetype at = 0;
    while (true) {
        switch (m_state) {
        case State::Complete:
            return { Status::Done, at };
        case State::Failed:
            return { Status::Failed, at, {}, m_fault };
        default:
            break;
        }
        if (at == input.size())
            return { Status::NeedMore, at };
        switch (m_state) {
        case State::Counting:
        case State::UntilEnd:
        case State::ChunkData:
            return dataStep(input, at);
        default:
            if (!chunkFraming(input, at))
                m_state = State::Failed;
        }
    }
}

BodyReader::Step BodyReader::dataStep(QByteArrayView input, qsizetype at)
{
    QByteArrayView data = input.sliced(at);
    if (m_state != State::UntilEnd) {
        if (static_cast<quint64>(data.size()) > m_remaining)
            data = data.first(static_cast<qsizetype>(m_remaining));
        m_remaining -= static_cast<quint64>(data.size());
        if (m_remaining == 0) {
            m_done = m_state == State::Counting;
            m_state = m_done ? State::Complete : State::DataCarriageReturn;
        }
    }
    m_contentBytes += static_cast<quint64>(data.size());
    return { Status::Data, at + data.size(), data };
}

bool BodyReader::chunkFraming(QByteArrayView input, qsizetype &at)
{
    if (m_state == State::Trailers)
        return trailerSection(input, at);
    const char c = input[at++];
    switch (m_state) {
    case State::DataCarriageReturn:
        m_state = State::DataLineFeed;
        return c == '\r' || fail(BodyFault::MissingCrlf);
    case State::DataLineFeed:
        m_state = State::SizeStart;
        return c == '\n' || fail(BodyFault::MissingCrlf);
    case State::SizeStart:
        m_remaining = 0;
        m_sizeDigits = 0;
        m_lineBytes = 0;
        m_state = State::Size;
        [[fallthrough]];
    case State::Size:
        ++m_lineBytes;
        return chunkSize(c);
    case State::Extension:
        if (++m_lineBytes > maxChunkLineBytes)
            return fail(BodyFault::ChunkLineTooLong);
        if (c == '\r')
            m_state = State::SizeLineFeed;
        return c == '\r' || isFieldContentChar(c) || fail(BodyFault::BadChunkExtension);
    case State::SizeLineFeed:
        if (c != '\n')
            return fail(BodyFault::BadChunkExtension);
        m_lineBytes = 0;
        m_state = m_remaining > 0 ? State::ChunkData : State::Trailers;
        return true;
    default:
        Q_UNREACHABLE();
        return false;
    }
}

bool BodyReader::chunkSize(char c)
{
    constexpr quint64 maximum = std::numeric_limits<qint64>::max();
    const int digit = hexValue(c);
    if (digit >= 0) {
        // Leading zeros count too: an endless size is an attack.
        if (++m_sizeDigits > maxSizeDigits || m_remaining > maximum >> 4)
            return fail(BodyFault::BadChunkSize);
        m_remaining = m_remaining << 4 | static_cast<quint64>(digit);
        return true;
    }
    if (m_sizeDigits == 0)
        return fail(BodyFault::BadChunkSize);
    if (c == '\n')
        return fail(BodyFault::BadChunkExtension);
    // Deviation: refuses BWS before ';' (RFC 9112 §7.1.1), because readers differ over it.
    if (c != ';' && c != '\r')
        return fail(BodyFault::BadChunkSize);
    m_state = c == ';' ? State::Extension : State::SizeLineFeed;
    return true;
}

bool BodyReader::trailerSection(QByteArrayView input, qsizetype &at)
{
    const qsizetype room = maxTrailerBytes - m_lineBytes;
    const QByteArrayView rest = input.sliced(at);
    const FieldParser::Step step = m_trailerParser.feed(rest.first(std::min(room, rest.size())));
    at += step.consumed;
    m_lineBytes += step.consumed;
    switch (step.status) {
    case FieldParser::Status::NeedMore:
        return rest.size() <= room || fail(BodyFault::TrailersTooLarge);
    case FieldParser::Status::Complete:
        m_trailers = m_trailerParser.take();
        m_state = State::Complete;
        m_done = true;
        return true;
    case FieldParser::Status::Failed:
        break;
    }
    return fail(step.fault == HeadFault::TooManyFields ? BodyFault::TrailersTooLarge
                                                       : BodyFault::BadTrailer);
}

bool BodyReader::fail(BodyFault fault)
{
    m_fault = fault;
    return false;
}

bool BodyReader::finish()
{
    if (m_state == State::UntilEnd) {
        m_state = State::Complete;
        m_done = true;
    }
    return m_done;
}

} // namespace sami::http
