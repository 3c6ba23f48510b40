// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"

#include <QByteArray>

namespace sami::http {

/// The versions this proxy speaks; anything else is a parse error.
enum class Version { Http10, Http11 };

[[nodiscard]] constexpr const char *toString(Version version)
{
    return version == Version::Http10 ? "HTTP/1.0" : "HTTP/1.1";
}

/// A request line and its fields (RFC 9112 §3), octets as received.
struct RequestHead
{
    QByteArray method;
    QByteArray target;
    Version version = Version::Http11;
    HeaderList fields;
    /// Only a CONNECT can be: a strict reader refuses it, or finds its end elsewhere. Set by the
    /// parser, and by nobody else.
    bool isLenient = false;
};

/// A status line and its fields (RFC 9112 §4).
struct ResponseHead
{
    Version version = Version::Http11;
    int status = 0;
    QByteArray reason;
    HeaderList fields;

    [[nodiscard]] bool isInterim() const { return status >= 100 && status < 200; }
};

/// How large a head may grow. A head of 64 KiB and 200 fields is more than any API client sends
/// and little enough for thousands of clients at once.
struct HeadLimits
{
    qsizetype maxHeadBytes = qsizetype(64) * 1024;
    qsizetype maxFields = 200;
    qsizetype maxTargetBytes = 16384;

    friend bool operator==(const HeadLimits &, const HeadLimits &) = default;
};

} // namespace sami::http
