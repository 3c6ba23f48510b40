// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/gate.h"

#include "admin/browserrules.h"
#include "base/logging.h"
#include "http/syntax.h"

#include <QDateTime>

#include <utility>

namespace sami::admin {

namespace {

constexpr char unit[] = "admin.gate";

constexpr QByteArrayView json = "application/json";

/// Whether the body fits the row; a row without a body must get none.
std::optional<AdminReply> judgeBody(const http::RequestHead &head, const AdminRoute &route)
{
    const bool hasBody =
        http::mentionsFraming(head.fields) && !head.fields.listContains("Content-Length", "0");
    if (!hasBody)
        return std::nullopt;
    if (!route.takesBody)
        return problemReply(Problem::BadRequest, "This request takes no body.");
    const QByteArrayView type = head.fields.value("Content-Type").value_or(QByteArrayView());
    const qsizetype end = type.indexOf(';');
    if (!http::equalsIgnoringCase(trimBlanks(end < 0 ? type : type.first(end)), json))
        return problemReply(Problem::UnsupportedMediaType, "The body has to be application/json.");
    return std::nullopt;
}

AdminReply blockedReply(std::chrono::seconds retryAfter)
{
    AdminReply reply = problemReply(
        Problem::TooMany, "Too many wrong tokens from this address; wait, and try again.");
    reply.fields.append("Retry-After", QByteArray::number(qint64(retryAfter.count())));
    return reply;
}

} // namespace

Result<Request, AdminReply> Gate::judge(AdminConnection &connection, const http::RequestHead &head)
{
    const Visitor &visitor = connection.visitor();
    if (auto refused = refuseForeign(head.fields, { m_hosts, visitor.reachedAt }, visitor.door))
        return Unexpected(std::move(*refused));
    auto match = Router::find(visitor.door, head.method, head.target);
    if (!match)
        return Unexpected(match.error());
    auto caller = callerOf(connection, head, *match->route);
    if (!caller)
        return Unexpected(caller.error());
    if (auto refused = judgeBody(head, *match->route))
        return Unexpected(std::move(*refused));
    return Request { std::move(caller).value(), std::move(match).value(), {}, {} };
}

Result<AdminCaller, AdminReply>
Gate::callerOf(AdminConnection &connection, const http::RequestHead &head, const AdminRoute &route)
{
    const Visitor &visitor = connection.visitor();
    AdminCaller caller { {}, Right::None, visitor.from, visitor.address, std::nullopt };
    if (visitor.isLocalPeer && !head.fields.contains("Authorization")) {
        caller.right = Right::Manage;
        return caller;
    }
    if (route.right == Right::None)
        return caller;
    TokenDesk::Verdict verdict = m_tokens.check(
        head.fields, visitor.address, QDateTime::currentDateTimeUtc().date(), Clock::now());
    switch (verdict.outcome) {
    case TokenDesk::Outcome::Accepted:
        break;
    case TokenDesk::Outcome::Missing:
        return Unexpected(problemReply(Problem::Unauthorized,
                                       "This needs a token: Authorization: Bearer and the token."));
    case TokenDesk::Outcome::Wrong:
        if (verdict.beganBlock)
            logError(unit, "wrong tokens: the address is blocked", { { "from", visitor.from } });
        else
            logInfo(unit, "wrong token", { { "from", visitor.from } });
        return Unexpected(
            problemReply(Problem::Unauthorized, "This token does not count, or no longer."));
    case TokenDesk::Outcome::Blocked:
        return Unexpected(blockedReply(verdict.retryAfter));
    }
    caller.token = std::move(verdict.token);
    caller.name = caller.token->name;
    caller.right = caller.token->right;
    if (!visitor.isLocalPeer) {
        if (!m_places.makeKnown(connection.id(), caller.name))
            return Unexpected(problemReply(Problem::Unavailable,
                                           "All places, or all that a token may have, are taken; "
                                           "close another connection."));
        connection.makeKnown();
    }
    if (caller.right < route.right) {
        logInfo(unit, "a token may not do that",
                { { "token", caller.name },
                  { "path", QByteArray(route.path) },
                  { "from", visitor.from } });
        return Unexpected(problemReply(Problem::Forbidden,
                                       "This token may look and change nothing; use one with the "
                                       "right manage."));
    }
    return caller;
}

} // namespace sami::admin
