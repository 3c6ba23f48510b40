// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/reason.h"
#include "policy/decision.h"
#include "users/roster.h"

#include <QByteArray>
#include <QDate>

namespace sami::server {

/// What the users file says of a user whose password was right. Pure; the day is UTC's.
///
///     the user                  its next request         its work under way ends with
///     is not in the list        407 credentials_wrong    user_removed
///     is disabled               403 user_disabled        user_disabled
///     has expired               403 user_expired         user_expired
///     has another password      407 credentials_wrong    (goes on)
///     has fewer connections     503 user_full, if over   (goes on)
///     may not reach that host   403 user_host_not_listed (goes on)

/// UserDisabled, UserExpired, or none.
[[nodiscard]] policy::Refusal refusalOf(const users::User &user, const QDate &today);

/// Why the work of that user must end; none while it may go on. A null roster means that there is
/// no users file any more.
[[nodiscard]] account::Reason whyNoLonger(const QByteArray &name, const users::RosterPtr &roster,
                                          const QDate &today);

/// Today in UTC. Reads the clock.
[[nodiscard]] QDate todayInUtc();

} // namespace sami::server
