// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "users/userslist.h"

#include <QByteArray>

#include <memory>

namespace sami::users {

/// The users of one reading of their file, with the key under which right pairs are cached. Each
/// reading makes a new roster with a new key, so nothing cached under an old one can match.
/// Immutable; any thread.
class Roster
{
public:
    /// Draws a random key.
    explicit Roster(UsersList list);

    [[nodiscard]] const UsersList &list() const { return m_list; }

    /// Identifies a pair of name and password, for caches: 32 octets, useless without the roster's
    /// key. Fast, unlike the password's hash.
    [[nodiscard]] QByteArray digestOf(const policy::Credentials &pair) const;

    /// Slow and blocking (PasswordHash::verify()): not for a worker. The user with that name and
    /// password, or null. An unknown name takes the same time as a known one.
    [[nodiscard]] UserPtr verified(const policy::Credentials &pair) const;

private:
    UsersList m_list;
    QByteArray m_key;
};

using RosterPtr = std::shared_ptr<const Roster>;

} // namespace sami::users
