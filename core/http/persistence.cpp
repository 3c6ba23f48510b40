// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/persistence.h"

#include "http/syntax.h"

#include <algorithm>

namespace sami::http {

namespace {

bool startsWithScheme(QByteArrayView value, QByteArrayView scheme)
{
    return value.size() >= scheme.size() && equalsIgnoringCase(value.first(scheme.size()), scheme);
}

} // namespace

bool clientPersists(const RequestHead &head)
{
    return head.version == Version::Http11 && !head.fields.listContains("Connection", "close")
        && !head.fields.listContains("Proxy-Connection", "close");
}

bool upstreamPersists(const ResponseHead &head, const BodyFraming &framing)
{
    if (head.fields.listContains("Connection", "close"))
        return false;
    switch (framing.kind) {
    case BodyKind::UntilClose:
        return false;
    case BodyKind::Chunked:
        return head.version == Version::Http11;
    case BodyKind::None:
    case BodyKind::Length:
        break;
    }
    return head.version == Version::Http11 || head.fields.listContains("Connection", "keep-alive");
}

QByteArray keepAliveHint(std::chrono::milliseconds limit)
{
    using std::chrono::seconds;
    constexpr seconds margin { 5 };
    const auto told =
        std::chrono::floor<seconds>(std::max<std::chrono::milliseconds>(limit - margin, limit / 2));
    // "timeout" comes first: Node's agent looks nowhere else.
    return told > seconds(0) ? "timeout=" + QByteArray::number(qint64(told.count())) : QByteArray();
}

std::optional<std::chrono::seconds> keepAliveTimeout(const HeaderList &fields)
{
    constexpr QByteArrayView parameter = "timeout=";
    constexpr quint64 day = 86'400; // longer makes no difference
    std::optional<std::chrono::seconds> told;
    const auto value = fields.value("Keep-Alive");
    if (!value)
        return told;
    forEachListElement(*value, [&](QByteArrayView element) {
        if (!startsWithScheme(element, parameter))
            return true;
        if (const auto number = parseDecimal(element.sliced(parameter.size())))
            told = std::chrono::seconds(std::min(*number, day));
        return false;
    });
    return told;
}

bool bindsConnection(const HeaderList &fields, QByteArrayView name)
{
    bool binds = false;
    for (const Field &field : fields) {
        if (binds || !equalsIgnoringCase(field.name, name))
            continue;
        forEachListElement(field.value, [&](QByteArrayView element) {
            binds = startsWithScheme(element, "NTLM") || startsWithScheme(element, "Negotiate");
            return !binds;
        });
    }
    return binds;
}

bool isIdempotent(QByteArrayView method)
{
    // Methods are case-sensitive (RFC 9110 §9.1).
    for (const QByteArrayView known :
         { QByteArrayView("GET"), QByteArrayView("HEAD"), QByteArrayView("OPTIONS"),
           QByteArrayView("TRACE"), QByteArrayView("PUT"), QByteArrayView("DELETE") }) {
        if (method == known)
            return true;
    }
    return false;
}

} // namespace sami::http
