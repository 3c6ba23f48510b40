// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/loggedtarget.h"

#include "http/syntax.h"

#include <algorithm>

namespace sami::server {

using http::TargetForm;

namespace {

/// Longer targets are cut in logs and snapshots: a request that is refused should not cost 16 KB
/// of somebody's disk, four times that escaped.
constexpr qsizetype maxLoggedTarget = 512;

constexpr char leftOut[] = "...";

QByteArray shortened(const QByteArray &text)
{
    return text.size() > maxLoggedTarget ? text.first(maxLoggedTarget) + leftOut : text;
}

/// "gopher://", or nothing.
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

/// The end of the host and its port before a path; -1 when these may be the beginning of userinfo.
qsizetype certainHostEnd(QByteArrayView rest)
{
    const qsizetype end = rest.indexOf('/');
    if (end < 0)
        return -1;
    const QByteArrayView host = rest.first(end);
    const qsizetype colon =
        host.startsWith('[') ? host.indexOf(':', host.indexOf(']') + 1) : host.indexOf(':');
    return colon < 0 || std::all_of(host.begin() + colon + 1, host.end(), http::isDigit) ? end : -1;
}

} // namespace

QByteArray loggedTarget(const http::RequestTarget &target)
{
    switch (target.form) {
    case TargetForm::Authority:
        return shortened(target.endpoint.toByteArray());
    case TargetForm::Absolute:
        return shortened(QByteArray(http::toString(target.scheme)) + "://" + target.authority
                         + (target.originForm == "*" ? QByteArray() : target.path().toByteArray()));
    case TargetForm::Origin:
    case TargetForm::Asterisk:
        return shortened(target.path().toByteArray());
    }
    return {};
}

QByteArray loggedRawTarget(QByteArrayView target, bool isWhole)
{
    const QByteArrayView scheme = schemeOf(target);
    const QByteArrayView rest = target.sliced(scheme.size());
    const auto isQueryMark = [](char c) { return c == '?' || c == '#'; };
    const qsizetype query = std::find_if(rest.begin(), rest.end(), isQueryMark) - rest.begin();
    if (scheme.isEmpty() && rest.startsWith('/')) // a path: there is no userinfo before it
        return shortened(rest.first(query).toByteArray());
    const auto shown = [scheme](const char *mark, QByteArrayView part) {
        return shortened(scheme.toByteArray() + mark + part.toByteArray());
    };
    if (const qsizetype at = rest.lastIndexOf('@'); at >= 0) {
        return at > query || !isWhole ? shown(leftOut, {})
                                      : shown("***@", rest.sliced(at + 1, query - at - 1));
    }
    if (isWhole)
        return shown("", rest.first(query));
    const qsizetype hostEnd = certainHostEnd(rest.first(query));
    return hostEnd < 0 ? shown(leftOut, {}) : shown("", rest.first(hostEnd + 1)) + leftOut;
}

} // namespace sami::server
