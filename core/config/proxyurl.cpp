// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/proxyurl.h"

#include "base/hostname.h"
#include "base/octetset.h"
#include "config/passwordfile.h"

#include <QStringDecoder>

#include <algorithm>
#include <string_view>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxFields = 8;

constexpr bool isAlnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr OctetSet unreserved([](unsigned char u) {
    const char c = static_cast<char>(u);
    return isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
});

/// All octets that RFC 3986 §2 allows in a URL.
constexpr OctetSet urlOctets([](unsigned char u) {
    const char c = static_cast<char>(u);
    return unreserved.contains(c)
        || std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
});

constexpr OctetSet keyOctets([](unsigned char u) { return u >= 'a' && u <= 'z'; });

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The decoded text of a user name, a password or a value.
Result<QString, QString> decodedText(QByteArrayView text)
{
    const auto octets = percentDecoded(text);
    if (!octets)
        return fail(
            u"a % is not followed by two hexadecimal digits; write a percent sign as %1"_s.arg(
                "%25"_L1));
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(*octets);
    // The decoder drops a byte order mark, hence the comparison.
    if (decoder.hasError() || decoded.toUtf8() != *octets)
        return fail(u"the percent-encoded octets are not UTF-8"_s);
    return decoded;
}

Result<QByteArray, QString> userOf(QByteArrayView text)
{
    const auto user = decodedText(text);
    if (!user)
        return fail(user.error());
    if (user->isEmpty())
        return fail(u"the user name before the @ is missing"_s);
    if (user->contains(u':'))
        return fail(u"a user name cannot have a colon (RFC 7617)"_s);
    if (const QString problem = credentialProblem(*user); !problem.isEmpty())
        return fail(u"this is not a user name: %1"_s.arg(problem));
    const QByteArray octets = user->toUtf8();
    if (octets.size() > maxUserSize)
        return fail(u"the user name has over %1 octets"_s.arg(maxUserSize));
    return octets;
}

Result<QByteArray, QString> passwordOf(QByteArrayView text)
{
    const auto password = decodedText(text);
    if (!password)
        return fail(password.error());
    if (const QString problem = passwordProblem(*password); !problem.isEmpty())
        return fail(u"this is not a password: %1"_s.arg(problem));
    const QByteArray octets = password->toUtf8();
    if (octets.size() > maxPasswordSize)
        return fail(u"the password has over %1 octets"_s.arg(maxPasswordSize));
    return octets;
}

std::optional<quint16> portOf(QByteArrayView text)
{
    const bool isNumber =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!isNumber || text.isEmpty() || text.size() > 5 || text.front() == '0')
        return std::nullopt;
    const int port = text.toInt();
    return port <= 65535 ? std::optional(static_cast<quint16>(port)) : std::nullopt;
}

/// A dialable host in its one spelling.
Result<QByteArray, QString> hostOf(QByteArrayView text)
{
    const auto host = hostToDial(text);
    if (!host) {
        return fail(u"this is not a host; write a name like proxy.example.com, or an address "
                    "like 192.0.2.7 or [2001:db8::7]"_s);
    }
    const auto literal = Endpoint { *host, 0 }.literalAddress();
    if (!literal)
        return host->toLower();
    const QHostAddress address = unmapped(*literal);
    if (address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6) || address.isMulticast()
        || address.isBroadcast())
        return fail(u"no server can be reached at such an address; write the address of a host"_s);
    return addressText(address);
}

Result<Endpoint, QString> endpointOf(QByteArrayView text)
{
    QByteArrayView host = text;
    QByteArrayView rest;
    if (text.startsWith('[')) {
        const qsizetype end = text.indexOf(']');
        if (end < 0)
            return fail(u"the closing \"]\" of the IPv6 address is missing"_s);
        host = text.sliced(1, end - 1);
        rest = text.sliced(end + 1);
        if (!host.contains(':'))
            return fail(u"brackets are for IPv6 addresses only"_s);
    } else {
        const qsizetype colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':'))
            return fail(u"write an IPv6 address in brackets, as in [2001:db8::7]:8443"_s);
        if (colon >= 0) {
            host = text.first(colon);
            rest = text.sliced(colon);
        }
    }
    auto dialled = hostOf(host);
    if (!dialled)
        return fail(dialled.error());
    const auto port = rest.startsWith(':') ? portOf(rest.sliced(1)) : std::nullopt;
    if (!port)
        return fail(u"write a port after the host, 1 to 65535"_s);
    return Endpoint { std::move(dialled).value(), *port };
}

Result<QList<ProxyUrlField>, QString> queryOf(QByteArrayView text)
{
    QList<ProxyUrlField> fields;
    for (const QByteArray &part : text.toByteArray().split('&')) {
        const qsizetype equals = part.indexOf('=');
        const QByteArray key = part.left(equals);
        if (equals <= 0 || !keyOctets.holdsAllOf(key) || fields.size() == maxFields)
            return fail(u"write key=value after the ?, with & between them"_s);
        const auto value = decodedText(QByteArrayView(part).sliced(equals + 1));
        if (!value)
            return fail(value.error());
        fields.append({ key, value->toUtf8() });
    }
    return fields;
}

/// Checks the whole text before it is split.
QString shapeProblem(QByteArrayView text)
{
    if (text.size() > maxProxyUrlSize)
        return u"has over %1 octets; that is not the address of a proxy"_s.arg(maxProxyUrlSize);
    if (text.startsWith('"') || text.startsWith('\'') || text.endsWith('"'))
        return u"has quotes around it; leave them out"_s;
    if (text.contains('\n') || text.contains('\r'))
        return u"is broken over two lines; write it in one"_s;
    if (!urlOctets.holdsAllOf(text)) {
        return u"has a blank or another character that must be percent-encoded (a blank is %1)"_s
            .arg("%20"_L1);
    }
    if (text.contains('#'))
        return u"has a #; in a user name or a password write it as %1"_s.arg("%23"_L1);
    if (text.indexOf("://") <= 0) {
        return u"write the whole address of a proxy, as in "
               "https://user:password@proxy.example.com:8443"_s;
    }
    return {};
}

} // namespace

Result<ProxyUrl, QString> parseProxyUrl(QByteArrayView text)
{
    if (const QString problem = shapeProblem(text); !problem.isEmpty())
        return fail(problem);
    ProxyUrl url;
    const qsizetype colon = text.indexOf("://");
    url.scheme = text.first(colon).toByteArray().toLower();
    const QByteArrayView rest = text.sliced(colon + 3);
    const auto ending =
        std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?'; });
    QByteArrayView authority = rest.first(ending - rest.begin());
    QByteArrayView tail = rest.sliced(authority.size());

    // Checked first: what follows may be the rest of a password, and must not get into an error.
    if (tail.contains('@') || authority.count('@') > 1) {
        return fail(u"a user name or a password has a bare @, / or ?; write them as %1, %2 "
                    "and %3"_s.arg("%40"_L1, "%2F"_L1, "%3F"_L1));
    }
    if (const qsizetype at = authority.indexOf('@'); at >= 0) {
        const QByteArrayView userinfo = authority.first(at);
        authority = authority.sliced(at + 1);
        const qsizetype separator = userinfo.indexOf(':');
        auto user = userOf(separator < 0 ? userinfo : userinfo.first(separator));
        if (!user)
            return fail(user.error());
        url.user = std::move(user).value();
        if (separator >= 0) {
            auto password = passwordOf(userinfo.sliced(separator + 1));
            if (!password)
                return fail(password.error());
            url.password = std::move(password).value();
        }
    }
    auto endpoint = endpointOf(authority);
    if (!endpoint)
        return fail(endpoint.error());
    url.endpoint = std::move(endpoint).value();

    if (tail.startsWith('/'))
        tail = tail.sliced(1);
    if (tail.isEmpty())
        return url;
    if (!tail.startsWith('?'))
        return fail(u"the address of a proxy ends at the port; leave the path out"_s);
    auto query = queryOf(tail.sliced(1));
    if (!query)
        return fail(query.error());
    url.query = std::move(query).value();
    return url;
}

QByteArray percentEncoded(const QByteArray &octets)
{
    return octets.toPercentEncoding(); // keeps only the unreserved ones
}

std::optional<QByteArray> percentDecoded(QByteArrayView text)
{
    QByteArray octets;
    octets.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            octets += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : hexDigit(text[i + 2]);
        if (low < 0)
            return std::nullopt;
        octets += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return octets;
}

} // namespace sami::config
