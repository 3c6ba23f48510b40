// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "users/userslist.h"

#include <QByteArray>

#include <memory>

namespace sami::users {

/// The users that are let in, as of one reading of their file, with the key under which right pairs
/// are remembered. A new reading is a new roster with a key of its own, so nothing that was
/// remembered under an older one can ever count. Immutable; any thread.
class Roster
{
public:
    /// Draws the key.
    explicit Roster(UsersList list);

    [[nodiscard]] const UsersList &list() const { return m_list; }

    /// What stands for a name and a password together: 32 octets, of no use to anybody without the
    /// key. Cheap: no hash of the slow kind.
    [[nodiscard]] QByteArray digestOf(const policy::Credentials &pair) const;

    /// Slow and blocking (PasswordHash::verify()): not for a worker. The user whose name and
    /// password these are, or null. A name that is not there takes the time of one that is.
    [[nodiscard]] UserPtr verified(const policy::Credentials &pair) const;

private:
    UsersList m_list;
    QByteArray m_key;
};

using RosterPtr = std::shared_ptr<const Roster>;

} // namespace sami::users
