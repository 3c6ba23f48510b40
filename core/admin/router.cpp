// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/router.h"

#include "admin/page.h"
#include "http/requesttarget.h"
#include "http/syntax.h"

#include <QSet>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace sami::admin {

namespace {

constexpr std::array adminRoutes {
    AdminRoute { "GET", "/api/v1/status", Right::Read, Action::Status },
    AdminRoute { "GET", "/api/v1/connections", Right::Read, Action::Connections },
    AdminRoute { "POST", "/api/v1/connections/{}/close", Right::Manage, Action::CloseConnection },
    AdminRoute { "GET", "/api/v1/finished", Right::Read, Action::Finished },
    AdminRoute { "GET", "/api/v1/refusals", Right::Read, Action::Refusals },
    AdminRoute { "GET", "/api/v1/blocks", Right::Read, Action::Blocks },
    AdminRoute { "POST", "/api/v1/blocks/{}/lift", Right::Manage, Action::LiftBlock },
    AdminRoute { "GET", "/api/v1/users", Right::Read, Action::Users },
    AdminRoute { "POST", "/api/v1/users/{}/enable", Right::Manage, Action::EnableUser },
    AdminRoute { "POST", "/api/v1/users/{}/disable", Right::Manage, Action::DisableUser },
    AdminRoute { "GET", "/api/v1/settings", Right::Read, Action::Settings },
    AdminRoute { "PUT", "/api/v1/settings/{}", Right::Manage, Action::SetSetting, true },
    AdminRoute { "POST", "/api/v1/drain", Right::Manage, Action::Drain, true },
    AdminRoute { "GET", "/api/v1/events", Right::Read, Action::Events },
};
constexpr std::array metricsRoutes {
    AdminRoute { "GET", "/metrics", Right::None, Action::Metrics },
};
constexpr AdminRoute pageRoute { "GET", "/", Right::None, Action::Page };

// The largest number that every JSON reader keeps exact, and the API's own limits.
constexpr quint64 maxNumber = (quint64(1) << 53) - 1;
constexpr quint64 maxConnections = 10'000;
constexpr quint64 maxFinished = 1'000;

Unexpected<AdminReply> bad(const char *detail)
{
    return Unexpected(problemReply(Problem::BadRequest, detail));
}

/// Empty for bad escapes, and for what none of our parameters can be.
std::optional<QByteArray> decoded(QByteArrayView text)
{
    // Some clients and relays resolve these. Escaped ("%2E%2E") they are a name like any other.
    if (text == "." || text == "..")
        return std::nullopt;
    QByteArray octets;
    for (qsizetype i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? http::hexValue(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? http::hexValue(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high << 4 | low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return std::nullopt;
        octets += c;
    }
    return octets;
}

/// The segments of a path, decoded; the first is the empty one before the first "/".
std::optional<QList<QByteArray>> segmentsOf(QByteArrayView path)
{
    QList<QByteArray> segments;
    for (const QByteArray &raw : path.toByteArray().split('/')) {
        const auto segment = decoded(raw);
        if (!segment)
            return std::nullopt;
        segments.append(*segment);
    }
    return segments;
}

/// The parameters of a path that matches the pattern; nullopt if it does not match.
std::optional<QList<QByteArray>> matched(const char *pattern, const QList<QByteArray> &segments)
{
    const QList<QByteArray> parts = QByteArray(pattern).split('/');
    if (parts.size() != segments.size())
        return std::nullopt;
    QList<QByteArray> parameters;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (parts[i] == "{}" && !segments[i].isEmpty())
            parameters.append(segments[i]);
        else if (parts[i] != segments[i])
            return std::nullopt;
    }
    return parameters;
}

bool isMethodOf(const AdminRoute &route, const QByteArray &method)
{
    return method == route.method || (method == "HEAD" && QByteArrayView(route.method) == "GET");
}

AdminReply wrongMethod(const QByteArray &allowed)
{
    AdminReply reply = problemReply(Problem::MethodNotAllowed, "This path takes no such method.");
    reply.fields.append("Allow", allowed);
    return reply;
}

/// Reads the query of a row that takes one.
Result<void, AdminReply> readQuery(Match &match, QByteArrayView query)
{
    if (query.isEmpty())
        return {};
    const Action action = match.route->action;
    const bool takesRows = action == Action::Connections || action == Action::Finished;
    for (const QByteArray &part : query.toByteArray().split('&')) {
        const qsizetype equals = part.indexOf('=');
        const QByteArray name = part.first(std::max<qsizetype>(equals, 0));
        std::optional<quint64> &place = name == "limit" ? match.limit : match.after;
        if (!takesRows || (name != "limit" && name != "after"))
            return bad("This path takes no such parameter.");
        if (place)
            return bad("A parameter is given twice.");
        place = http::parseDecimal(QByteArrayView(part).sliced(equals + 1));
        const quint64 most = name == "after" ? maxNumber
            : action == Action::Connections  ? maxConnections
                                             : maxFinished;
        if (!place || *place > most || (name == "limit" && *place == 0))
            return bad("A parameter is not a number in its range.");
    }
    return {};
}

/// The row of a path; the error tells a wrong method from an unknown path.
Result<Match, AdminReply> findRow(std::span<const AdminRoute> routes, const QByteArray &method,
                                  const QList<QByteArray> &segments)
{
    QByteArray allowed;
    for (const AdminRoute &route : routes) {
        auto parameters = matched(route.path, segments);
        if (!parameters)
            continue;
        if (isMethodOf(route, method)) {
            Match match;
            match.route = &route;
            match.parameters = std::move(*parameters);
            return match;
        }
        allowed += (allowed.isEmpty() ? "" : ", ")
            + QByteArray(QByteArrayView(route.method) == "GET" ? "GET, HEAD" : route.method);
    }
    if (!allowed.isEmpty())
        return Unexpected(wrongMethod(allowed));
    return Unexpected(problemReply(Problem::NotFound, "There is nothing at this path."));
}

} // namespace

Result<Match, AdminReply> Router::find(Door door, const QByteArray &method,
                                       const QByteArray &target)
{
    const auto parsed = http::parseRequestTarget(method, target);
    if (!parsed || parsed->form != http::TargetForm::Origin)
        return bad("The request's target is not a path.");
    const QByteArrayView whole(parsed->originForm);
    const QByteArrayView path = parsed->path();
    const auto segments = segmentsOf(path);
    if (!segments)
        return bad("The path is not well formed.");
    const QByteArray plain = segments->join('/');
    // An escaped "/" belongs to a name, and no file of the page has one.
    const bool isPage = door == Door::Admin && plain.count('/') == segments->size() - 1
        && pageFile(plain) != nullptr;
    if (isPage && !isMethodOf(pageRoute, method))
        return Unexpected(wrongMethod("GET, HEAD"));
    Match match;
    if (isPage) {
        match.route = &pageRoute;
    } else {
        auto found = findRow(door == Door::Admin ? std::span<const AdminRoute>(adminRoutes)
                                                 : std::span<const AdminRoute>(metricsRoutes),
                             method, *segments);
        if (!found)
            return found;
        match = std::move(found).value();
    }
    match.path = plain;
    const QByteArrayView query =
        whole.size() > path.size() ? whole.sliced(path.size() + 1) : QByteArrayView();
    if (auto read = readQuery(match, isPage ? QByteArrayView() : query); !read)
        return Unexpected(read.error());
    return match;
}

} // namespace sami::admin
