// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/reply.h"

#include "http/headwriter.h"
#include "http/messagehead.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <utility>

namespace sami::admin {

namespace {

struct ProblemText
{
    const char *code;
    int status;
    const char *title;
};

ProblemText textOf(Problem problem)
{
    switch (problem) {
    case Problem::BadRequest:
        return { "bad_request", 400, "Bad Request" };
    case Problem::Unauthorized:
        return { "unauthorized", 401, "Unauthorized" };
    case Problem::Forbidden:
        return { "forbidden", 403, "Forbidden" };
    case Problem::ForeignOrigin:
        return { "foreign_origin", 403, "Foreign Origin" };
    case Problem::UnknownHost:
        return { "unknown_host", 421, "Unknown Host" };
    case Problem::NotFound:
        return { "not_found", 404, "Not Found" };
    case Problem::MethodNotAllowed:
        return { "method_not_allowed", 405, "Method Not Allowed" };
    case Problem::Timeout:
        return { "timeout", 408, "Request Timeout" };
    case Problem::Locked:
        return { "locked", 409, "Locked" };
    case Problem::NotInFile:
        return { "not_in_file", 409, "Not in the Users File" };
    case Problem::Conflict:
        return { "conflict", 409, "Conflict" };
    case Problem::PreconditionFailed:
        return { "precondition_failed", 412, "Precondition Failed" };
    case Problem::TooLarge:
        return { "too_large", 413, "Too Large" };
    case Problem::UnsupportedMediaType:
        return { "unsupported_media_type", 415, "Unsupported Media Type" };
    case Problem::BadValue:
        return { "bad_value", 422, "Bad Value" };
    case Problem::PreconditionRequired:
        return { "precondition_required", 428, "Precondition Required" };
    case Problem::TooMany:
        return { "too_many", 429, "Too Many Requests" };
    case Problem::Unavailable:
        return { "unavailable", 503, "Unavailable" };
    case Problem::UnsupportedVersion:
        return { "unsupported_version", 505, "HTTP Version Not Supported" };
    }
    return { "unavailable", 503, "Unavailable" };
}

struct Phrase
{
    int status;
    const char *text;
};

// RFC 9110 §15, RFC 6585.
constexpr std::array phrases {
    Phrase { 200, "OK" },
    Phrase { 202, "Accepted" },
    Phrase { 204, "No Content" },
    Phrase { 400, "Bad Request" },
    Phrase { 401, "Unauthorized" },
    Phrase { 403, "Forbidden" },
    Phrase { 404, "Not Found" },
    Phrase { 405, "Method Not Allowed" },
    Phrase { 408, "Request Timeout" },
    Phrase { 409, "Conflict" },
    Phrase { 412, "Precondition Failed" },
    Phrase { 413, "Content Too Large" },
    Phrase { 414, "URI Too Long" },
    Phrase { 415, "Unsupported Media Type" },
    Phrase { 421, "Misdirected Request" },
    Phrase { 422, "Unprocessable Content" },
    Phrase { 428, "Precondition Required" },
    Phrase { 429, "Too Many Requests" },
    Phrase { 431, "Request Header Fields Too Large" },
    Phrase { 500, "Internal Server Error" },
    Phrase { 501, "Not Implemented" },
    Phrase { 503, "Service Unavailable" },
    Phrase { 505, "HTTP Version Not Supported" },
};

QByteArray phraseOf(int status)
{
    const auto found = std::find_if(phrases.begin(), phrases.end(),
                                    [status](const Phrase &each) { return each.status == status; });
    return found == phrases.end() ? QByteArray() : QByteArray(found->text); // RFC 9112 §4
}

/// Added to every answer, whether or not it is for a browser.
void appendSafety(http::HeaderList &fields)
{
    fields.append("Content-Security-Policy",
                  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                  "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    fields.append("X-Content-Type-Options", "nosniff");
    fields.append("Cache-Control", "no-store");
    fields.append("Referrer-Policy", "no-referrer");
    fields.append("Cross-Origin-Resource-Policy", "same-origin");
    fields.append("Cross-Origin-Opener-Policy", "same-origin");
}

http::ResponseHead headOf(int status)
{
    http::ResponseHead head;
    head.status = status;
    head.reason = phraseOf(status);
    head.fields.append("Date", http::imfDate(QDateTime::currentSecsSinceEpoch()));
    appendSafety(head.fields);
    return head;
}

} // namespace

const char *toString(Problem problem)
{
    return textOf(problem).code;
}

int statusOf(Problem problem)
{
    return textOf(problem).status;
}

QByteArray AdminReply::write(bool keepsConnection, bool isHead) const
{
    http::ResponseHead head = headOf(status);
    if (!contentType.isEmpty())
        head.fields.append("Content-Type", contentType);
    // RFC 9110 §8.6: never with 204.
    if (status != 204)
        head.fields.append("Content-Length", QByteArray::number(body.size()));
    if (!keepsConnection)
        head.fields.append("Connection", "close");
    for (const http::Field &field : fields)
        head.fields.append(field.name, field.value);
    QByteArray octets;
    http::writeResponseHead(octets, head);
    if (!isHead)
        octets += body;
    return octets;
}

QByteArray AdminReply::writeEventsHead(bool isChunked)
{
    http::ResponseHead head = headOf(200);
    head.fields.append("Content-Type", "text/event-stream; charset=utf-8");
    // Keeps an nginx in between from delaying events in its buffers.
    head.fields.append("X-Accel-Buffering", "no");
    if (isChunked)
        head.fields.append("Transfer-Encoding", "chunked");
    else
        head.fields.append("Connection", "close");
    QByteArray octets;
    http::writeResponseHead(octets, head);
    return octets;
}

AdminReply jsonReply(const QByteArray &json)
{
    return { 200, "application/json", json, {} };
}

AdminReply doneReply()
{
    return { 204, {}, {}, {} };
}

AdminReply problemReply(Problem problem, const QByteArray &detail, int status)
{
    const ProblemText text = textOf(problem);
    const int answered = status != 0 ? status : text.status;
    const QJsonObject object {
        { QStringLiteral("type"), QStringLiteral("about:blank") },
        { QStringLiteral("title"), QString::fromLatin1(text.title) },
        { QStringLiteral("status"), answered },
        { QStringLiteral("code"), QString::fromLatin1(text.code) },
        { QStringLiteral("detail"), QString::fromUtf8(detail) },
    };
    AdminReply reply { answered,
                       "application/problem+json",
                       QJsonDocument(object).toJson(QJsonDocument::Compact),
                       {} };
    // RFC 9110 §15.5.2. No realm: a browser would ask a person, and browsers do not support Bearer.
    if (problem == Problem::Unauthorized)
        reply.fields.append("WWW-Authenticate", "Bearer");
    return reply;
}

} // namespace sami::admin
