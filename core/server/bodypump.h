// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyreader.h"
#include "net/bytestream.h"

#include <QByteArrayView>

namespace sami::server {

/// Moves one message body from the octets of one leg to the other leg: finds where it ends,
/// re-makes its framing, holds nothing back. The caller stops feeding while the sink has pending
/// octets; that is the back-pressure.
class BodyPump
{
public:
    enum class Status {
        NeedMore,
        Done,
        Malformed, ///< fault() says how; what was good went out
        SinkGone,  ///< the other leg's peer is gone
    };
    struct Progress
    {
        Status status = Status::NeedMore;
        qsizetype consumed = 0;
    };

    /// `in` is the framing as received, `out` as sent on: the same, or UntilClose.
    BodyPump(const http::BodyFraming &in = {}, const http::BodyFraming &out = {});

    /// Writes `prefix` (a head that waits) and the content of `input` to the sink in one write.
    [[nodiscard]] Progress feed(QByteArrayView input, QByteArrayView prefix, net::ByteStream &sink);
    /// The sender's FIN; whether that completes the body.
    [[nodiscard]] bool finish() { return m_reader.finish(); }

    [[nodiscard]] bool isDone() const { return m_reader.isDone(); }
    /// What it keeps of a body, in octets of the heap.
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
