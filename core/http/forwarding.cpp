// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/forwarding.h"

#include "http/headwriter.h"
#include "http/hopbyhop.h"
#include "http/syntax.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sami::http {

namespace {

/// The length that a message without a body declares anyway: "0", or what a GET would have got
/// (RFC 9110 §8.6). Nothing if it contradicts itself.
std::optional<quint64> declaredLength(const HeaderList &fields)
{
    if (namesTransferCoding(fields))
        return std::nullopt;
    std::optional<quint64> agreed;
    bool isSound = true;
    const auto agrees = [&](QByteArrayView element) {
        const std::optional<quint64> length = parseDecimal(element);
        isSound = length && *length <= maxBodyLength && (!agreed || *agreed == *length);
        agreed = length;
        return isSound;
    };
    for (const Field &field : fields) {
        if (isSound && equalsIgnoringCase(field.name, "Content-Length"))
            forEachListElement(field.value, agrees);
    }
    return isSound ? agreed : std::nullopt;
}

/// The most fields that a proxy adds to the forwarded ones.
constexpr qsizetype ownFields = 4;

/// Copies the end-to-end fields. The first Content-Length becomes `length`, or none; further ones
/// are dropped. The caller regenerates `skipped`.
void copyEndToEnd(HeaderList &to, const HeaderList &from, std::optional<quint64> length,
                  QByteArrayView skipped = {})
{
    const HopByHopFilter filter(from);
    to.reserve(to.size() + from.size() + ownFields);
    for (const Field &field : from) {
        if (filter.drops(field.name) || equalsIgnoringCase(field.name, skipped))
            continue;
        if (!equalsIgnoringCase(field.name, "Content-Length")) {
            to.append(field.name, field.value);
        } else if (length) {
            to.append(field.name, QByteArray::number(*length));
            length.reset();
        }
    }
}

void appendChunked(HeaderList &fields, const BodyFraming &framing)
{
    if (framing.kind == BodyKind::Chunked)
        fields.append(QByteArrayLiteral("Transfer-Encoding"), QByteArrayLiteral("chunked"));
}

void appendWebSocketUpgrade(HeaderList &fields)
{
    fields.append(QByteArrayLiteral("Connection"), QByteArrayLiteral("Upgrade"));
    fields.append(QByteArrayLiteral("Upgrade"), QByteArrayLiteral("websocket"));
}

std::optional<quint64> forwardedLength(const HeaderList &fields, const BodyFraming &framing)
{
    switch (framing.kind) {
    case BodyKind::Length:
        return framing.length;
    case BodyKind::None:
        return declaredLength(fields);
    case BodyKind::Chunked:
    case BodyKind::UntilClose:
        break;
    }
    return std::nullopt;
}

ResponseHead withoutBody(const ResponseHead &received)
{
    ResponseHead head { Version::Http11, received.status, received.reason, {} };
    copyEndToEnd(head.fields, received.fields, std::nullopt);
    return head;
}

/// RFC 9110 §9.3.8: an echo leaves out what is likely to be secret. Providers send keys in fields
/// of many names.
bool mayHoldSecret(const QByteArray &name)
{
    static constexpr std::array words { "auth",     "cookie",     "key",     "token",    "secret",
                                        "password", "credential", "session", "signature" };
    const QByteArray lower = name.toLower();
    return std::any_of(words.begin(), words.end(),
                       [&lower](const char *word) { return lower.contains(word); });
}

} // namespace

RequestHead upstreamRequest(const RequestHead &received, const RequestTarget &target,
                            const BodyFraming &framing, QByteArrayView pseudonym,
                            bool relayWebSocket)
{
    RequestHead head { received.method, target.originForm, Version::Http11, {} };
    head.fields.reserve(1 + received.fields.size() + ownFields); // as copyEndToEnd() does: once
    head.fields.append(QByteArrayLiteral("Host"), target.authority);
    copyEndToEnd(head.fields, received.fields, forwardedLength(received.fields, framing), "Host");
    // RFC 9110 §10.1.1: an HTTP/1.0 client does not know 100, so its Expect is ignored.
    if (received.version == Version::Http10)
        head.fields.removeAll("Expect");
    appendChunked(head.fields, framing);
    if (relayWebSocket)
        appendWebSocketUpgrade(head.fields);
    appendVia(head.fields, received.version, pseudonym);
    return head;
}

BodyFraming clientFraming(const BodyFraming &upstream, Version clientVersion)
{
    if (upstream.kind == BodyKind::Chunked && clientVersion == Version::Http10)
        return { BodyKind::UntilClose };
    // Without isMended: the client gets a mended framing.
    return { upstream.kind, upstream.length };
}

ResponseHead clientResponse(const ResponseHead &received, const ResponseContext &context)
{
    // RFC 9110 §6.2: a sender states its own version, even to an HTTP/1.0 client.
    ResponseHead head { Version::Http11, received.status, received.reason, {} };
    // RFC 9110 §8.6: a 204 must not have a Content-Length.
    const auto length =
        received.status == 204 ? std::nullopt : forwardedLength(received.fields, context.framing);
    copyEndToEnd(head.fields, received.fields, length);
    appendChunked(head.fields, context.framing);
    if (!head.fields.contains("Date"))
        head.fields.append(QByteArrayLiteral("Date"), imfDate(context.unixTime));
    appendVia(head.fields, received.version, context.pseudonym);
    if (!context.keepsClient)
        head.fields.append(QByteArrayLiteral("Connection"), QByteArrayLiteral("close"));
    else if (!context.keepAlive.isEmpty())
        appendKeepAlive(head.fields, context.keepAlive);
    return head;
}

ResponseHead clientInterimResponse(const ResponseHead &received, QByteArrayView pseudonym)
{
    ResponseHead head = withoutBody(received);
    appendVia(head.fields, received.version, pseudonym);
    return head;
}

ResponseHead clientUpgradeResponse(const ResponseHead &received, QByteArrayView pseudonym)
{
    ResponseHead head = withoutBody(received);
    appendWebSocketUpgrade(head.fields);
    appendVia(head.fields, received.version, pseudonym);
    return head;
}

MaxForwards applyMaxForwards(RequestHead &head)
{
    if (head.method != "TRACE" && head.method != "OPTIONS")
        return MaxForwards::Forward;
    const auto value = head.fields.value("Max-Forwards");
    if (!value)
        return MaxForwards::Forward;
    const std::optional<quint64> hops = parseDecimal(*value);
    if (!hops || head.fields.count("Max-Forwards") > 1)
        return MaxForwards::Malformed;
    if (*hops == 0)
        return MaxForwards::AnswerHere;
    head.fields.set("Max-Forwards", QByteArray::number(*hops - 1));
    return MaxForwards::Forward;
}

QByteArray traceEcho(const RequestHead &received)
{
    RequestHead echo = received;
    echo.fields.removeIf([](const Field &field) { return mayHoldSecret(field.name); });
    // User information in an absolute-form target is a credential too.
    const qsizetype authority = echo.target.indexOf("//") + 2;
    const qsizetype end = echo.target.indexOf('/', authority);
    const qsizetype at = echo.target.lastIndexOf('@', end);
    if (authority >= 2 && at >= authority)
        echo.target.remove(authority, at + 1 - authority);
    QByteArray octets;
    writeRequestHead(octets, echo);
    return octets;
}

} // namespace sami::http
