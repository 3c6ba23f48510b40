// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "account/snapshot.h"
#include "base/clock.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>

/// The account's values as the API's JSON: fields without a value are left out, and what clients
/// sent stays as it is. Pure.
namespace sami::admin {

struct AdminCaller;

[[nodiscard]] QJsonValue milliseconds(Clock::duration duration);
[[nodiscard]] QJsonValue moment(WallTime when); ///< RFC 3339, UTC
[[nodiscard]] QString runState(account::RunState state);
[[nodiscard]] QJsonObject callerObject(const AdminCaller &caller);
[[nodiscard]] QJsonObject totals(const account::Totals &totals);
[[nodiscard]] QJsonObject connection(const account::ConnectionSnapshot &row);
[[nodiscard]] QJsonObject finished(const account::FinishedWork &work);
[[nodiscard]] QJsonArray refusals(const QList<account::RefusalRow> &rows);
[[nodiscard]] QJsonArray blocks(const QList<account::BlockRow> &rows);
/// The data of the event `changes`.
[[nodiscard]] QJsonObject changes(const account::Changes &changes);

} // namespace sami::admin
