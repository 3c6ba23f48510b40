// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/reply.h"

#include "base/clock.h"
#include "http/headwriter.h"

#include <utility>

namespace sami::server {

using policy::Refusal;

namespace {

/// How long a client that found the proxy full should wait. Short: a slot may free any moment.
constexpr char retryAfterSeconds[] = "5";

QByteArray refusalText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::None:
        break;
    case Refusal::ClientNotListed:
        return "Your address is not on this proxy's list of clients.\n"
               "Its operator can add it to ALLOWED_IPS.\n";
    case Refusal::GuesserBlocked:
        return "Too many wrong credentials came from your address.\n"
               "Wait for the time that Retry-After gives, then use the right ones.\n";
    case Refusal::CredentialsMissing:
        return "This proxy asks for a user name and a password.\n"
               "Use http://user:password@host:port as the proxy's address.\n";
    case Refusal::CredentialsWrong:
        return "The user name or the password for this proxy is wrong.\n"
               "Check the proxy's address: special characters in it must be percent-encoded.\n";
    case Refusal::HostNotListed:
        return "This proxy does not serve that host.\n"
               "Its operator can add it to ALLOWED_HOSTS.\n";
    case Refusal::PortNotListed:
        return "This proxy does not serve that port.\n"
               "Its operator can add it to ALLOWED_PORTS.\n";
    case Refusal::PrivateTarget:
        return "That host has a private, local or special address, or one of the proxy's own "
               "network, which this proxy does not serve.\n"
               "Its operator can allow it with ALLOW_PRIVATE_TARGETS.\n";
    case Refusal::OwnAddress:
        return "That host is the machine this proxy runs on, which it does not serve.\n"
               "Its operator can allow it with ALLOW_PRIVATE_TARGETS.\n";
    case Refusal::Loop:
        return "This request leads back to the proxy that it was sent to.\n"
               "The proxy's own pages are to be asked for without a proxy (NO_PROXY). Otherwise "
               "check the proxy settings of the host that the request goes to.\n";
    }
    return {};
}

} // namespace

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 407:
        return "Proxy Authentication Required";
    case 408:
        return "Request Timeout";
    case 414:
        return "URI Too Long";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    case 508:
        return "Loop Detected";
    default:
        return "Error";
    }
}

QByteArray Reply::write(bool keepsConnection, bool isHead) const
{
    http::ResponseHead head;
    head.status = status;
    head.reason = reasonPhrase(status);
    head.fields = fields;
    head.fields.append("Date", http::imfDate(WallClock::to_time_t(WallClock::now())));
    head.fields.append("Content-Type", contentType);
    head.fields.append("Content-Length", QByteArray::number(body.size()));
    head.fields.append("Connection", keepsConnection ? "keep-alive" : "close");
    QByteArray out;
    http::writeResponseHead(out, head);
    if (!isHead)
        out += body;
    return out;
}

Reply errorReply(int status, const QByteArray &proxyError, QByteArray reason, QByteArray text)
{
    Reply reply;
    reply.status = status;
    if (!proxyError.isEmpty())
        reply.fields.append("Proxy-Status", "sami; error=" + proxyError);
    reply.body = std::move(text);
    reply.reason = std::move(reason);
    return reply;
}

Reply headErrorReply(const http::ParseError &error)
{
    const int status = http::faultStatus(error.code);
    QByteArray text = "This is not a request that a proxy understands.\n";
    if (status == 414)
        text = "The request's target is too long. The operator can raise MAX_URL_LENGTH.\n";
    else if (status == 431)
        text = "The request's head is too large.\n";
    else if (status == 505)
        text = "This proxy speaks HTTP/1.1 and HTTP/1.0.\n";
    return errorReply(status, "http_request_error", http::toString(error.code), text);
}

Reply refusalReply(const policy::Decision &decision)
{
    const QByteArray code = policy::toString(decision.refusal);
    const QByteArray text = refusalText(decision.refusal);
    switch (decision.refusal) {
    case Refusal::CredentialsMissing:
    case Refusal::CredentialsWrong: {
        Reply reply = errorReply(407, "http_request_denied", code, text);
        // RFC 7617 §2.1: the charset tells the client to send UTF-8.
        reply.fields.append("Proxy-Authenticate",
                            "Basic realm=\"Sami LLM Proxy\", charset=\"UTF-8\"");
        return reply;
    }
    case Refusal::GuesserBlocked: {
        Reply reply = errorReply(429, "http_request_denied", code, text);
        reply.fields.append("Retry-After", QByteArray::number(qint64(decision.retryAfter.count())));
        return reply;
    }
    case Refusal::PrivateTarget:
    case Refusal::OwnAddress:
        return errorReply(403, "destination_ip_prohibited", code, text);
    case Refusal::Loop:
        return errorReply(508, "proxy_loop_detected", code, text);
    default:
        return errorReply(403, "http_request_denied", code, text);
    }
}

Reply dialErrorReply(const net::DialError &error)
{
    const QByteArray code = net::toString(error.fault);
    const auto reply = [&](int status, const QByteArray &text) {
        const QByteArray detail = error.detail.isEmpty() ? QByteArray() : ": " + error.detail;
        return errorReply(status, code, code, text + detail + ".\n");
    };
    switch (error.fault) {
    case net::DialFault::DnsFailure:
        return reply(502, "The host's name could not be resolved");
    case net::DialFault::DnsTimeout:
        return reply(504, "The name server did not answer in time");
    case net::DialFault::AddressRefused:
        return refusalReply({ Refusal::PrivateTarget });
    case net::DialFault::ConnectionRefused:
        return reply(502, "The host refused the connection; is the port right");
    case net::DialFault::Unreachable:
        return reply(502, "There is no route to the host");
    case net::DialFault::ConnectTimeout:
        return reply(504, "The host did not accept the connection in time");
    case net::DialFault::ConnectionReset:
        return reply(502, "The host reset the connection");
    case net::DialFault::TlsCertificate:
        return reply(502, "The host's certificate is not trusted");
    case net::DialFault::TlsProtocol:
        return reply(502, "The TLS handshake with the host failed");
    case net::DialFault::OutOfResources: {
        Reply full = reply(503, "The proxy lacks the means for this at the moment");
        full.fields.append("Retry-After", retryAfterSeconds);
        return full;
    }
    }
    return reply(502, "The host could not be reached");
}

Reply fullReply(bool perClient)
{
    Reply reply = errorReply(503, "connection_limit_reached", perClient ? "client_full" : "full",
                             perClient ? "Your address has too many connections to this proxy.\n"
                                         "Close some, or ask its operator to raise "
                                         "MAX_CONNECTIONS_PER_IP.\n"
                                       : "This proxy serves as many connections as it can.\n"
                                         "Try again in a moment.\n");
    reply.fields.append("Retry-After", retryAfterSeconds);
    return reply;
}

Reply overloadReply()
{
    Reply reply = errorReply(503, "connection_limit_reached", "unfinished_heads",
                             "This proxy holds as many unfinished requests as it can.\n"
                             "Try again in a moment.\n");
    reply.fields.append("Retry-After", retryAfterSeconds);
    return reply;
}

Reply drainingReply()
{
    Reply reply = errorReply(503, "proxy_internal_response", "draining",
                             "This proxy is shutting down. Try again in a moment.\n");
    reply.fields.append("Retry-After", retryAfterSeconds);
    return reply;
}

} // namespace sami::server
