// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/persistence.h"

namespace sami::http {

bool clientPersists(const RequestHead &head)
{
    return head.version == Version::Http11 && !head.fields.listContains("Connection", "close");
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
