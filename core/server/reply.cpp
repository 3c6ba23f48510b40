// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/reply.h"

#include "base/clock.h"
#include "http/headwriter.h"
#include "http/hopbyhop.h"

#include <utility>

namespace sami::server {

using policy::Refusal;

namespace {

/// How long a client should wait when the proxy is full. Short: a place may free up at any moment.
constexpr char retryAfterSeconds[] = "5";

Reply replyFor(OwnReply reply, std::chrono::milliseconds)
{
    return errorReply(reply);
}

Reply replyFor(const policy::Decision &decision, std::chrono::milliseconds)
{
    return refusalReply(decision);
}

Reply replyFor(const net::DialError &error, std::chrono::milliseconds limit)
{
    return dialErrorReply(error, limit);
}

/// "15 s", "0.25 s"
QByteArray inSeconds(std::chrono::milliseconds time)
{
    return QByteArray::number(double(time.count()) / 1000, 'g', 10) + " s";
}

/// RFC 8941 §3.3.3: a string. The table's phrases have neither quotes nor backslashes. A parent's
/// phrase may, and a parent's name may have octets that no string can hold.
QByteArray quoted(const QByteArray &phrase)
{
    QByteArray text = "\"";
    for (const char c : phrase) {
        if (c == '"' || c == '\\')
            text += '\\';
        if (c >= ' ' && c <= '~')
            text += c;
    }
    return text + '"';
}

/// Whether the detail says more than the words of the table.
bool hasFurtherCause(const net::DialError &error)
{
    switch (error.fault) {
    case net::DialFault::DnsFailure:
    case net::DialFault::ConnectTimeout:  // perhaps of the handshake
    case net::DialFault::ConnectionReset: // the same
    case net::DialFault::TlsCertificate:
    case net::DialFault::TlsProtocol:
    case net::DialFault::OutOfResources:
    case net::DialFault::FamilyExcluded:
    case net::DialFault::PinMismatch:
    case net::DialFault::ParentCredentials:
    case net::DialFault::ParentProtocol:
    case net::DialFault::ParentUnavailable:
    case net::DialFault::ParentForbids:
    case net::DialFault::ParentLoop:
    case net::DialFault::DestinationFailed:
    case net::DialFault::NoParent:
        return !error.detail.isEmpty();
    default:
        return false;
    }
}

void setProxyStatus(Reply &reply, const ReplyText &text, const QByteArray &parameters = {},
                    const QByteArray &before = {})
{
    reply.fields.set("Proxy-Status",
                     before + "sami; error=" + text.errorType + "; details=" + quoted(reply.phrase)
                         + parameters);
}

} // namespace

QByteArray Reply::write(bool keepsConnection, bool isHead, const QByteArray &keepAlive) const
{
    http::ResponseHead head;
    head.status = status;
    head.reason = phrase;
    head.fields = fields;
    head.fields.append("Date", http::imfDate(WallClock::to_time_t(WallClock::now())));
    head.fields.append("Content-Type", contentType);
    head.fields.append("Content-Length", QByteArray::number(body.size()));
    if (keepsConnection && !keepAlive.isEmpty())
        http::appendKeepAlive(head.fields, keepAlive);
    else
        head.fields.append("Connection", keepsConnection ? "keep-alive" : "close");
    QByteArray out;
    http::writeResponseHead(out, head);
    if (!isHead)
        out += body;
    return out;
}

Reply okReply()
{
    Reply reply;
    reply.status = 200;
    reply.phrase = "OK";
    return reply;
}

Reply errorReply(const ReplyText &text, std::chrono::milliseconds limit)
{
    Reply reply;
    reply.status = text.status;
    reply.phrase = text.phrase;
    reply.phrase.replace("%1", inSeconds(limit));
    if (*text.errorType != '\0')
        setProxyStatus(reply, text);
    if (text.status == 503)
        reply.fields.append("Retry-After", retryAfterSeconds);
    reply.body = text.text;
    reply.reason = text.reason;
    return reply;
}

Reply refusalReply(const policy::Decision &decision)
{
    Reply reply = errorReply(replyText(decision.refusal));
    switch (decision.refusal) {
    case Refusal::CredentialsMissing:
    case Refusal::CredentialsWrong:
        // RFC 7617 §2.1: the charset tells the client to send UTF-8.
        reply.fields.append("Proxy-Authenticate",
                            "Basic realm=\"Sami LLM Proxy\", charset=\"UTF-8\"");
        break;
    case Refusal::GuesserBlocked:
        reply.fields.append("Retry-After", QByteArray::number(qint64(decision.retryAfter.count())));
        break;
    default:
        break;
    }
    return reply;
}

Reply dialErrorReply(const net::DialError &error, std::chrono::milliseconds limit)
{
    ReplyText text = replyText(error.fault);
    if (hasFurtherCause(error))
        text.text += "Cause: " + error.detail + ".\n";
    if (error.route.isEmpty() || error.blame != net::Blame::Beyond) {
        Reply reply = errorReply(text, limit);
        if (!error.route.isEmpty())
            setProxyStatus(reply, text, "; next-hop=" + quoted(error.route));
        return reply;
    }
    Reply reply = errorReply(text, limit);
    // The parent's own words: a %1 in them is no placeholder.
    if (!error.phrase.isEmpty())
        reply.phrase = "Parent proxy: " + error.phrase;
    // RFC 9209 §2: the hop nearest to the host comes first.
    QByteArray parent = quoted(error.route) + "; error=" + text.errorType;
    if (!error.phrase.isEmpty())
        parent += "; details=" + quoted(error.phrase);
    setProxyStatus(reply, text, "; next-hop=" + quoted(error.route), parent + ", ");
    return reply;
}

Reply denialReply(const Denial &denial, std::chrono::milliseconds dialLimit)
{
    return std::visit([dialLimit](const auto &why) { return replyFor(why, dialLimit); },
                      denial.why);
}

} // namespace sami::server
