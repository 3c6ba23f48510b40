// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "users/user.h"

#include <QByteArray>
#include <QHash>

#include <chrono>

namespace sami::users {

/// Caches which pairs of name and password are right, so that a client's next request needs no slow
/// hash. Stores only their digests (Roster::digestOf()). A pair is kept for `lifetime` after its
/// last use. Bounded: when full, the pair closest to expiry is evicted. Owned by the gatekeeper,
/// which locks. Time is a parameter.
class RightPairs
{
public:
    static constexpr std::chrono::minutes lifetime { 5 };
    /// A user has one right password at a time, so this exceeds most files' number of users.
    static constexpr qsizetype maxPairs = 4096;

    /// The pair's user, or null. Extends a found pair by another lifetime.
    [[nodiscard]] UserPtr find(const QByteArray &digest, TimePoint now);
    void remember(const QByteArray &digest, UserPtr user, TimePoint now);
    /// For a new list of users.
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
