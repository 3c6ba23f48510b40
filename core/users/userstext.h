// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "users/userslist.h"

#include <QByteArray>
#include <QString>

#include <functional>

/// The users' file as text: reading, and changes that leave everything else as it stands. Pure; any
/// thread. Errors begin with "line N: " where a line is at fault, say what to do, and never repeat
/// a hash.
namespace sami::users {

/// A line a user:
///
///     name:hash[:key=value;key=value…]
///
/// Only the first two colons split. An empty line, and one that begins with "#", says nothing.
/// Windows line ends are taken off.
///
///     connections=3                  at once; 0: no limit
///     hosts=@openai,a.example:443    entries as in ALLOWED_HOSTS
///     until=2027-01-31               the last day, UTC
///     disabled                       without a value
///     note=all that follows          to the line's end, semicolons too; the last one
///
/// The first line that is bad is the error: another key, a key twice, a name twice, a bad value,
/// a hash that PasswordHash::parse() does not take. So are a byte order mark, what is not UTF-8,
/// and a NUL. No user at all is no error.
[[nodiscard]] Result<UsersList, QString> parseUsers(const QByteArray &content);

/// The user's line, without its end: parseUsers() reads the same user from it.
[[nodiscard]] QByteArray lineOf(const User &user);

/// The content with a line more at its end. An error where the name is there already.
[[nodiscard]] Result<QByteArray, QString> withUser(const QByteArray &content, const User &user);
/// The content without the user's line. An error where there is no such user.
[[nodiscard]] Result<QByteArray, QString> withoutUser(const QByteArray &content,
                                                      const QByteArray &name);
/// The content with the user's line written anew after `change`, which leaves the name alone. All
/// other lines stay octet for octet. An error where there is no such user.
[[nodiscard]] Result<QByteArray, QString>
withChangedUser(const QByteArray &content, const QByteArray &name,
                const std::function<void(User &user)> &change);

} // namespace sami::users
