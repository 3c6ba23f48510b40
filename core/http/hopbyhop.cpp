// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/hopbyhop.h"

#include "base/blanks.h"
#include "base/perthreadbuffer.h"
#include "http/syntax.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace sami::http {

namespace {

struct LastVia;

using Names = std::initializer_list<QByteArrayView>;

bool isOneOf(QByteArrayView name, const Names &names)
{
    return std::any_of(names.begin(), names.end(),
                       [&](QByteArrayView other) { return equalsIgnoringCase(name, other); });
}

/// Always hop-by-hop. Switches on the length first, because every field is tested.
bool isHopByHop(QByteArrayView name)
{
    switch (name.size()) {
    case 2:
        return equalsIgnoringCase(name, "TE");
    case 7:
        return equalsIgnoringCase(name, "Upgrade");
    case 10:
        return isOneOf(name, { "Connection", "Keep-Alive" });
    case 16:
        return equalsIgnoringCase(name, "Proxy-Connection");
    case 17:
        return equalsIgnoringCase(name, "Transfer-Encoding");
    case 18:
        return equalsIgnoringCase(name, "Proxy-Authenticate");
    case 19:
        return equalsIgnoringCase(name, "Proxy-Authorization");
    case 25:
        return equalsIgnoringCase(name, "Proxy-Authentication-Info");
    default:
        return false;
    }
}

/// Fields that a sender may not declare hop-by-hop: that would change where a message goes, where
/// it ends or what it means (RFC 9110 §7.6.1: "never appropriate").
bool isProtected(QByteArrayView name)
{
    return isOneOf(name,
                   { "Host", "Content-Length", "Via", "Date", "Max-Forwards", "Cache-Control",
                     "Content-Type", "Content-Encoding", "Content-Range" });
}

/// Up to this number of options a linear search is faster than sorting.
constexpr qsizetype fewOptions = 8;

/// Orders names ignoring case. Compares the length first, which usually decides.
bool isBefore(QByteArrayView left, QByteArrayView right)
{
    if (left.size() != right.size())
        return left.size() < right.size();
    return std::lexicographical_compare(
        left.begin(), left.end(), right.begin(), right.end(),
        [](char a, char b) { return toAsciiLower(a) < toAsciiLower(b); });
}

/// Fields that are not allowed in a trailer section (RFC 9110 §6.5.1).
bool isForbiddenInTrailers(QByteArrayView name)
{
    return isOneOf(name,
                   { // framing and routing
                     "Content-Length", "Host", "Via", "Max-Forwards", "Trailer",
                     // authentication, and state that authenticates
                     "Authorization", "WWW-Authenticate", "Authentication-Info", "Cookie",
                     "Set-Cookie",
                     // request modifiers and response controls
                     "Cache-Control", "Expect", "Range", "Age", "Date", "Expires", "Location",
                     "Retry-After", "Vary",
                     // content format
                     "Content-Encoding", "Content-Type", "Content-Range" });
}

} // namespace

HopByHopFilter::HopByHopFilter(const HeaderList &head)
{
    for (const Field &field : head) {
        if (!equalsIgnoringCase(field.name, "Connection"))
            continue;
        forEachListElement(field.value, [&](QByteArrayView option) {
            if (!isOneOf(option, { "close", "keep-alive" }))
                m_named.append(option);
            return true;
        });
    }
    if (m_named.size() > fewOptions)
        keepOnlyFieldNames(head);
}

/// Options may outnumber fields a hundredfold, so this sorts the fields and looks up each option.
void HopByHopFilter::keepOnlyFieldNames(const HeaderList &head)
{
    QList<QByteArrayView> names;
    names.reserve(head.size());
    for (const Field &field : head)
        names.append(field.name);
    std::sort(names.begin(), names.end(), isBefore);
    const auto isSame = [](QByteArrayView left, QByteArrayView right) {
        return equalsIgnoringCase(left, right);
    };
    names.erase(std::unique(names.begin(), names.end(), isSame), names.end());

    QList<bool> isNamed(names.size(), false);
    for (const QByteArrayView option : std::as_const(m_named)) {
        const auto found = std::lower_bound(names.cbegin(), names.cend(), option, isBefore);
        if (found != names.cend() && equalsIgnoringCase(*found, option))
            isNamed[found - names.cbegin()] = true;
    }
    m_named.clear();
    for (qsizetype i = 0; i < names.size(); ++i) {
        if (isNamed[i])
            m_named.append(names[i]);
    }
    m_isSorted = true;
}

bool HopByHopFilter::drops(QByteArrayView name) const
{
    if (isHopByHop(name))
        return true;
    const bool named = m_isSorted
        ? std::binary_search(m_named.begin(), m_named.end(), name, isBefore)
        : std::any_of(m_named.begin(), m_named.end(),
                      [&](QByteArrayView option) { return equalsIgnoringCase(name, option); });
    return named && !isProtected(name);
}

bool isRead(QByteArrayView name)
{
    constexpr QByteArrayView proxy = "Proxy-";
    return isHopByHop(name)
        || (name.size() > proxy.size() && equalsIgnoringCase(name.first(proxy.size()), proxy))
        || isOneOf(name, { "Content-Length", "Trailer", "Via", "Date", "WWW-Authenticate" });
}

void removeHopByHop(HeaderList &fields)
{
    // A copy: the filter's views must not point into the list being changed.
    const HeaderList received = fields;
    const HopByHopFilter filter(received);
    fields.removeIf([&](const Field &field) { return filter.drops(field.name); });
}

void removeForbiddenTrailers(HeaderList &trailers)
{
    removeHopByHop(trailers);
    trailers.removeIf([](const Field &field) { return isForbiddenInTrailers(field.name); });
}

void appendVia(HeaderList &fields, Version received, QByteArrayView pseudonym)
{
    // Deviation: RFC 9110 §7.6.3 requires Via. An operator may turn it off (PROXY_VIA_HEADER) for
    // servers that do not compress responses to requests with a Via.
    if (pseudonym.isEmpty())
        return;
    // Cached: nearly every message has the same value.
    QByteArray &value = perThreadBuffer<LastVia>();
    const QByteArrayView version = received == Version::Http10 ? "1.0 " : "1.1 ";
    if (!value.startsWith(version) || QByteArrayView(value).sliced(version.size()) != pseudonym)
        value = version.toByteArray() + pseudonym.toByteArray();
    fields.append(QByteArrayLiteral("Via"), value);
}

void appendKeepAlive(HeaderList &fields, const QByteArray &hint)
{
    // Deviation: RFC 9112 §9.3 makes HTTP/1.1 connections persistent by default. Java's
    // HttpURLConnection reads Keep-Alive only next to "Connection: keep-alive".
    fields.append(QByteArrayLiteral("Connection"), QByteArrayLiteral("keep-alive"));
    fields.append(QByteArrayLiteral("Keep-Alive"), hint);
}

namespace {

/// Calls `visit` with each hop's received-by until it returns false.
template <typename Visitor> void forEachHop(const HeaderList &fields, Visitor visit)
{
    bool goesOn = true;
    for (const Field &field : fields) {
        if (!goesOn || !equalsIgnoringCase(field.name, "Via"))
            continue;
        // received-protocol RWS received-by [ RWS comment ] (RFC 9110 §7.6.3)
        forEachListElement(field.value, [&](QByteArrayView hop) {
            const auto gap = std::find_if(hop.begin(), hop.end(), isBlank);
            const auto start = std::find_if_not(gap, hop.end(), isBlank);
            const auto stop = std::find_if(start, hop.end(), isBlank);
            goesOn = visit(hop.sliced(start - hop.begin(), stop - start));
            return goesOn;
        });
    }
}

bool isInstance(QByteArrayView name)
{
    constexpr QByteArrayView prefix = "sami-";
    constexpr qsizetype digits = 8;
    return name.size() == prefix.size() + digits && name.startsWith(prefix)
        && std::all_of(name.begin() + prefix.size(), name.end(),
                       [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); });
}

} // namespace

bool viaNames(const HeaderList &fields, QByteArrayView pseudonym)
{
    bool found = false;
    forEachHop(fields, [&](QByteArrayView receivedBy) {
        found = equalsIgnoringCase(receivedBy, pseudonym);
        return !found;
    });
    return found;
}

QList<QByteArray> instancesInVia(const HeaderList &fields)
{
    constexpr qsizetype most = 16;
    QList<QByteArray> found;
    forEachHop(fields, [&](QByteArrayView receivedBy) {
        if (isInstance(receivedBy)) {
            found.append(receivedBy.toByteArray());
            if (found.size() > most)
                found.removeFirst();
        }
        return true;
    });
    return found;
}

bool asksForWebSocket(const RequestHead &head)
{
    return head.method == "GET" && head.version == Version::Http11
        && head.fields.listContains("Connection", "upgrade")
        && head.fields.listContains("Upgrade", "websocket");
}

} // namespace sami::http
