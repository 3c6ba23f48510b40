// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"

#include <QByteArray>

#include <limits>

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
    /// Only a CONNECT can be: a strict reader refuses it, or finds another end. Set by the parser
    /// only.
    bool isLenient = false;
};

/// A status line and its fields (RFC 9112 §4).
struct ResponseHead
{
    Version version = Version::Http11;
    int status = 0;
    QByteArray reason;
    HeaderList fields;
    /// A strict reader would have refused it as received. Its connection serves no other request. A
    /// status line without the SP before an empty reason does not count: many origins send it.
    bool isMended = false;
    /// It is mended but still holds control octets, which a strict reader refuses. The client's
    /// connection serves no other request either.
    bool keepsControls = false;

    [[nodiscard]] bool isInterim() const { return status >= 100 && status < 200; }
};

/// Limits of a request's head. 64 KiB and 200 fields are more than any API client sends, and little
/// enough for thousands of clients at once.
struct HeadLimits
{
    qsizetype maxHeadBytes = qsizetype(64) * 1024;
    qsizetype maxFields = 200;
    qsizetype maxTargetBytes = 16384; ///< of a request

    friend bool operator==(const HeadLimits &, const HeadLimits &) = default;
};

/// A response may have as many fields as fit into its head: clients accept them without a proxy,
/// and their memory is charged for (HeadParser::heldBytes()).
inline constexpr HeadLimits responseHeadLimits { qsizetype(64) * 1024,
                                                 std::numeric_limits<qsizetype>::max(), 0 };

} // namespace sami::http
