// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/user.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>

#include <utility>
#include <vector>

namespace sami::users {

/// The users of one reading of the file: immutable, found by name, in the file's order. A new
/// reading makes a new list. Any thread; copies are cheap and share the users.
class UsersList
{
public:
    UsersList() = default;
    /// Names are different from each other. `fingerprint`: of what was read.
    explicit UsersList(QList<UserPtr> users, QByteArray fingerprint = {});

    [[nodiscard]] const QList<UserPtr> &users() const { return m_users; }
    [[nodiscard]] bool isEmpty() const { return m_users.isEmpty(); }
    /// Null for a name that is not there.
    [[nodiscard]] UserPtr find(const QByteArray &name) const;
    /// What the password of a name that is not there is checked against, so that it takes the time
    /// of one that is. What verify() says of it is no answer. It is a real user's, chosen by the
    /// name under a key of this process: the same for the same name, and mostly the same after
    /// others came or left, as a known name's cost is. Of an empty list one of the usual cost.
    [[nodiscard]] const PasswordHash &standInFor(const QByteArray &name) const;
    /// SHA-256 of the file's octets: two readings that have the same are the same. Empty for a
    /// list that was not read.
    [[nodiscard]] const QByteArray &fingerprint() const { return m_fingerprint; }

private:
    using Point = std::pair<quint64, qsizetype>; ///< a keyed digest of a name, and its place

    QList<UserPtr> m_users;
    QHash<QByteArray, qsizetype> m_places;
    std::vector<Point> m_ring; ///< sorted; a name's stand-in is the next one on it
    QByteArray m_fingerprint;
};

} // namespace sami::users
