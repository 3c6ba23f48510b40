// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/fieldparser.h"
#include "http/headerlist.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

enum class BodyFault {
    BadChunkSize,      ///< not 1*HEXDIG, over 16 digits or 63 bits, or a blank after it
    BadChunkExtension, ///< a control, bare CR or bare LF after the size
    ChunkLineTooLong,  ///< size and extensions over 4 KiB
    MissingCrlf,       ///< chunk data not followed by CRLF
    BadTrailer,        ///< a malformed trailer field
    TrailersTooLarge,  ///< over 16 KiB or 64 fields
    Truncated,         ///< the connection ended first; only from finish()
};

[[nodiscard]] const char *toString(BodyFault fault);

/// Finds the end of one message body in a stream of octets, and the data within a chunked one
/// (RFC 9112 §6, §7.1). Holds no data: views point into the caller's input.
class BodyReader
{
public:
    enum class Status {
        NeedMore, ///< all input consumed, more is expected
        /// `data`, the last part of what was consumed, holds the next octets of content. Call
        /// next() again with the rest. isDone() may already be true.
        Data,
        Done, ///< the body is complete; octets after `consumed` are not part of it
        Failed,
    };
    struct Step
    {
        Status status = Status::NeedMore;
        qsizetype consumed = 0;
        QByteArrayView data {};
        BodyFault fault {};
    };

    explicit BodyReader(const BodyFraming &framing = {});

    /// One step over the input, with at most one run of data. Call again with the unconsumed rest
    /// until NeedMore, Done or Failed.
    [[nodiscard]] Step next(QByteArrayView input);

    /// The sender closed (FIN). True if the body is complete (UntilClose, or complete before),
    /// false if it was cut short.
    [[nodiscard]] bool finish();

    [[nodiscard]] bool isDone() const { return m_done; }
    [[nodiscard]] const BodyFraming &framing() const { return m_framing; }
    /// Octets of content so far, without chunk framing.
    [[nodiscard]] quint64 contentBytes() const { return m_contentBytes; }
    /// Heap octets that it holds: only trailers.
    [[nodiscard]] qsizetype heldBytes() const;
    /// The trailer section of a chunked body, once Done.
    [[nodiscard]] const HeaderList &trailers() const { return m_trailers; }

private:
    enum class State {
        Counting,  ///< Length: m_remaining octets are left
        UntilEnd,  ///< UntilClose
        SizeStart, ///< the first digit of a chunk size
        Size,      ///< inside a chunk size
        Extension, ///< after the ';'
        SizeLineFeed,
        ChunkData, ///< m_remaining octets of this chunk are left
        DataCarriageReturn,
        DataLineFeed,
        Trailers,
        Complete,
        Failed,
    };

    Step dataStep(QByteArrayView input, qsizetype at);
    /// Takes one octet or run of chunk framing; false if it failed with m_fault.
    bool chunkFraming(QByteArrayView input, qsizetype &at);
    bool chunkSize(char c);
    bool trailerSection(QByteArrayView input, qsizetype &at);
    bool fail(BodyFault fault);

    BodyFraming m_framing;
    State m_state = State::Complete;
    BodyFault m_fault {};
    bool m_done = false;
    quint64 m_contentBytes = 0;
    quint64 m_remaining = 0; ///< of the body or the chunk; within a size its value so far
    int m_sizeDigits = 0;
    qsizetype m_lineBytes = 0; ///< of the chunk-size line or the trailer section
    FieldParser m_trailerParser;
    HeaderList m_trailers;
};

} // namespace sami::http
