// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"

#include <QByteArray>

namespace sami::admin {

/// What is wrong with a request, as the API's clients tell problems apart.
enum class Problem {
    BadRequest,
    Unauthorized,
    Forbidden,     ///< the token may not do that
    ForeignOrigin, ///< a page of another origin asks
    UnknownHost,   ///< by a name that is none of ours
    NotFound,
    MethodNotAllowed,
    Timeout,
    Locked,    ///< a stronger source has the setting
    NotInFile, ///< the user is not one of the users' file
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
/// What it is answered with: 400 to 599.
[[nodiscard]] int statusOf(Problem problem);

/// An answer of the admin server. A value.
struct Reply
{
    int status = 200;
    QByteArray contentType; ///< empty: there is no body
    QByteArray body;
    http::HeaderList fields; ///< beside those that every answer has

    /// The octets, with what every answer says to browsers (no frame, no script but ours, nothing
    /// kept, no referrer) and no CORS field ever. The body is left out for HEAD.
    [[nodiscard]] QByteArray write(bool keepsConnection, bool isHead) const;
    /// The head of an answer without an end; chunked where the client knows that.
    [[nodiscard]] static QByteArray writeEventsHead(bool isChunked);
};

/// 200 with compact JSON.
[[nodiscard]] Reply jsonReply(const QByteArray &json);
/// 204.
[[nodiscard]] Reply doneReply();
/// A problem of RFC 9457; `detail` is for people, in English. Of the request it quotes at most the
/// value that is wrong, never a token. `status` where it is another than the problem's own.
[[nodiscard]] Reply problemReply(Problem problem, const QByteArray &detail, int status = 0);

} // namespace sami::admin
