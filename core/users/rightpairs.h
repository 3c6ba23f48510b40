// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "users/user.h"

#include <QByteArray>
#include <QHash>

#include <chrono>

namespace sami::users {

/// Remembers which pairs of a name and a password are right, so that a client's next request needs
/// no slow hash. It knows them by their digests (Roster::digestOf()) and nothing else. A pair is
/// kept for `lifetime` after its last use. Bounded: where it is full, what would be forgotten first
/// goes. Belongs to the gatekeeper, who locks. Time is a parameter.
class RightPairs
{
public:
    static constexpr std::chrono::minutes lifetime { 5 };
    /// Each has one right password at a time, so this is more than most files have users.
    static constexpr qsizetype maxPairs = 4096;

    /// The pair's user, or null. Whoever is found is kept for another lifetime.
    [[nodiscard]] UserPtr find(const QByteArray &digest, TimePoint now);
    void remember(const QByteArray &digest, UserPtr user, TimePoint now);
    /// Another list is in force.
    void clear() { m_pairs.clear(); }
    [[nodiscard]] qsizetype size() const { return m_pairs.size(); }

private:
    struct Pair
    {
        UserPtr user;
        TimePoint until;
    };

    void makeRoom(TimePoint now);

    QHash<QByteArray, Pair> m_pairs;
};

} // namespace sami::users
