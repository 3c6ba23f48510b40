// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "users/userslist.h"

#include <QByteArray>
#include <QString>

#include <functional>

/// The users' file as text: parsing, and edits that leave everything else unchanged. Pure; any
/// thread. Errors begin with "line N: " if they concern a line, say what to do, and never repeat a
/// hash.
namespace sami::users {

/// One line per user:
///
///     name:hash[:key=value;key=value…]
///
/// Only the first two colons separate. Empty lines and lines that begin with "#" are skipped.
/// Windows line ends are removed.
///
///     connections=3                  at once; 0: no limit
///     hosts=@openai,a.example:443    entries as in ALLOWED_HOSTS
///     until=2027-01-31               the last day, UTC
///     disabled                       without a value
///     note=all that follows          to the end of the line, semicolons included; must be last
///
/// Stops at the first bad line: an unknown key, a repeated key or name, a bad value, a hash that
/// PasswordHash::parse() refuses. A byte order mark, a NUL and anything but UTF-8 are errors too. A
/// file without users is valid.
[[nodiscard]] Result<UsersList, QString> parseUsers(const QByteArray &content);

/// SHA-256 of the content: UsersList::fingerprint() of the list that is read from it.
[[nodiscard]] QByteArray fingerprintOf(const QByteArray &content);

/// The user's line without its line end; parseUsers() reads the same user from it.
[[nodiscard]] QByteArray lineOf(const User &user);

/// The content with the user's line appended. An error if the name exists already.
[[nodiscard]] Result<QByteArray, QString> withUser(const QByteArray &content, const User &user);
/// The content without the user's line. An error if there is no such user.
[[nodiscard]] Result<QByteArray, QString> withoutUser(const QByteArray &content,
                                                      const QByteArray &name);
/// The content with the user's line rewritten after `change`, which must keep the name. All other
/// lines stay exactly the same. An error if there is no such user.
[[nodiscard]] Result<QByteArray, QString>
withChangedUser(const QByteArray &content, const QByteArray &name,
                const std::function<void(User &user)> &change);

} // namespace sami::users
