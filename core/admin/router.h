// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/reply.h"
#include "admin/tokens.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

namespace sami::admin {

/// What can be requested; it selects the API's handler.
enum class Action {
    Page, ///< a file of the page
    Status,
    Connections,
    CloseConnection,
    Finished,
    Refusals,
    Blocks,
    LiftBlock,
    Users,
    EnableUser,
    DisableUser,
    Settings,
    SetSetting,
    Drain,
    Events,
    Metrics,
};

/// A row of the table of what a door serves.
struct AdminRoute
{
    const char *method; ///< GET stands for HEAD too
    const char *path;   ///< segments; "{}" is a parameter
    Right right;
    Action action;
    bool takesBody = false; ///< JSON
};

/// The target of a request: its row, its parameters and its query.
struct Match
{
    const AdminRoute *route = nullptr;
    QByteArray path;              ///< decoded; for a file of the page
    QList<QByteArray> parameters; ///< for "{}", percent-decoded
    std::optional<quint64> limit; ///< from the query
    std::optional<quint64> after; ///< from the query
};

/// Finds the row for a request by method and target. Pure.
///
///     target                                          outcome
///     origin-form with a path of the table            its row
///     another path                                    404 not_found
///     such a path with another method                 405 method_not_allowed, with Allow
///     "*", absolute-form, CONNECT's                   400 bad_request
///     "%" without two hex digits, a control,          400 bad_request
///     "." or ".." as a segment
///     a query that the row does not take, a number    400 bad_request
///     out of range, or a repeated parameter
///
/// Escapes are decoded after the path is split: "%2F" is part of a user's name and does not
/// separate segments, and "%2E%2E" is a name too.
class Router
{
public:
    enum class Door { Admin, Metrics };

    /// The error is the answer.
    [[nodiscard]] static Result<Match, AdminReply> find(Door door, const QByteArray &method,
                                                        const QByteArray &target);
};

} // namespace sami::admin
