// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/loggedtarget.h"

#include "http/syntax.h"

#include <algorithm>

namespace sami::account {

using http::TargetForm;

namespace {

/// Longer targets are cut in logs and snapshots: a refused request should not cost 16 KB of disk,
/// or up to six times that when escaped.
constexpr qsizetype maxLoggedTarget = 512;

constexpr char leftOut[] = "...";

QByteArray shortened(const QByteArray &text)
{
    return text.size() > maxLoggedTarget ? text.first(maxLoggedTarget) + leftOut : text;
}

QByteArray absoluteForm(const http::RequestTarget &target)
{
    const QByteArrayView scheme = http::toString(target.scheme);
    const QByteArrayView path = target.originForm == "*" ? QByteArrayView() : target.path();
    QByteArray text;
    text.reserve(scheme.size() + 3 + target.authority.size() + path.size());
    text.append(scheme).append("://").append(target.authority).append(path);
    return text;
}

/// The scheme with its "://"; empty if there is none.
QByteArrayView schemeOf(QByteArrayView target)
{
    const qsizetype mark = target.indexOf("://");
    const auto isSchemeChar = [](char c) {
        return http::isAsciiAlpha(c) || http::isDigit(c) || c == '+' || c == '-' || c == '.';
    };
    return mark > 0 && std::all_of(target.begin(), target.begin() + mark, isSchemeChar)
        ? target.first(mark + 3)
        : QByteArrayView();
}

/// Whether the text can only be a host with an optional port, unlike "user:secret".
bool isCertainlyHost(QByteArrayView text)
{
    const auto isOfIpv6 = [](char c) {
        return http::isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':'
            || c == '.';
    };
    if (text.count(':') > 1 && std::all_of(text.begin(), text.end(), isOfIpv6))
        return true;
    const qsizetype colon =
        text.startsWith('[') ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':');
    return colon < 0 || std::all_of(text.begin() + colon + 1, text.end(), http::isDigit);
}

/// Whether the text has a percent-encoded "@" or ":". A parser ignores them, but the person who
/// typed them may have meant userinfo.
bool hasEncodedMark(QByteArrayView text)
{
    const QByteArray folded = text.toByteArray().toLower();
    return folded.contains("%40") || folded.contains("%3a");
}

} // namespace

QByteArray loggedTarget(const http::RequestTarget &target)
{
    switch (target.form) {
    case TargetForm::Authority:
        return shortened(target.endpoint.toByteArray());
    case TargetForm::Absolute:
        return shortened(absoluteForm(target));
    case TargetForm::Origin:
    case TargetForm::Asterisk:
        return shortened(target.path().toByteArray());
    }
    return {};
}

QByteArray loggedRawTarget(QByteArrayView target, bool isWhole)
{
    QByteArrayView scheme = schemeOf(target);
    if (scheme.isEmpty() && target.startsWith("//")) // an authority without a scheme
        scheme = target.first(2);
    const QByteArrayView rest = target.sliced(scheme.size());
    const auto isQueryMark = [](char c) { return c == '?' || c == '#'; };
    const qsizetype query = std::find_if(rest.begin(), rest.end(), isQueryMark) - rest.begin();
    if (scheme.isEmpty() && rest.startsWith('/')) // a path, so no userinfo precedes it
        return shortened(rest.first(query).toByteArray());
    const auto shown = [scheme](const char *mark, QByteArrayView part) {
        return shortened(scheme.toByteArray() + mark + part.toByteArray());
    };
    if (hasEncodedMark(rest))
        return shown(leftOut, {});
    if (const qsizetype at = rest.lastIndexOf('@'); at >= 0) {
        return at > query || !isWhole ? shown(leftOut, {})
                                      : shown("***@", rest.sliced(at + 1, query - at - 1));
    }
    const qsizetype slash = rest.first(query).indexOf('/');
    if (!isCertainlyHost(rest.first(slash < 0 ? query : slash)) || (slash < 0 && !isWhole))
        return shown(leftOut, {});
    return isWhole ? shown("", rest.first(query)) : shown("", rest.first(slash + 1)) + leftOut;
}

} // namespace sami::account
