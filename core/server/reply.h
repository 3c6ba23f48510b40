// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/reason.h"
#include "http/headerlist.h"
#include "net/dialfault.h"
#include "policy/decision.h"
#include "server/denial.h"
#include "server/replytext.h"

#include <QByteArray>

#include <chrono>

namespace sami::server {

/// A response that the proxy makes itself.
struct Reply
{
    int status = 500;
    QByteArray phrase = QByteArrayLiteral("Error");
    http::HeaderList fields; ///< besides those that write() adds
    QByteArray contentType = QByteArrayLiteral("text/plain; charset=utf-8");
    QByteArray body;
    account::Reason reason; ///< for the account

    /// The response as octets: Date, Content-Type, Content-Length, Connection and `fields`; HEAD
    /// gets no body. `keepAlive` is the Keep-Alive hint for a kept client.
    [[nodiscard]] QByteArray write(bool keepsConnection, bool isHead,
                                   const QByteArray &keepAlive = {}) const;
};

/// 200 without a body.
[[nodiscard]] Reply okReply();

/// An error with the table's text, its Proxy-Status field (RFC 9209) with `error` and `details`
/// (§2.1.5), and Retry-After where a later try may help. `limit` is the time that ran out, if one
/// did. Names no internal address and echoes nothing that the client sent.
[[nodiscard]] Reply errorReply(const ReplyText &text, std::chrono::milliseconds limit = {});
[[nodiscard]] inline Reply errorReply(OwnReply reply, std::chrono::milliseconds limit = {})
{
    return errorReply(replyText(reply), limit);
}
/// 403, 407, 429 or 508, with advice.
[[nodiscard]] Reply refusalReply(const policy::Decision &decision);
/// 403, 502, 503, 504 or 508; `limit` is the dial's time limit. A parent's answer about the
/// destination is passed on with its reason, and Proxy-Status names both hops.
[[nodiscard]] Reply dialErrorReply(const net::DialError &error, std::chrono::milliseconds limit);
/// The reply to any denial; `dialLimit` is the time limit of a dial.
[[nodiscard]] Reply denialReply(const Denial &denial, std::chrono::milliseconds dialLimit = {});

} // namespace sami::server
