// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyframing.h"

#include "base/blanks.h"
#include "http/syntax.h"

#include <algorithm>
#include <optional>

namespace sami::http {

namespace {

/// The contents of a head's two framing fields, before the rules apply.
struct FramingFields
{
    int lengths = 0;
    QByteArrayView firstLength;
    int codings = 0;
    QByteArrayView firstCoding;
};

FramingFields framingFields(const HeaderList &fields)
{
    FramingFields found;
    for (const Field &field : fields) {
        if (equalsIgnoringCase(field.name, "Content-Length")) {
            if (found.lengths++ == 0)
                found.firstLength = field.value;
        } else if (equalsIgnoringCase(field.name, "Transfer-Encoding")) {
            if (found.codings++ == 0)
                found.firstCoding = field.value;
        }
    }
    return found;
}

bool isChunked(QByteArrayView coding)
{
    return equalsIgnoringCase(coding, "chunked");
}

/// `chunked`, alone and once, is the only transfer coding supported:
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
        chunked += isChunked(coding) ? 1 : 0;
    if (chunked > 1)
        return Unexpected(FramingFault::ChunkedTwice);
    if (!isChunked(codings.last()))
        return Unexpected(FramingFault::ChunkedNotLast);
    if (codings.size() > 1)
        return Unexpected(FramingFault::UnknownCoding);
    // Deviation: RFC 9110 §5.6.1.2 ignores empty elements, but readers differ over them.
    if (fields.count("Transfer-Encoding") > 1
        || codings.first() != fields.value("Transfer-Encoding"))
        return Unexpected(FramingFault::EmptyTransferEncoding);
    return BodyFraming { BodyKind::Chunked };
}

Result<BodyFraming, FramingFault> lengthOf(QByteArrayView digits)
{
    const std::optional<quint64> length = parseDecimal(digits);
    if (!length || *length > maxBodyLength)
        return Unexpected(FramingFault::BadLength);
    if (*length == 0)
        return BodyFraming {};
    return BodyFraming { BodyKind::Length, *length };
}

/// RFC 9112 §6.3 rule 5: the same value several times is one value.
Result<BodyFraming, FramingFault> agreedLength(const HeaderList &fields)
{
    std::optional<BodyFraming> agreed;
    for (const QByteArrayView value : fields.values("Content-Length")) {
        // Not listElements(), which skips empty elements: here they are malformed, as readers
        // differ.
        for (const QByteArray &element : value.toByteArray().split(',')) {
            const auto framing = lengthOf(trimBlanks(element));
            if (!framing)
                return framing;
            if (agreed && *agreed != *framing)
                return Unexpected(FramingFault::SeveralLengths);
            agreed = *framing;
        }
    }
    agreed->isMended = true;
    return *agreed;
}

Result<BodyFraming, FramingFault> responseLength(const HeaderList &fields,
                                                 const FramingFields &found)
{
    if (found.lengths == 0)
        return BodyFraming { BodyKind::UntilClose };
    if (found.lengths == 1 && !found.firstLength.contains(','))
        return lengthOf(found.firstLength);
    return agreedLength(fields);
}

/// Nothing but `chunked`, perhaps several times: applications set it in addition to their server
/// (Spring under Tomcat, Next.js under Bun), but the body is chunked once.
bool isRepeatedChunked(const HeaderList &fields)
{
    for (const QByteArrayView value : fields.values("Transfer-Encoding")) {
        for (const QByteArray &element : value.toByteArray().split(',')) {
            if (!isChunked(trimBlanks(element)))
                return false;
        }
    }
    return true;
}

/// The header's table, for a response that may have a body.
Result<BodyFraming, FramingFault> responseBody(const ResponseHead &head)
{
    const FramingFields found = framingFields(head.fields);
    if (found.codings == 0)
        return responseLength(head.fields, found);
    const bool isChunkedOnce = found.codings == 1 && isChunked(found.firstCoding);
    if (isChunkedOnce && found.lengths == 0 && head.version == Version::Http11)
        return BodyFraming { BodyKind::Chunked };

    auto framing = responseLength(head.fields, found);
    if (!namesTransferCoding(head.fields)) {
        // Deviation: RFC 9112 §6.1 no longer has `identity`. In RFC 2616 §3.6 it meant no coding.
        if (framing)
            framing->isMended = true;
        return framing;
    }
    if (head.version == Version::Http10)
        return Unexpected(FramingFault::TransferEncodingInHttp10);
    if (!isChunkedOnce && !isRepeatedChunked(head.fields))
        return transferCoding(head.fields);
    // Rule 3: chunked overrides the length, which is not forwarded. A malformed length is no
    // mistake but an attack.
    if (!framing)
        return framing;
    return BodyFraming { BodyKind::Chunked, 0, true };
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
    if (fields.codings > 0) {
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
    return found.lengths > 0 || found.codings > 0;
}

Result<BodyFraming, FramingFault> responseFraming(const ResponseHead &head,
                                                  QByteArrayView requestMethod)
{
    // RFC 9112 §6.3 rules 1 and 2: these end with the head, whatever their fields say.
    if (head.isInterim() || (requestMethod == "CONNECT" && head.status >= 200 && head.status < 300))
        return BodyFraming {};
    const auto body = responseBody(head);
    if (requestMethod != "HEAD" && head.status != 204 && head.status != 304)
        return body;
    // An origin that contradicts itself may send a body anyway. So may one that announces a body
    // where none is allowed (RFC 9110 §8.6, RFC 9112 §6.1).
    const bool isAnnounced = head.status == 204 && body && body->kind != BodyKind::None
        && body->kind != BodyKind::UntilClose;
    return BodyFraming { BodyKind::None, 0, !body || body->isMended || isAnnounced };
}

bool namesTransferCoding(const HeaderList &fields)
{
    const QList<QByteArrayView> codings = fields.listElements("Transfer-Encoding");
    return !std::all_of(codings.begin(), codings.end(), [](QByteArrayView coding) {
        return equalsIgnoringCase(coding, "identity");
    });
}

} // namespace sami::http
