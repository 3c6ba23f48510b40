// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/hostname.h"

#include "base/endpoint.h"

#include <algorithm>

namespace sami {

namespace {

constexpr qsizetype maxHostBytes = 255; // RFC 1035 §2.3.4

constexpr OctetSet addressChars([](unsigned char u) {
    const char c = static_cast<char>(u);
    return (c >= '0' && c <= '9') || c == ':' || c == '.' || (c >= 'a' && c <= 'f')
        || (c >= 'A' && c <= 'F');
});

bool isDottedQuad(const QByteArray &host)
{
    return Endpoint { host, 0 }.literalAddress().has_value();
}

} // namespace

bool isHostName(QByteArrayView text)
{
    return !text.isEmpty() && text.size() <= maxHostBytes && hostNameChars.holdsAllOf(text);
}

bool isIpv6Literal(QByteArrayView text)
{
    return text.size() <= maxHostBytes && text.contains(':') && addressChars.holdsAllOf(text)
        && Endpoint { text.toByteArray(), 0 }.literalAddress().has_value();
}

bool endsInNumber(QByteArrayView name)
{
    const QByteArrayView label = name.sliced(name.lastIndexOf('.') + 1);
    if (label.startsWith("0x") || label.startsWith("0X"))
        return true;
    return !label.isEmpty()
        && std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<QByteArray> hostToDial(QByteArrayView written)
{
    if (written.contains(':'))
        return isIpv6Literal(written) ? std::optional(written.toByteArray()) : std::nullopt;
    QByteArrayView name = written;
    while (name.endsWith('.'))
        name.chop(1);
    if (!isHostName(name))
        return std::nullopt;
    QByteArray host = name.toByteArray();
    if (endsInNumber(name) && !isDottedQuad(host))
        return std::nullopt;
    return host;
}

} // namespace sami
