// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "http/messagehead.h"

namespace sami::http {

enum class BodyKind {
    None,   ///< the message ends with its head
    Length, ///< Content-Length octets follow (never 0: that is None)
    Chunked,
    UntilClose, ///< responses only: the connection's end is the body's end
};

[[nodiscard]] const char *toString(BodyKind kind);

struct BodyFraming
{
    BodyKind kind = BodyKind::None;
    quint64 length = 0; ///< for Length

    friend bool operator==(const BodyFraming &, const BodyFraming &) = default;
};

enum class FramingFault {
    LengthAndTransferEncoding,
    SeveralLengths, ///< more than one field or a list, in a request even of equal values
    BadLength,      ///< not 1*DIGIT, or more than 63 bits
    ChunkedNotLast,
    ChunkedTwice,
    UnknownCoding, ///< a transfer coding other than chunked: 501 for a request
    TransferEncodingInHttp10,
    EmptyTransferEncoding,
};

[[nodiscard]] const char *toString(FramingFault fault);
/// The answer to a request with that fault: 400, or 501 for an unknown coding.
[[nodiscard]] int faultStatus(FramingFault fault);

/// How a request's body ends (RFC 9112 §6.3), refusing whatever two readers could read in two ways.
/// A CONNECT has none (RFC 9110 §9.3.6).
[[nodiscard]] Result<BodyFraming, FramingFault> requestFraming(const RequestHead &head);

/// Whether a field speaks of framing, rightly or not.
[[nodiscard]] bool mentionsFraming(const HeaderList &fields);

/// How a response's body ends, given the method it answers (RFC 9112 §6.3). Several equal
/// Content-Length values count as one.
[[nodiscard]] Result<BodyFraming, FramingFault> responseFraming(const ResponseHead &head,
                                                                QByteArrayView requestMethod);

} // namespace sami::http
