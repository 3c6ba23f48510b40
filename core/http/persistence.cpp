// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/persistence.h"

#include "http/syntax.h"

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
