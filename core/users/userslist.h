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

/// The users of one reading of the file: immutable, found by name, in the file's order. Each
/// reading makes a new list. Any thread; copies are cheap and share the users.
class UsersList
{
public:
    UsersList() = default;
    /// The names must be unique. `fingerprint` is of the file's content.
    explicit UsersList(QList<UserPtr> users, QByteArray fingerprint = {});

    [[nodiscard]] const QList<UserPtr> &users() const { return m_users; }
    [[nodiscard]] bool isEmpty() const { return m_users.isEmpty(); }
    /// Null for an unknown name.
    [[nodiscard]] UserPtr find(const QByteArray &name) const;
    /// The hash to check an unknown name's password against, so that it takes the same time as a
    /// known name's. Ignore the result of verify(). The hash belongs to a real user. The name
    /// chooses that user under a key, the first user's hash, so a name keeps its dummy at each
    /// start, and mostly even after users other than the first were added or removed. For an
    /// empty list, a hash of the usual cost.
    [[nodiscard]] const PasswordHash &dummyHashFor(const QByteArray &name) const;
    /// SHA-256 of the file's octets: equal for equal readings. Empty for a list that was not read
    /// from a file.
    [[nodiscard]] const QByteArray &fingerprint() const { return m_fingerprint; }

private:
    using Point = std::pair<quint64, qsizetype>; ///< a name's keyed digest, and its place

    [[nodiscard]] const QByteArray &ringKey() const;

    QList<UserPtr> m_users;
    QHash<QByteArray, qsizetype> m_places;
    std::vector<Point> m_ring; ///< sorted; a name's dummy is the next point
    QByteArray m_fingerprint;
};

} // namespace sami::users
