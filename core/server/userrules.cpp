// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/userrules.h"

#include "base/clock.h"

#include <chrono>

namespace sami::server {

using policy::Refusal;

Refusal refusalOf(const users::User &user, const QDate &today)
{
    if (user.isDisabled)
        return Refusal::UserDisabled;
    return user.isExpired(today) ? Refusal::UserExpired : Refusal::None;
}

account::Reason whyNoLonger(const QByteArray &name, const users::RosterPtr &roster,
                            const QDate &today)
{
    const users::UserPtr user = roster ? roster->list().find(name) : nullptr;
    if (!user)
        return account::Cause::UserRemoved;
    const Refusal refusal = refusalOf(*user, today);
    return refusal == Refusal::None ? account::Reason() : account::Reason(refusal);
}

QDate todayInUtc()
{
    // The wall clock's epoch is 1970-01-01 UTC. This uses no time zone, since every request does
    // it.
    constexpr qint64 epoch = 2'440'588; // its Julian day
    using Days = std::chrono::duration<qint64, std::ratio<86'400>>;
    const auto days = std::chrono::floor<Days>(WallClock::now().time_since_epoch());
    return QDate::fromJulianDay(epoch + days.count());
}

} // namespace sami::server
