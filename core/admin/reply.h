// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"

#include <QByteArray>

namespace sami::admin {

/// What is wrong with a request, as API clients see it.
enum class Problem {
    BadRequest,
    Unauthorized,
    Forbidden,     ///< the token may not do that
    ForeignOrigin, ///< a page of another origin asks
    UnknownHost,   ///< Host is not one of our names
    NotFound,
    MethodNotAllowed,
    Timeout,
    Locked,    ///< a stronger source sets it
    NotInFile, ///< the user is not in the users file
    Conflict,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    BadValue,
    PreconditionRequired,
    TooMany,
    Unavailable,
    UnsupportedVersion,
};

/// Stable codes: "bad_request", "foreign_origin", …
[[nodiscard]] const char *toString(Problem problem);
/// The status it is answered with: 400 to 599.
[[nodiscard]] int statusOf(Problem problem);

/// An answer of the admin server. A value.
struct AdminReply
{
    int status = 200;
    QByteArray contentType; ///< empty if there is no body
    QByteArray body;
    http::HeaderList fields; ///< besides those that every answer has

    /// The answer as octets, with the security fields of every answer (no framing, no foreign
    /// scripts, no caching, no referrer) and never a CORS field. HEAD gets no body.
    [[nodiscard]] QByteArray write(bool keepsConnection, bool isHead) const;
    /// The head of an answer without an end; chunked if the client supports that.
    [[nodiscard]] static QByteArray writeEventsHead(bool isChunked);
};

/// 200 with compact JSON.
[[nodiscard]] AdminReply jsonReply(const QByteArray &json);
/// 204.
[[nodiscard]] AdminReply doneReply();
/// A problem of RFC 9457; `detail` is for people, in English. It quotes at most the wrong value of
/// the request, never a token. `status`, unless 0, replaces the problem's own.
[[nodiscard]] AdminReply problemReply(Problem problem, const QByteArray &detail, int status = 0);

} // namespace sami::admin
