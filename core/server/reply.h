// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"
#include "http/headparser.h"
#include "net/dialer.h"
#include "policy/decision.h"

#include <QByteArray>

#include <chrono>

namespace sami::server {

/// A response that the proxy makes itself.
struct Reply
{
    int status = 500;
    http::HeaderList fields; ///< beside those that write() adds
    QByteArray contentType = "text/plain; charset=utf-8";
    QByteArray body;
    QByteArray reason; ///< the code for the access log: "private_target", "dns_error"

    /// The octets: Date, Content-Type, Content-Length, Connection and `fields`; the body is left
    /// out for HEAD.
    [[nodiscard]] QByteArray write(bool keepsConnection, bool isHead) const;
};

/// The proxy's errors. Each has a short text that says what is wrong and what to do, and a
/// Proxy-Status field (RFC 9209) whose error type is `proxyError`; none names an address of the
/// inside or echoes what the client sent.
[[nodiscard]] Reply errorReply(int status, const QByteArray &proxyError, QByteArray reason,
                               QByteArray text);
/// 400, 414, 431 or 505: the head cannot be read.
[[nodiscard]] Reply headErrorReply(const http::ParseError &error);
/// 403, 407, 429 or 508, with what would help.
[[nodiscard]] Reply refusalReply(const policy::Decision &decision);
/// 502, 503 or 504.
[[nodiscard]] Reply dialErrorReply(const net::DialError &error);
/// 503 with Retry-After: full.
[[nodiscard]] Reply fullReply(bool perClient);
/// 503 with Retry-After: too much is under way that nobody finishes.
[[nodiscard]] Reply overloadReply();
/// 503 with Retry-After: shutting down.
[[nodiscard]] Reply drainingReply();

/// The standard reason phrase of the statuses that the proxy uses.
[[nodiscard]] QByteArray reasonPhrase(int status);

} // namespace sami::server
