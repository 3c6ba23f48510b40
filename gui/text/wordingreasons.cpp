// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What each reason of the core means. One switch for each enum that a Reason can hold: neither a
// new value nor a new enum compiles without its sentence.
#include "gui/text/coretext.h"
#include "gui/text/wording.h"

#include <array>
#include <variant>

namespace sami::gui {

using account::Cause;
using http::BodyFault;
using http::ForeignProtocol;
using http::FramingFault;
using http::HeadFault;
using http::TargetFault;
using net::DialFault;
using net::TlsAcceptFault;
using policy::Refusal;

namespace {

QString textOf(std::monostate)
{
    return {};
}

QString textOf(Cause cause)
{
    switch (cause) {
    case Cause::Full:
        return Wording::tr("the proxy has too many connections");
    case Cause::ClientFull:
        return Wording::tr("this client has too many connections");
    case Cause::UnfinishedHeads:
        return Wording::tr("too many unfinished requests are held already");
    case Cause::Draining:
        return Wording::tr("the proxy is being stopped");
    case Cause::NotFound:
        return Wording::tr("the proxy has no such page of its own");
    case Cause::MethodNotAllowed:
        return Wording::tr("the proxy's own pages answer GET, HEAD and OPTIONS only");
    case Cause::HeadTimeout:
        return Wording::tr("the client did not finish its request in time");
    case Cause::BadHostField:
        return Wording::tr("the Host field is missing or malformed");
    case Cause::BadMaxForwards:
        return Wording::tr("the Max-Forwards field is malformed");
    case Cause::Silence:
        return Wording::tr("the server was silent for too long");
    case Cause::MalformedResponse:
        return Wording::tr("the server did not answer in valid HTTP");
    case Cause::UnaskedUpgrade:
        return Wording::tr("the server changed the protocol unasked");
    case Cause::NoResponse:
        return Wording::tr("the server closed without an answer");
    case Cause::ResponseCut:
        return Wording::tr("the answer broke off before its end");
    case Cause::RequestCut:
        return Wording::tr("the request broke off before its end");
    case Cause::KeptInput:
        return Wording::tr("the proxy holds too much unfinished data");
    case Cause::TlsTimeout:
        return Wording::tr("the client did not finish its TLS handshake in time");
    case Cause::TlsFull:
        return Wording::tr("the proxy has no memory left for another TLS connection");
    case Cause::TlsTruncated:
        return Wording::tr("the TLS connection of the client broke off");
    case Cause::NoProxyHeader:
        return Wording::tr("the balancer sent no PROXY protocol header");
    case Cause::BadProxyHeader:
        return Wording::tr("the balancer sent a malformed PROXY protocol header");
    case Cause::ParentLost:
        return Wording::tr("the connection to the server on the way out broke off");
    case Cause::UserFull:
        return Wording::tr("this user has too many connections at once");
    case Cause::SignInFull:
        return Wording::tr("too many passwords were waiting to be checked");
    case Cause::UserRemoved:
        return Wording::tr("this user has been removed");
    }
    return {};
}

QString textOf(Refusal refusal)
{
    switch (refusal) {
    case Refusal::None:
        break;
    case Refusal::ClientNotListed:
        return Wording::tr("this client is not in the list of allowed IPs");
    case Refusal::ClientUnknown:
        return Wording::tr("the balancer did not say who the client is");
    case Refusal::GuesserBlocked:
        return Wording::tr("blocked after too many wrong passwords");
    case Refusal::CredentialsMissing:
        return Wording::tr("no user name and password were given");
    case Refusal::CredentialsWrong:
        return Wording::tr("wrong user name or password");
    case Refusal::HostNotListed:
        return Wording::tr("this host is not in the list of destinations");
    case Refusal::PortNotListed:
        return Wording::tr("this port is not in the list of ports");
    case Refusal::PrivateTarget:
        return Wording::tr("the destination has a private or local address");
    case Refusal::FakeAddress:
        return Wording::tr("the name has a fake-IP address, as Clash, sing-box and similar "
                           "programs on this computer give");
    case Refusal::OwnAddress:
        return Wording::tr("the destination is this computer itself");
    case Refusal::Loop:
        return Wording::tr("the request leads back to this proxy");
    case Refusal::TlsRequired:
        return Wording::tr("the proxy takes requests over TLS only");
    case Refusal::UserDisabled:
        return Wording::tr("this user is disabled");
    case Refusal::UserExpired:
        return Wording::tr("this user has expired");
    case Refusal::UserHostNotListed:
        return Wording::tr("this user may not reach that host");
    }
    return {};
}

QString textOf(TlsAcceptFault fault)
{
    switch (fault) {
    case TlsAcceptFault::Untrusted:
        return Wording::tr("the client does not trust the certificate of this proxy");
    case TlsAcceptFault::Version:
        return Wording::tr("the client speaks only TLS that is older than 1.2");
    case TlsAcceptFault::Cipher:
        return Wording::tr("the client has no cipher in common with this proxy");
    case TlsAcceptFault::Protocol:
        return Wording::tr("the client wants another protocol than HTTP/1.1 inside TLS");
    case TlsAcceptFault::NotTls:
        return Wording::tr("the client did not send valid TLS");
    case TlsAcceptFault::Alert:
        return Wording::tr("the client gave up the TLS handshake");
    case TlsAcceptFault::Cut:
        return Wording::tr("the client closed during the TLS handshake");
    case TlsAcceptFault::Other:
        return Wording::tr("the TLS handshake with the client failed");
    }
    return {};
}

QString textOf(DialFault fault)
{
    switch (fault) {
    case DialFault::NameNotFound:
        return Wording::tr("there is no host of that name");
    case DialFault::DnsFailure:
        return Wording::tr("the name of the host could not be looked up");
    case DialFault::DnsTimeout:
        return Wording::tr("the name server did not answer in time");
    case DialFault::AddressRefused:
        return Wording::tr("the rules forbid the address of the host");
    case DialFault::FamilyExcluded:
        return Wording::tr("the host has no address of the chosen family (IPv4 or IPv6)");
    case DialFault::SourceUnavailable:
        return Wording::tr("this computer no longer has the address to connect from");
    case DialFault::ConnectionRefused:
        return Wording::tr("the host refused the connection");
    case DialFault::Unreachable:
        return Wording::tr("there is no route to the host (network unreachable)");
    case DialFault::ConnectTimeout:
        return Wording::tr("the host did not answer in time");
    case DialFault::ConnectionReset:
        return Wording::tr("the server cut the connection");
    case DialFault::TlsCertificate:
        return Wording::tr("the certificate of the server is not trusted");
    case DialFault::TlsProtocol:
        return Wording::tr("no encrypted connection could be set up (TLS)");
    case DialFault::NoTlsLibrary:
        return Wording::tr("this computer has no TLS library");
    case DialFault::NoAuthorities:
        return Wording::tr("this computer has no list of trusted certificate authorities");
    case DialFault::PinMismatch:
        return Wording::tr("the server on the way out showed another key than the pinned one");
    case DialFault::ParentCredentials:
        return Wording::tr("the server on the way out refuses the user name and password of this "
                           "proxy");
    case DialFault::ParentProtocol:
        return Wording::tr("the server on the way out does not answer as a proxy");
    case DialFault::ParentUnavailable:
        return Wording::tr("the server on the way out cannot serve now");
    case DialFault::ParentForbids:
        return Wording::tr("the server on the way out does not serve that host");
    case DialFault::ParentLoop:
        return Wording::tr("the way out leads in a circle");
    case DialFault::DestinationFailed:
        return Wording::tr("the server on the way out could not reach the host");
    case DialFault::NoParent:
        return Wording::tr("no server on the way out answers, and nothing goes out without one");
    case DialFault::OutOfResources:
        return Wording::tr("the proxy ran out of resources");
    }
    return {};
}

QString textOf(ForeignProtocol protocol)
{
    switch (protocol) {
    case ForeignProtocol::Tls:
        return Wording::tr("the client speaks TLS to the proxy: the proxy's address in its "
                           "settings must begin with http://, not https://");
    case ForeignProtocol::ProxyProtocolV1:
        return Wording::tr("it began with the PROXY protocol (version 1); switch it off in the "
                           "balancer before the proxy");
    case ForeignProtocol::ProxyProtocolV2:
        return Wording::tr("it began with the PROXY protocol (version 2); switch it off in the "
                           "balancer before the proxy");
    case ForeignProtocol::Socks4:
        return Wording::tr("the client speaks SOCKS4; choose an HTTP proxy in its settings");
    case ForeignProtocol::Socks5:
        return Wording::tr("the client speaks SOCKS5; choose an HTTP proxy in its settings");
    case ForeignProtocol::Http2:
        return Wording::tr("the client speaks HTTP/2 to the proxy, which takes HTTP/1.1");
    }
    return {};
}

QString textOf(socks::Fault fault)
{
    using socks::Fault;
    switch (fault) {
    case Fault::BadVersion:
        return Wording::tr("the client does not keep to the SOCKS5 protocol");
    case Fault::NoMethods:
        return Wording::tr("the client offered no way to sign in (SOCKS5)");
    case Fault::NoCommonMethod:
        return Wording::tr("the client offered no way to sign in that is known here (SOCKS5)");
    case Fault::UnknownAddressType:
        return Wording::tr("the client gave an address of an unknown kind (SOCKS5)");
    case Fault::UnsupportedCommand:
        return Wording::tr("the client asked for BIND or UDP of SOCKS5; only CONNECT is served");
    case Fault::BadHost:
        return Wording::tr("the name of the host is missing or malformed (SOCKS5)");
    case Fault::BadPort:
        return Wording::tr("the client asked for port 0 (SOCKS5)");
    }
    return {};
}

// Malformed HTTP: the sentences are the core's own.

QString textOf(HeadFault fault)
{
    switch (fault) {
    case HeadFault::BadMethod:
        return CoreText::tr("the method is not a token");
    case HeadFault::BadTarget:
        return CoreText::tr("the request target is empty or holds a control character");
    case HeadFault::BadRequestLine:
        return CoreText::tr("the request line is not: method, target, version");
    case HeadFault::BadVersion:
        return CoreText::tr("the HTTP version is neither 1.0 nor 1.1");
    case HeadFault::UnsupportedVersion:
        return CoreText::tr("only HTTP/1.0 and HTTP/1.1 are spoken here");
    case HeadFault::BadStatusLine:
        return CoreText::tr("the status line is malformed");
    case HeadFault::BareCr:
        return CoreText::tr("a CR is not followed by LF");
    case HeadFault::BareLf:
        return CoreText::tr("a line ends with LF without CR");
    case HeadFault::ControlCharacter:
        return CoreText::tr("a header field holds a control character");
    case HeadFault::BadFieldName:
        return CoreText::tr("a header field name is not a token");
    case HeadFault::BlankBeforeColon:
        return CoreText::tr("white space stands between a field name and its colon");
    case HeadFault::MissingColon:
        return CoreText::tr("a header line has no colon");
    case HeadFault::ObsFold:
        return CoreText::tr("a header field is folded over several lines");
    case HeadFault::LeadingBlankLine:
        return CoreText::tr("white space stands before the first header field");
    case HeadFault::TargetTooLong:
        return CoreText::tr("the request target is too long");
    case HeadFault::HeadTooLarge:
        return CoreText::tr("the header section is too large");
    case HeadFault::TooManyFields:
        return CoreText::tr("there are too many header fields");
    }
    return CoreText::tr("malformed head");
}

QString textOf(TargetFault fault)
{
    switch (fault) {
    case TargetFault::ConnectTakesHostAndPortOnly:
        return CoreText::tr("CONNECT takes host:port and nothing else");
    case TargetFault::ConnectNeedsPort:
        return CoreText::tr("CONNECT needs host:port");
    case TargetFault::BareIpv6:
        return CoreText::tr("the IPv6 address in the request target has no brackets");
    case TargetFault::BadHost:
        return CoreText::tr("the host in the request target is missing or malformed");
    case TargetFault::BadPort:
        return CoreText::tr("the port in the request target is not between 1 and 65535");
    case TargetFault::UnsupportedScheme:
        return CoreText::tr("only http:// and https:// targets are forwarded");
    case TargetFault::BadForm:
        return CoreText::tr("the request target is malformed");
    }
    return CoreText::tr("bad request target");
}

QString textOf(FramingFault fault)
{
    switch (fault) {
    case FramingFault::LengthAndTransferEncoding:
        return CoreText::tr("both Content-Length and Transfer-Encoding are given");
    case FramingFault::SeveralLengths:
        return CoreText::tr("more than one Content-Length is given");
    case FramingFault::BadLength:
        return CoreText::tr("Content-Length is not a number that can be a length");
    case FramingFault::ChunkedNotLast:
        return CoreText::tr("the last transfer coding is not chunked");
    case FramingFault::ChunkedTwice:
        return CoreText::tr("the transfer coding chunked is given twice");
    case FramingFault::UnknownCoding:
        return CoreText::tr("a transfer coding other than chunked is not supported");
    case FramingFault::TransferEncodingInHttp10:
        return CoreText::tr("HTTP/1.0 knows no Transfer-Encoding");
    case FramingFault::EmptyTransferEncoding:
        return CoreText::tr("Transfer-Encoding has an empty element");
    }
    return CoreText::tr("bad framing");
}

QString textOf(BodyFault fault)
{
    switch (fault) {
    case BodyFault::BadChunkSize:
        return CoreText::tr("a chunk size is malformed");
    case BodyFault::BadChunkExtension:
        return CoreText::tr("a chunk extension is malformed");
    case BodyFault::ChunkLineTooLong:
        return CoreText::tr("a chunk extension is too long");
    case BodyFault::MissingCrlf:
        return CoreText::tr("chunk data is not followed by CRLF");
    case BodyFault::BadTrailer:
        return CoreText::tr("a trailer field is malformed");
    case BodyFault::TrailersTooLarge:
        return CoreText::tr("the trailer section is too large");
    case BodyFault::Truncated:
        return CoreText::tr("the body ended early");
    }
    return CoreText::tr("malformed body");
}

/// Proxy-Status error types, for when the reason itself is not given (RFC 9209 §2.3).
struct ErrorType
{
    const char *name;
    const char *text;
};

constexpr std::array errorTypes {
    ErrorType { "proxy_configuration_error",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "a setting of the proxy does not fit") },
    ErrorType { "http_response_timeout",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the server was silent for too long") },
    ErrorType { "http_response_incomplete",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the answer of the server broke off") },
    ErrorType { "http_request_error",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the request was not valid HTTP") },
    ErrorType {
        "http_upgrade_failed",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the server refused to change the protocol") },
    ErrorType { "http_request_denied",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the rules of the proxy forbid it") },
    ErrorType { "proxy_loop_detected",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the request leads back to this proxy") },
    ErrorType { "proxy_internal_response",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy takes no new work now") },
    ErrorType {
        "connection_limit_reached",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the server on the way out cannot serve now") },
    ErrorType { "destination_unavailable",
                QT_TRANSLATE_NOOP("sami::gui::Wording", "the host could not be reached") },
};

} // namespace

QString Wording::reason(const account::Reason &reason)
{
    return std::visit([](auto value) { return textOf(value); }, reason.value());
}

QString Wording::reason(const QByteArray &code)
{
    if (const account::Reason known = account::Reason::ofCode(code); !known.isNone())
        return reason(known);
    for (const ErrorType &type : errorTypes) {
        if (code == type.name)
            return tr(type.text);
    }
    return CoreText::localized(QString::fromUtf8(code));
}

} // namespace sami::gui
