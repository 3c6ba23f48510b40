// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/replytext.h"

namespace sami::server {

using account::Cause;
using http::BodyFault;
using http::ForeignProtocol;
using http::FramingFault;
using http::HeadFault;
using http::TargetFault;
using policy::Refusal;

namespace {

// RFC 9209 §2.3.
constexpr char requestError[] = "http_request_error";
constexpr char requestDenied[] = "http_request_denied";
constexpr char ipProhibited[] = "destination_ip_prohibited";
/// Not connection_limit_reached: that is a limit towards the host (§2.3.12).
constexpr char internalResponse[] = "proxy_internal_response";

/// "the method is not a token" → "The method is not a token"
QByteArray sentence(const char *fault)
{
    QByteArray text = fault;
    if (!text.isEmpty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// A request's fault whose one sentence serves as phrase and as reason.
ReplyText faulty(int status, account::Reason reason, const QByteArray &text)
{
    return { status, requestError, reason, sentence(reason.code()), text };
}

/// About a host that was reached.
ReplyText hostText(OwnReply reply)
{
    switch (reply) {
    case OwnReply::Silence:
        return { 504, "http_response_timeout", Cause::Silence,
                 "No response within %1, see PROXY_TIMEOUT_MS",
                 "The host did not answer in time. The operator of this proxy can raise "
                 "PROXY_TIMEOUT_MS.\n" };
    case OwnReply::MalformedResponse:
        return { 502, "http_protocol_error", Cause::MalformedResponse,
                 "Malformed response from the host", "The host's response is malformed.\n" };
    case OwnReply::UnaskedUpgrade:
        return { 502, "http_upgrade_failed", Cause::UnaskedUpgrade,
                 "The host changed the protocol unasked",
                 "The host changed the protocol, though nobody had asked it to.\n" };
    case OwnReply::NoResponse:
        return { 502, "connection_terminated", Cause::NoResponse,
                 "The host closed without a response",
                 "The host closed the connection before it answered.\n" };
    case OwnReply::ResponseCut:
        return { 502, "connection_terminated", Cause::ResponseCut,
                 "The host closed amid its response",
                 "The host closed the connection before it had answered in full.\n" };
    default:
        return {};
    }
}

/// About a user of the users file who gave the right password.
ReplyText userText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::UserDisabled:
        return { 403, requestDenied, refusal, "This user is disabled",
                 "The user name and the password are right, but this user is disabled.\n"
                 "The operator of this proxy can enable it.\n" };
    case Refusal::UserExpired:
        return { 403, requestDenied, refusal, "This user has expired",
                 "The user name and the password are right, but this user's last day is over.\n"
                 "The operator of this proxy can give it a later one.\n" };
    case Refusal::UserHostNotListed:
        return { 403, requestDenied, refusal, "This user may not reach that host",
                 "This proxy does not serve that host to this user.\n"
                 "Its operator can add it to the user's list of hosts.\n" };
    default:
        return {};
    }
}

/// About the destination.
ReplyText destinationText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::HostNotListed:
        return { 403, requestDenied, refusal, "Forbidden by ALLOWED_HOSTS",
                 "This proxy does not serve that host.\n"
                 "Its operator can add it to ALLOWED_HOSTS.\n" };
    case Refusal::PortNotListed:
        return { 403, requestDenied, refusal, "Forbidden by ALLOWED_PORTS",
                 "This proxy does not serve that port.\n"
                 "Its operator can add it to ALLOWED_PORTS.\n" };
    case Refusal::PrivateTarget:
        return { 403, ipProhibited, refusal, "Private address, see ALLOW_PRIVATE_TARGETS",
                 "That host has a private, local or special address, or one of the proxy's own "
                 "network, which this proxy does not serve.\n"
                 "Its operator can allow it with ALLOW_PRIVATE_TARGETS.\n" };
    case Refusal::FakeAddress:
        return {
            403, ipProhibited, refusal, "Fake-IP address, see ALLOW_PRIVATE_TARGETS",
            "The name server gave that name a fake-IP address, as Clash, sing-box and the like "
            "do where the proxy runs, and this proxy does not serve those.\n"
            "Its operator can allow them with ALLOW_PRIVATE_TARGETS=198.18.0.0/15 (IPv6: "
            "fc00::/18), or switch fake-IP off for that host.\n"
        };
    case Refusal::OwnAddress:
        return { 403, ipProhibited, refusal, "The proxy's own address, see ALLOW_PRIVATE_TARGETS",
                 "That host is the machine this proxy runs on, which it does not serve.\n"
                 "Its operator can allow it with ALLOW_PRIVATE_TARGETS.\n" };
    case Refusal::Loop:
        return { 508, "proxy_loop_detected", refusal, "The request leads back to this proxy",
                 "This request leads back to the proxy that it was sent to.\n"
                 "The proxy's own pages are to be asked for without a proxy (NO_PROXY). Otherwise "
                 "check the proxy settings of the host that the request goes to.\n" };
    default:
        return {};
    }
}

} // namespace

ReplyText replyText(OwnReply reply)
{
    switch (reply) {
    case OwnReply::Full:
        return { 503, internalResponse, Cause::Full, "Too many connections to this proxy",
                 "This proxy serves as many connections as it can.\n"
                 "Try again in a moment.\n" };
    case OwnReply::ClientFull:
        return { 503, internalResponse, Cause::ClientFull,
                 "Too many connections, see MAX_CONNECTIONS_PER_IP",
                 "Your address has too many connections to this proxy.\n"
                 "Close some, or ask its operator to raise MAX_CONNECTIONS_PER_IP.\n" };
    case OwnReply::Overloaded:
        return { 503, internalResponse, Cause::UnfinishedHeads,
                 "Too many unfinished requests at this proxy",
                 "This proxy holds as many unfinished requests as it can.\n"
                 "Try again in a moment.\n" };
    case OwnReply::Draining:
        return { 503, internalResponse, Cause::Draining, "This proxy is shutting down",
                 "This proxy is shutting down. Try again in a moment.\n" };
    case OwnReply::NoSuchPage:
        return { 404, "", Cause::NotFound, "No such page here, this is a proxy",
                 "There is no such page here: this is a proxy. Use its address as the HTTP proxy "
                 "of your application.\n" };
    case OwnReply::PageMethod:
        return { 405, "", Cause::MethodNotAllowed, "This page answers GET, HEAD and OPTIONS only",
                 "This page answers GET, HEAD and OPTIONS only.\n" };
    case OwnReply::HeadTimeout:
        return { 408, requestError, Cause::HeadTimeout, "Request head not complete within %1",
                 "The request's head was not complete in time.\n" };
    case OwnReply::BadHost:
        return { 400, requestError, Cause::BadHostField, "Host field missing, doubled or malformed",
                 "A request has exactly one well-formed Host field.\n" };
    case OwnReply::BadMaxForwards:
        return { 400, requestError, Cause::BadMaxForwards, "Max-Forwards takes a number",
                 "Max-Forwards takes a number.\n" };
    case OwnReply::Silence:
    case OwnReply::MalformedResponse:
    case OwnReply::UnaskedUpgrade:
    case OwnReply::NoResponse:
    case OwnReply::ResponseCut:
        return hostText(reply);
    case OwnReply::UserFull:
        return { 503, internalResponse, Cause::UserFull,
                 "This user has too many connections at once",
                 "This user has as many connections to this proxy as it may have at once.\n"
                 "Close some, or ask the operator for more.\n" };
    case OwnReply::SignInFull:
        return { 503, internalResponse, Cause::SignInFull,
                 "Too many passwords to check, see Retry-After",
                 "This proxy has more passwords to check than it can now. Yours was not looked "
                 "at.\n"
                 "Try again in a moment.\n" };
    }
    return {};
}

ReplyText replyText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::None:
        break;
    case Refusal::ClientNotListed:
        return { 403, requestDenied, refusal, "Forbidden by ALLOWED_IPS",
                 "Your address is not on this proxy's list of clients.\n"
                 "Its operator can add it to ALLOWED_IPS.\n" };
    case Refusal::ClientUnknown:
        return { 403, requestDenied, refusal, "The PROXY protocol header names no client",
                 "The balancer in front of this proxy names no client for this connection.\n"
                 "Such a connection gets the proxy's own pages and nothing else.\n" };
    case Refusal::GuesserBlocked:
        return { 429, requestDenied, refusal, "Too many wrong passwords, see Retry-After",
                 "Too many wrong credentials came from your address.\n"
                 "Wait for the time that Retry-After gives, then use the right ones.\n" };
    case Refusal::CredentialsMissing:
        return { 407, requestDenied, refusal, "User name and password needed",
                 "This proxy asks for a user name and a password.\n"
                 "Use http://user:password@host:port as the proxy's address.\n" };
    case Refusal::CredentialsWrong:
        return { 407, requestDenied, refusal, "Wrong user name or password",
                 "The user name or the password for this proxy is wrong.\n"
                 "Check the proxy's address: special characters in it must be percent-encoded.\n" };
    case Refusal::HostNotListed:
    case Refusal::PortNotListed:
    case Refusal::PrivateTarget:
    case Refusal::FakeAddress:
    case Refusal::OwnAddress:
    case Refusal::Loop:
        return destinationText(refusal);
    case Refusal::TlsRequired:
        return { 403, requestDenied, refusal, "This proxy asks for TLS, see PROXY_TLS",
                 "This proxy takes requests over TLS only, and this one came in clear text.\n"
                 "Use https://user:password@host:port as the proxy's address. If a password was "
                 "sent, it could be read on the way: change it.\n" };
    case Refusal::UserDisabled:
    case Refusal::UserExpired:
    case Refusal::UserHostNotListed:
        return userText(refusal);
    }
    return {};
}

ReplyText replyText(HeadFault fault)
{
    const int status = http::faultStatus(fault);
    const char *const words = http::toString(fault);
    switch (fault) {
    case HeadFault::TargetTooLong:
        return { status, requestError, fault, "Request target too long, see MAX_URL_LENGTH",
                 "The request's target is too long. The operator can raise MAX_URL_LENGTH.\n" };
    case HeadFault::HeadTooLarge:
    case HeadFault::TooManyFields:
        return faulty(status, fault,
                      "The request's head is too large: " + QByteArray(words) + ".\n");
    case HeadFault::UnsupportedVersion:
        return faulty(status, fault, "This proxy speaks HTTP/1.1 and HTTP/1.0.\n");
    case HeadFault::BadMethod:
    case HeadFault::BadTarget:
    case HeadFault::BadRequestLine:
    case HeadFault::BadVersion:
    case HeadFault::BadStatusLine:
    case HeadFault::BareCr:
    case HeadFault::BareLf:
    case HeadFault::ControlCharacter:
    case HeadFault::BadFieldName:
    case HeadFault::BlankBeforeColon:
    case HeadFault::MissingColon:
    case HeadFault::ObsFold:
    case HeadFault::LeadingBlankLine:
        return faulty(status, fault,
                      "This is not a request that a proxy understands: " + QByteArray(words)
                          + ".\n");
    }
    return {};
}

ReplyText replyText(TargetFault fault)
{
    const char *const words = http::toString(fault);
    switch (fault) {
    case TargetFault::ConnectTakesHostAndPortOnly:
    case TargetFault::ConnectNeedsPort:
    case TargetFault::BareIpv6:
    case TargetFault::BadHost:
    case TargetFault::BadPort:
    case TargetFault::UnsupportedScheme:
    case TargetFault::BadForm:
        return faulty(400, fault, sentence(words) + ".\n");
    }
    return {};
}

ReplyText replyText(FramingFault fault)
{
    const char *const words = http::toString(fault);
    switch (fault) {
    case FramingFault::UnknownCoding:
        return faulty(http::faultStatus(fault), fault,
                      "The only transfer coding known here is \"chunked\".\n");
    case FramingFault::LengthAndTransferEncoding:
    case FramingFault::SeveralLengths:
    case FramingFault::BadLength:
    case FramingFault::ChunkedNotLast:
    case FramingFault::ChunkedTwice:
    case FramingFault::TransferEncodingInHttp10:
    case FramingFault::EmptyTransferEncoding:
        return faulty(http::faultStatus(fault), fault,
                      "Where the request's body ends cannot be told: " + QByteArray(words) + ".\n");
    }
    return {};
}

ReplyText replyText(BodyFault fault)
{
    const char *const words = http::toString(fault);
    switch (fault) {
    case BodyFault::BadChunkSize:
    case BodyFault::BadChunkExtension:
    case BodyFault::ChunkLineTooLong:
    case BodyFault::MissingCrlf:
    case BodyFault::BadTrailer:
    case BodyFault::TrailersTooLarge:
    case BodyFault::Truncated:
        return faulty(400, fault, "The request's body is malformed: " + QByteArray(words) + ".\n");
    }
    return {};
}

ReplyText replyText(ForeignProtocol protocol)
{
    const auto foreign = [protocol](const QByteArray &phrase, const QByteArray &text) {
        return ReplyText { 400, requestError, protocol, phrase, text };
    };
    switch (protocol) {
    case ForeignProtocol::Tls:
        return foreign("No TLS here, use http:// as the proxy's scheme",
                       "This came encrypted (TLS): the proxy's scheme is https:// in your "
                       "settings, but this port speaks http://.\n"
                       "Use http://host:port as the proxy's address; what goes through it is "
                       "encrypted all the same.\n");
    case ForeignProtocol::ProxyProtocolV1:
        return foreign("No PROXY protocol v1 here, switch it off in front",
                       "This began with the PROXY protocol (version 1), which is not understood "
                       "here.\n"
                       "Switch it off in the balancer in front of this proxy.\n");
    case ForeignProtocol::ProxyProtocolV2:
        return foreign("No PROXY protocol v2 here, switch it off in front",
                       "This began with the PROXY protocol (version 2), which is not understood "
                       "here.\n"
                       "Switch it off in the balancer in front of this proxy.\n");
    case ForeignProtocol::Socks4:
        return foreign("No SOCKS4 here, use http:// as the proxy's scheme",
                       "This is SOCKS4, but the proxy speaks HTTP.\n"
                       "Use http://host:port as the proxy's address, not socks4://.\n");
    case ForeignProtocol::Socks5:
        return foreign("No SOCKS5 here, use http:// as the proxy's scheme",
                       "This is SOCKS5, but the proxy speaks HTTP.\n"
                       "Use http://host:port as the proxy's address, not socks5://, or let its "
                       "operator set PROXY_SOCKS5=true.\n");
    case ForeignProtocol::Http2:
        return foreign("No HTTP/2 to the proxy, use HTTP/1.1",
                       "This is HTTP/2, but the proxy speaks HTTP/1.1.\n"
                       "Make your client speak HTTP/1.1 to it; inside a tunnel HTTP/2 passes as it "
                       "is.\n");
    }
    return {};
}

} // namespace sami::server
