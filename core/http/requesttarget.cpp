// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/requesttarget.h"

#include "base/hostname.h"
#include "http/syntax.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace sami::http {

namespace {

constexpr quint16 httpPort = 80;
constexpr quint16 httpsPort = 443;

// RFC 3986 §3.2.1. It is discarded, but for some readers a backslash in it moves the host.
constexpr OctetSet userinfoChars([](unsigned char u) {
    const char c = static_cast<char>(u);
    return hostNameChars.contains(c)
        || std::string_view("!$&'()*+,;=:%").find(c) != std::string_view::npos;
});
/// uri-host [ ":" port ], split into its parts.
struct HostPort
{
    QByteArrayView host;     ///< without brackets
    QByteArrayView hostText; ///< with them
    bool hasColon = false;
    quint16 port = 0; ///< 0 for none
};

/// An IPv6 address without brackets, with or without a port.
bool isBareIpv6(QByteArrayView text)
{
    const qsizetype lastColon = text.lastIndexOf(':');
    if (text.indexOf(':') == lastColon) // most hosts: skips the parsing
        return false;
    return isIpv6Literal(text) || isIpv6Literal(text.first(lastColon));
}

Result<HostPort, TargetFault> parseHostPort(QByteArrayView text)
{
    HostPort result;
    const bool bracketed = text.startsWith('[');
    if (bracketed) {
        const qsizetype close = text.indexOf(']');
        if (close < 0)
            return Unexpected(TargetFault::BadHost);
        result.hostText = text.first(close + 1);
        result.host = text.sliced(1, close - 1);
    } else {
        const qsizetype colon = text.indexOf(':');
        result.hostText = text.first(colon < 0 ? text.size() : colon);
        result.host = result.hostText;
    }
    if (!bracketed && isBareIpv6(text))
        return Unexpected(TargetFault::BareIpv6);
    if (!(bracketed ? isIpv6Literal(result.host) : isHostName(result.host)))
        return Unexpected(TargetFault::BadHost);

    const QByteArrayView rest = text.sliced(result.hostText.size());
    if (rest.isEmpty())
        return result;
    if (rest.front() != ':')
        return Unexpected(TargetFault::BadHost);
    result.hasColon = true;
    const QByteArrayView digits = rest.sliced(1);
    if (digits.isEmpty())
        return result;
    const std::optional<quint64> port = parseDecimal(digits);
    if (!port || *port == 0 || *port > std::numeric_limits<quint16>::max())
        return Unexpected(TargetFault::BadPort);
    result.port = static_cast<quint16>(*port);
    return result;
}

Result<RequestTarget, TargetFault> parseAuthorityForm(QByteArrayView target)
{
    const bool saysMore = std::any_of(target.begin(), target.end(), [](char c) {
        return c == '/' || c == '?' || c == '#' || c == '@';
    });
    if (saysMore)
        return Unexpected(TargetFault::ConnectTakesHostAndPortOnly);
    const auto hostPort = parseHostPort(target);
    if (!hostPort)
        return Unexpected(hostPort.error());
    if (!hostPort->hasColon)
        return Unexpected(TargetFault::ConnectNeedsPort);
    if (hostPort->port == 0)
        return Unexpected(TargetFault::BadPort);
    std::optional<QByteArray> host = hostToDial(hostPort->host);
    if (!host)
        return Unexpected(TargetFault::BadHost);
    RequestTarget result;
    result.form = TargetForm::Authority;
    result.endpoint = { std::move(*host), hostPort->port };
    return result;
}

std::optional<TargetFault> splitScheme(QByteArrayView target, Scheme &scheme, QByteArrayView &rest)
{
    const qsizetype mark = target.indexOf("://");
    if (mark < 1)
        return TargetFault::BadForm;
    const QByteArrayView name = target.first(mark);
    if (equalsIgnoringCase(name, "http") || equalsIgnoringCase(name, "ws")) {
        scheme = Scheme::Http;
    } else if (equalsIgnoringCase(name, "https") || equalsIgnoringCase(name, "wss")) {
        scheme = Scheme::Https;
    } else {
        // RFC 3986 §3.1; without a valid scheme it is not absolute-form either.
        const bool isScheme =
            isAsciiAlpha(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
                return isAsciiAlpha(c) || isDigit(c) || c == '+' || c == '-' || c == '.';
            });
        return isScheme ? TargetFault::UnsupportedScheme : TargetFault::BadForm;
    }
    rest = target.sliced(mark + 3);
    return std::nullopt;
}

Result<RequestTarget, TargetFault> parseAbsoluteForm(QByteArrayView method, QByteArrayView target)
{
    RequestTarget result;
    result.form = TargetForm::Absolute;
    QByteArrayView rest;
    if (const auto fault = splitScheme(target, result.scheme, rest))
        return Unexpected(*fault);

    const auto authorityEnd = std::find_if(rest.begin(), rest.end(),
                                           [](char c) { return c == '/' || c == '?' || c == '#'; });
    QByteArrayView authority = rest.first(authorityEnd - rest.begin());
    QByteArrayView pathAndQuery = rest.sliced(authority.size());
    if (const qsizetype fragment = pathAndQuery.indexOf('#'); fragment >= 0) {
        // A reader without this fragment rule takes everything before the '@' for user information.
        if (fragment == 0 && pathAndQuery.contains('@'))
            return Unexpected(TargetFault::BadHost);
        pathAndQuery = pathAndQuery.first(fragment);
    }

    // RFC 9110 §4.2.4: userinfo is an old trick, so it is checked and discarded. With a second '@',
    // two readers may find two hosts.
    if (const qsizetype at = authority.lastIndexOf('@'); at >= 0) {
        if (!userinfoChars.holdsAllOf(authority.first(at)))
            return Unexpected(TargetFault::BadHost);
        authority = authority.sliced(at + 1);
    }
    const auto hostPort = parseHostPort(authority);
    if (!hostPort)
        return Unexpected(hostPort.error());
    std::optional<QByteArray> host = hostToDial(hostPort->host);
    if (!host)
        return Unexpected(TargetFault::BadHost);
    const quint16 defaultPort = result.scheme == Scheme::Http ? httpPort : httpsPort;
    result.endpoint = { std::move(*host), hostPort->port > 0 ? hostPort->port : defaultPort };
    if (hostPort->port == 0)
        result.authority = hostPort->hostText.toByteArray();
    else if (authority[hostPort->hostText.size() + 1] != '0')
        result.authority = authority.toByteArray();
    else // RFC 3986 §6.2.3: as a number; some readers take "h:0443" for octal, or for no port
        result.authority =
            hostPort->hostText.toByteArray() + ':' + QByteArray::number(hostPort->port);
    if (result.endpoint.port == httpsPort)
        result.scheme = Scheme::Https;

    if (pathAndQuery.isEmpty())
        result.originForm = method == "OPTIONS" ? "*" : "/"; // RFC 9112 §3.2.4, §3.2.1
    else if (pathAndQuery.front() == '?')
        result.originForm = '/' + pathAndQuery.toByteArray();
    else
        result.originForm = pathAndQuery.toByteArray();
    return result;
}

} // namespace

const char *toString(TargetForm form)
{
    switch (form) {
    case TargetForm::Origin:
        return "origin-form";
    case TargetForm::Absolute:
        return "absolute-form";
    case TargetForm::Authority:
        return "authority-form";
    case TargetForm::Asterisk:
        return "asterisk-form";
    }
    return "unknown";
}

const char *toString(TargetFault fault)
{
    switch (fault) {
    case TargetFault::ConnectTakesHostAndPortOnly:
        return "CONNECT takes host:port and nothing else";
    case TargetFault::ConnectNeedsPort:
        return "CONNECT needs host:port";
    case TargetFault::BareIpv6:
        return "the IPv6 address in the request target has no brackets";
    case TargetFault::BadHost:
        return "the host in the request target is missing or malformed";
    case TargetFault::BadPort:
        return "the port in the request target is not between 1 and 65535";
    case TargetFault::UnsupportedScheme:
        return "only http:// and https:// targets are forwarded";
    case TargetFault::BadForm:
        return "the request target is malformed";
    }
    return "bad request target";
}

QByteArrayView RequestTarget::path() const
{
    const QByteArrayView view(originForm);
    const qsizetype query = view.indexOf('?');
    return query < 0 ? view : view.first(query);
}

Result<RequestTarget, TargetFault> parseRequestTarget(QByteArrayView method, QByteArrayView target)
{
    if (method == "CONNECT")
        return parseAuthorityForm(target);
    if (target.isEmpty())
        return Unexpected(TargetFault::BadForm);
    if (target.front() == '/') {
        if (target.contains('#'))
            return Unexpected(TargetFault::BadForm);
        RequestTarget result;
        result.originForm = target.toByteArray();
        return result;
    }
    if (target == "*") {
        if (method != "OPTIONS")
            return Unexpected(TargetFault::BadForm);
        RequestTarget result;
        result.form = TargetForm::Asterisk;
        result.originForm = "*";
        return result;
    }
    return parseAbsoluteForm(method, target);
}

bool isValidHostField(QByteArrayView value)
{
    return value.isEmpty() || parseHostPort(value).has_value();
}

} // namespace sami::http
