// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyreader.h"
#include "net/bytestream.h"

#include <QByteArrayView>

namespace sami::server {

/// Moves one message body from one leg to the other: finds its end, re-frames it, holds nothing
/// back. Back-pressure: the caller stops feeding while the sink has pending octets.
class BodyPump
{
public:
    enum class Status {
        NeedMore,
        Done,
        Malformed, ///< fault() says how; everything before the fault was sent
        SinkGone,  ///< the other leg's peer is gone
    };
    struct Progress
    {
        Status status = Status::NeedMore;
        qsizetype consumed = 0;
    };

    /// `in` is the framing as received, `out` as sent: the same, or UntilClose.
    BodyPump(const http::BodyFraming &in = {}, const http::BodyFraming &out = {});

    /// Writes `prefix` (a head that is still waiting) and the content of `input` to the sink in one
    /// write.
    [[nodiscard]] Progress feed(QByteArrayView input, QByteArrayView prefix, net::ByteStream &sink);
    /// The sender's FIN arrived. Returns whether that completes the body.
    [[nodiscard]] bool finish() { return m_reader.finish(); }

    [[nodiscard]] bool isDone() const { return m_reader.isDone(); }
    /// The heap that it holds for a body, in octets.
    [[nodiscard]] qsizetype heldBytes() const { return m_reader.heldBytes(); }
    [[nodiscard]] http::BodyFault fault() const { return m_fault; }
    [[nodiscard]] const http::BodyFraming &framing() const { return m_reader.framing(); }

private:
    http::BodyReader m_reader;
    bool m_chunksOut;
    bool m_lastChunkWritten = false;
    http::BodyFault m_fault {};
};

} // namespace sami::server
