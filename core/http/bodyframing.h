// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "http/messagehead.h"

#include <limits>

namespace sami::http {

enum class BodyKind {
    None,   ///< the message ends with its head
    Length, ///< Content-Length octets follow (never 0, which is None)
    Chunked,
    UntilClose, ///< responses only: the end of the connection ends the body
};

[[nodiscard]] const char *toString(BodyKind kind);

/// RFC 9110 §8.6 sets no limit on a length. One above 63 bits is a fault: most readers overflow.
inline constexpr quint64 maxBodyLength = std::numeric_limits<qint64>::max();

struct BodyFraming
{
    BodyKind kind = BodyKind::None;
    quint64 length = 0; ///< for Length
    /// Of a response: the end of the body was found only by leniency. Its connection serves no
    /// other request.
    bool isMended = false;

    friend bool operator==(const BodyFraming &, const BodyFraming &) = default;
};

enum class FramingFault {
    LengthAndTransferEncoding, ///< of a request
    SeveralLengths,            ///< more than one field or a list, in a request even of equal values
    BadLength,                 ///< not 1*DIGIT, or more than 63 bits
    ChunkedNotLast,
    ChunkedTwice,  ///< of a response, with an empty element or another coding
    UnknownCoding, ///< a transfer coding other than chunked: 501 for a request
    TransferEncodingInHttp10,
    EmptyTransferEncoding,
};

[[nodiscard]] const char *toString(FramingFault fault);
/// The status that answers a request with that fault: 400, or 501 for an unknown coding.
[[nodiscard]] int faultStatus(FramingFault fault);

/// How a request's body ends (RFC 9112 §6.3). Refuses whatever two readers could read differently.
/// A CONNECT has none (RFC 9110 §9.3.6).
[[nodiscard]] Result<BodyFraming, FramingFault> requestFraming(const RequestHead &head);

/// Whether any field concerns framing, correctly or not.
[[nodiscard]] bool mentionsFraming(const HeaderList &fields);

/// How a response's body ends, given the method it answers (RFC 9112 §6.3). More lenient than for
/// requests, because the origin owns its answer: what curl and the browsers all read in the same
/// way is accepted here, and rewritten unambiguously for the client. Whatever a strict reader would
/// refuse is marked as mended and costs the connection, so that a reader who disagrees about this
/// end can disagree about nothing else:
///
///   Transfer-Encoding                Content-Length   HTTP/1.1           HTTP/1.0
///   –                                –                UntilClose         UntilClose
///   –                                one              Length             Length
///   –                                several, equal   Length, mended     Length, mended
///   –                                other            a fault            a fault
///   chunked                          –                Chunked            a fault
///   chunked                          one or equal     Chunked, mended    a fault
///   chunked                          other            a fault            a fault
///   chunked several times            as above         Chunked, mended    a fault
///   identity (or nothing), any times –                UntilClose, mended UntilClose, mended
///   identity (or nothing), any times one or equal     Length, mended     Length, mended
///   chunked with identity, nothing   any              a fault            a fault
///   or anything else; anything else
///
/// "Several times" may be in one field or in several. `chunked` beside something else stays
/// refused, because readers differ: curl stops at the first coding that it did not ask for,
/// browsers look for `chunked` anywhere, and llhttp takes a trailing empty element for another
/// coding.
[[nodiscard]] Result<BodyFraming, FramingFault> responseFraming(const ResponseHead &head,
                                                                QByteArrayView requestMethod);

/// Whether a Transfer-Encoding names a coding other than `identity`.
[[nodiscard]] bool namesTransferCoding(const HeaderList &fields);

} // namespace sami::http
