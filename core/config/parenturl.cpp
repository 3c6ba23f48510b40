// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parenturl.h"

#include "config/configerror.h"
#include "config/proxyurl.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

struct SchemeRow
{
    QByteArrayView scheme;
    ParentKind kind;
    bool isLink = false;
};

/// The first scheme of a kind is the one that is printed.
constexpr std::array schemes {
    SchemeRow { "sami-proxy", ParentKind::Https, true },
    SchemeRow { "https", ParentKind::Https },
    SchemeRow { "http", ParentKind::Http },
    SchemeRow { "socks5", ParentKind::Socks5 },
    SchemeRow { "socks5h", ParentKind::Socks5 },
};

constexpr QByteArrayView pinPrefix = "sha256//";
constexpr auto encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

/// Applies one key of the query to the parent. Returns the problem, or an empty string.
QString takeField(Parent &parent, bool &hasName, const ProxyUrlField &field)
{
    const QString twice = u"%1 is given twice; keep one"_s;
    if (field.key == "pin") {
        const QByteArray pin = pinOctets(field.value);
        if (pin.isEmpty()) {
            return u"this is not a pin; write the 43 characters of base64url that stand for "
                   "32 octets, or what --pin prints"_s;
        }
        if (parent.pins.contains(pin))
            return u"the same pin is given twice; keep one"_s;
        if (parent.pins.size() == maxPins)
            return u"there are more than %1 pins; keep those that are in use"_s.arg(maxPins);
        parent.pins.append(pin);
        return {};
    }
    if (field.key == "name") {
        if (std::exchange(hasName, true))
            return twice.arg(u"name"_s);
        parent.name = field.value;
        return parentNameProblem(QString::fromUtf8(field.value));
    }
    if (field.key == "tls" && parent.fromLink) {
        if (parent.kind == ParentKind::Http)
            return twice.arg(u"tls"_s);
        if (field.value != "0")
            return u"tls may only be 0; without it the link is for TLS"_s;
        parent.kind = ParentKind::Http;
        return {};
    }
    return u"the key %1 is not known; there are %2"_s.arg(printable(QString::fromLatin1(field.key)),
                                                          parent.fromLink ? u"pin, name and tls"_s
                                                                          : u"pin and name"_s);
}

QString credentialsProblem(const Parent &parent, bool hasPassword)
{
    if (parent.fromLink && parent.hasCredentials() && !hasPassword)
        return u"a link with a user name has a password too; write user:password"_s;
    // RFC 1929 §2: 1 to 255 octets of each.
    if (parent.kind != ParentKind::Socks5 || !parent.hasCredentials() || !hasPassword)
        return {};
    return parent.password.isEmpty() || parent.password.size() > maxUserSize
        ? u"SOCKS5 takes a password of 1 to 255 octets"_s
        : QString();
}

/// scheme://, the given user information, and the rest.
QByteArray textOf(const Parent &parent, const QByteArray &userinfo)
{
    const auto row =
        std::find_if(schemes.begin(), schemes.end(), [&parent](const SchemeRow &candidate) {
            return parent.fromLink ? candidate.isLink
                                   : candidate.kind == parent.kind && !candidate.isLink;
        });
    if (parent.isDirect() || row == schemes.end())
        return toString(ParentKind::Direct);
    const QByteArray place = parent.endpoint.toByteArray();
    QByteArray text = row->scheme.toByteArray() + "://" + userinfo + place;
    QByteArray query;
    for (const QByteArray &pin : parent.pins)
        query += "&pin=" + pin.toBase64(encoding);
    if (parent.name != place)
        query += "&name=" + percentEncoded(parent.name);
    if (parent.fromLink && !parent.usesTls())
        query += "&tls=0";
    if (!query.isEmpty())
        query[0] = '?';
    return text + query;
}

} // namespace

Result<ParentEntry, QString> parseParent(QByteArrayView text)
{
    if (text.compare(toString(ParentKind::Direct), Qt::CaseInsensitive) == 0)
        return ParentEntry { Parent::direct() };
    auto url = parseProxyUrl(text);
    if (!url)
        return fail(url.error());
    const auto row = std::find_if(schemes.begin(), schemes.end(), [&url](const SchemeRow &known) {
        return known.scheme == url->scheme;
    });
    if (row == schemes.end()) {
        return fail(u"no such kind of parent; there are sami-proxy://, https://, http://, "
                    "socks5:// and direct"_s);
    }
    ParentEntry entry;
    Parent &parent = entry.parent;
    parent.kind = row->kind;
    parent.fromLink = row->isLink;
    parent.endpoint = url->endpoint;
    parent.user = url->user;
    parent.password = url->password.value_or(QByteArray());
    bool hasName = false;
    for (const ProxyUrlField &field : std::as_const(url->query)) {
        if (const QString problem = takeField(parent, hasName, field); !problem.isEmpty())
            return fail(problem);
    }
    if (!parent.usesTls() && !parent.pins.isEmpty()) {
        return fail(u"a pin is for a parent with TLS, and this one uses clear text; leave the "
                    "pin out, or write https://"_s);
    }
    if (const QString problem = credentialsProblem(parent, url->password.has_value());
        !problem.isEmpty())
        return fail(problem);
    if (!hasName)
        parent.name = parent.endpoint.toByteArray();
    entry.lacksPassword = parent.hasCredentials() && !url->password;
    return entry;
}

QByteArray parentText(const Parent &parent)
{
    QByteArray userinfo;
    if (parent.hasCredentials())
        userinfo = percentEncoded(parent.user) + ':' + percentEncoded(parent.password) + '@';
    return textOf(parent, userinfo);
}

QByteArray maskedParentText(const Parent &parent)
{
    return textOf(parent, parent.hasCredentials() ? QByteArray(secretMask) + '@' : QByteArray());
}

QString parentNameProblem(const QString &name)
{
    if (name.isEmpty() || name.toUtf8().size() > maxParentName)
        return u"a name has 1 to %1 octets"_s.arg(maxParentName);
    if (name.trimmed() != name)
        return u"a name neither begins nor ends with a blank"_s;
    // The name appears in the log and in the window: nothing in it may reorder or hide other text.
    const bool isPrintable = std::all_of(name.cbegin(), name.cend(), [](QChar c) {
        return c == u' ' || c.isSurrogate()
            || (c.isPrint() && c.category() != QChar::Other_Format && !c.isSpace());
    });
    if (!isPrintable)
        return u"a name has no control characters, and no blanks but the usual one"_s;
    if (name.compare(QLatin1StringView(toString(ParentKind::Direct)), Qt::CaseInsensitive) == 0)
        return u"direct means no parent at all; choose another name"_s;
    return {};
}

QByteArray pinOctets(const QByteArray &text)
{
    constexpr qsizetype length = 43; // 32 octets, unpadded
    QByteArray digits = text.startsWith(pinPrefix) ? text.sliced(pinPrefix.size()) : text;
    if (digits.size() == length + 1 && digits.endsWith('='))
        digits.chop(1);
    if (digits.size() != length)
        return {};
    digits.replace('+', '-').replace('/', '_');
    const auto decoded = QByteArray::fromBase64Encoding(
        digits, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    // The last digit has two spare bits. They must be zero, or two texts would be the same pin.
    if (!decoded || decoded.decoded.size() != pinSize
        || decoded.decoded.toBase64(encoding) != digits)
        return {};
    return decoded.decoded;
}

} // namespace sami::config
