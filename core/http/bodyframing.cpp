// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyframing.h"

#include "base/blanks.h"
#include "http/syntax.h"

#include <limits>
#include <optional>

namespace sami::http {

namespace {

constexpr quint64 maxLength = std::numeric_limits<qint64>::max();

/// What the two framing fields of a head say, before the rules are applied.
struct FramingFields
{
    int lengths = 0;
    QByteArrayView firstLength;
    bool hasTransferEncoding = false;
};

FramingFields framingFields(const HeaderList &fields)
{
    FramingFields found;
    for (const Field &field : fields) {
        if (equalsIgnoringCase(field.name, "Content-Length")) {
            if (found.lengths++ == 0)
                found.firstLength = field.value;
        } else if (equalsIgnoringCase(field.name, "Transfer-Encoding")) {
            found.hasTransferEncoding = true;
        }
    }
    return found;
}

/// Chunked, alone and once, is the only transfer coding spoken here:
///
///   codings              meaning
///   chunked              Chunked
///   (nothing)            EmptyTransferEncoding
///   (nothing), chunked   EmptyTransferEncoding
///   chunked, chunked     ChunkedTwice
///   gzip                 ChunkedNotLast, for a request 400 (RFC 9112 §6.3)
///   chunked, gzip        ChunkedNotLast
///   gzip, chunked        UnknownCoding, for a request 501 (RFC 9112 §6.1)
Result<BodyFraming, FramingFault> transferCoding(const HeaderList &fields)
{
    const QList<QByteArrayView> codings = fields.listElements("Transfer-Encoding");
    if (codings.isEmpty())
        return Unexpected(FramingFault::EmptyTransferEncoding);
    qsizetype chunked = 0;
    for (const QByteArrayView coding : codings)
        chunked += equalsIgnoringCase(coding, "chunked") ? 1 : 0;
    if (chunked > 1)
        return Unexpected(FramingFault::ChunkedTwice);
    if (!equalsIgnoringCase(codings.last(), "chunked"))
        return Unexpected(FramingFault::ChunkedNotLast);
    if (codings.size() > 1)
        return Unexpected(FramingFault::UnknownCoding);
    // Deviation: RFC 9110 §5.6.1.2 would have empty elements ignored; readers differ over them.
    if (fields.count("Transfer-Encoding") > 1
        || codings.first() != fields.value("Transfer-Encoding"))
        return Unexpected(FramingFault::EmptyTransferEncoding);
    return BodyFraming { BodyKind::Chunked };
}

Result<BodyFraming, FramingFault> lengthOf(QByteArrayView digits)
{
    const std::optional<quint64> length = parseDecimal(digits);
    if (!length || *length > maxLength)
        return Unexpected(FramingFault::BadLength);
    if (*length == 0)
        return BodyFraming {};
    return BodyFraming { BodyKind::Length, *length };
}

} // namespace

const char *toString(BodyKind kind)
{
    switch (kind) {
    case BodyKind::None:
        return "none";
    case BodyKind::Length:
        return "length";
    case BodyKind::Chunked:
        return "chunked";
    case BodyKind::UntilClose:
        return "until-close";
    }
    return "unknown";
}

const char *toString(FramingFault fault)
{
    switch (fault) {
    case FramingFault::LengthAndTransferEncoding:
        return "both Content-Length and Transfer-Encoding are given";
    case FramingFault::SeveralLengths:
        return "more than one Content-Length is given";
    case FramingFault::BadLength:
        return "Content-Length is not a number that can be a length";
    case FramingFault::ChunkedNotLast:
        return "the last transfer coding is not chunked";
    case FramingFault::ChunkedTwice:
        return "the transfer coding chunked is given twice";
    case FramingFault::UnknownCoding:
        return "a transfer coding other than chunked is not supported";
    case FramingFault::TransferEncodingInHttp10:
        return "HTTP/1.0 knows no Transfer-Encoding";
    case FramingFault::EmptyTransferEncoding:
        return "Transfer-Encoding has an empty element";
    }
    return "bad framing";
}

int faultStatus(FramingFault fault)
{
    return fault == FramingFault::UnknownCoding ? 501 : 400;
}

Result<BodyFraming, FramingFault> requestFraming(const RequestHead &head)
{
    // RFC 9110 §9.3.6: a CONNECT has no content, whatever its fields say.
    if (head.method == "CONNECT")
        return BodyFraming {};
    const FramingFields fields = framingFields(head.fields);
    if (fields.hasTransferEncoding) {
        if (fields.lengths > 0)
            return Unexpected(FramingFault::LengthAndTransferEncoding);
        if (head.version == Version::Http10)
            return Unexpected(FramingFault::TransferEncodingInHttp10);
        return transferCoding(head.fields);
    }
    if (fields.lengths == 0)
        return BodyFraming {};
    if (fields.lengths > 1 || fields.firstLength.contains(','))
        return Unexpected(FramingFault::SeveralLengths);
    return lengthOf(fields.firstLength);
}

bool mentionsFraming(const HeaderList &fields)
{
    const FramingFields found = framingFields(fields);
    return found.lengths > 0 || found.hasTransferEncoding;
}

Result<BodyFraming, FramingFault> responseFraming(const ResponseHead &head,
                                                  QByteArrayView requestMethod)
{
    // RFC 9112 §6.3 rules 1 and 2: these end with their head, whatever their fields say.
    if (requestMethod == "HEAD" || head.isInterim() || head.status == 204 || head.status == 304)
        return BodyFraming {};
    if (requestMethod == "CONNECT" && head.status >= 200 && head.status < 300)
        return BodyFraming {};

    const FramingFields fields = framingFields(head.fields);
    if (fields.hasTransferEncoding) {
        // Rule 3 lets Transfer-Encoding win; a message that says both is a smuggling attempt.
        if (fields.lengths > 0)
            return Unexpected(FramingFault::LengthAndTransferEncoding);
        if (head.version == Version::Http10)
            return Unexpected(FramingFault::TransferEncodingInHttp10);
        return transferCoding(head.fields);
    }
    if (fields.lengths == 0)
        return BodyFraming { BodyKind::UntilClose };
    if (fields.lengths == 1 && !fields.firstLength.contains(','))
        return lengthOf(fields.firstLength);

    // Rule 5: the same value several times is one value.
    std::optional<BodyFraming> agreed;
    for (const QByteArrayView value : head.fields.values("Content-Length")) {
        // Not as listElements() does: an empty element is no length, and readers differ over it.
        for (const QByteArray &element : value.toByteArray().split(',')) {
            const auto framing = lengthOf(trimBlanks(element));
            if (!framing)
                return framing;
            if (agreed && *agreed != *framing)
                return Unexpected(FramingFault::SeveralLengths);
            agreed = *framing;
        }
    }
    return *agreed;
}

} // namespace sami::http
