// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/editedfile.h"
#include "base/result.h"
#include "users/userslist.h"

#include <QByteArray>
#include <QString>

/// The users' file on the disk (PROXY_USERS_FILE). Blocks for as long as the disk does; any thread,
/// any number at once, beside a running proxy and other commands.
namespace sami::users {

struct UsersFile
{
    /// More is no list of users: 20,000 have three megabytes.
    static constexpr qint64 mostOctets = 4 << 20;

    /// A regular file, or a link that ends at one (Kubernetes mounts secrets so). The error ends a
    /// sentence that names the file.
    [[nodiscard]] static Result<UsersList, QString> read(const QString &path);
    /// Puts what `edit` (userstext.h) makes of the content in its place, as replaceContent() does.
    /// An error of `edit` leaves the file alone. What would not be read again is not written.
    [[nodiscard]] static Result<void, QString> change(const QString &path, const ContentEdit &edit,
                                                      IfMissing ifMissing = IfMissing::Fail);
};

} // namespace sami::users
