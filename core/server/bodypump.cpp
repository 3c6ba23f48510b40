// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/bodypump.h"

#include "base/perthreadbuffer.h"
#include "http/headwriter.h"
#include "http/hopbyhop.h"

namespace sami::server {

using http::BodyKind;
using http::BodyReader;

namespace {

struct Gather;

/// Joins a head and the start of its body, or several chunks, for one write. Each thread keeps one,
/// because malloc() would not have a block of this size at hand for every message. Holds a head and
/// one read at most.
QByteArray &gatherBuffer()
{
    QByteArray &buffer = perThreadBuffer<Gather>();
    buffer.resize(0);
    return buffer;
}

} // namespace

BodyPump::BodyPump(const http::BodyFraming &in, const http::BodyFraming &out)
    : m_reader(in), m_chunksOut(out.kind == BodyKind::Chunked)
{}

BodyPump::Progress BodyPump::feed(QByteArrayView input, QByteArrayView prefix,
                                  net::ByteStream &sink)
{
    Progress progress;
    const bool isPlain = m_reader.framing().kind != BodyKind::Chunked;
    if (isPlain && prefix.isEmpty()) {
        // Data in one piece: writes it straight from the input, without a copy.
        const BodyReader::Step step = m_reader.next(input);
        progress.consumed = step.consumed;
        if (!step.data.isEmpty() && !sink.write(step.data))
            progress.status = Status::SinkGone;
        else if (m_reader.isDone())
            progress.status = Status::Done;
        return progress;
    }

    QByteArray &out = gatherBuffer();
    out.append(prefix);
    bool isMalformed = false;
    while (!m_reader.isDone()) {
        const BodyReader::Step step = m_reader.next(input.sliced(progress.consumed));
        progress.consumed += step.consumed;
        if (step.status == BodyReader::Status::Failed) {
            m_fault = step.fault;
            isMalformed = true;
            break;
        }
        if (m_chunksOut)
            http::writeChunk(out, step.data);
        else
            out += step.data;
        if (step.status == BodyReader::Status::NeedMore)
            break;
    }
    if (m_reader.isDone() && m_chunksOut && !m_lastChunkWritten) {
        m_lastChunkWritten = true;
        http::HeaderList trailers = m_reader.trailers();
        http::removeForbiddenTrailers(trailers);
        http::writeLastChunk(out, trailers);
    }
    if (!out.isEmpty() && !sink.write(out))
        progress.status = Status::SinkGone;
    else if (isMalformed)
        progress.status = Status::Malformed;
    else if (m_reader.isDone())
        progress.status = Status::Done;
    return progress;
}

} // namespace sami::server
