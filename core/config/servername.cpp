// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/servername.h"

#include "base/endpoint.h"

#include <QList>

#include <algorithm>
#include <optional>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// RFC 1035 §2.3.4, as text without the trailing dot.
constexpr qsizetype maxName = 253;
constexpr qsizetype maxLabel = 63;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameChar(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || c == '-';
}

bool isLabel(const QByteArray &label)
{
    return !label.isEmpty() && label.size() <= maxLabel && !label.startsWith('-')
        && !label.endsWith('-') && std::all_of(label.cbegin(), label.cend(), isNameChar);
}

QString shape()
{
    return u"write a name like proxy.example.com, or an address like 192.0.2.7 or 2001:db8::7"_s;
}

} // namespace

Result<ServerName, QString> ServerName::parse(const QByteArray &text)
{
    QByteArray name = text.toLower();
    if (name.startsWith('[') && name.endsWith(']'))
        name = name.mid(1, name.size() - 2);
    if (const std::optional<QHostAddress> literal = Endpoint { name, 0 }.literalAddress()) {
        if (!literal->scopeId().isEmpty())
            return Unexpected(u"an address with a zone means something only on this machine"_s);
        if (literal->isMulticast() || literal->isBroadcast()
            || *literal == QHostAddress(QHostAddress::AnyIPv4)
            || *literal == QHostAddress(QHostAddress::AnyIPv6))
            return Unexpected(
                u"no server can be reached at such an address; write the address of a host"_s);
        return of(*literal);
    }
    if (name.endsWith('.'))
        name.chop(1);
    if (name.startsWith("*."))
        return Unexpected(u"write each name; a wildcard is for certificates of your own"_s);
    if (std::any_of(name.cbegin(), name.cend(),
                    [](char c) { return static_cast<signed char>(c) < 0; }))
        return Unexpected(u"write the name in its ASCII form (xn--…)"_s);
    if (name.contains("://") || (name.count(':') == 1 && name.contains('.')))
        return Unexpected(u"write the name alone, without a scheme or a port"_s);
    const QList<QByteArray> labels = name.split('.');
    const QByteArray &last = labels.constLast();
    // Some readers take a last label of digits or 0x… for an address (WHATWG URL §3.5).
    const bool looksLikeAddress =
        std::all_of(last.cbegin(), last.cend(), isDigit) || last.startsWith("0x");
    if (name.isEmpty() || name.size() > maxName || looksLikeAddress
        || !std::all_of(labels.cbegin(), labels.cend(), isLabel))
        return Unexpected(shape());
    return ServerName(name, {});
}

ServerName ServerName::of(const QHostAddress &address)
{
    QHostAddress bare = unmapped(address);
    bare.setScopeId({});
    return { addressText(bare), bare };
}

} // namespace sami::config
