// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/editedfile.h"
#include "base/result.h"
#include "users/userslist.h"

#include <QByteArray>
#include <QString>

/// The users' file on disk (PROXY_USERS_FILE). Blocks on the disk; any thread. Concurrent calls are
/// safe, in a running proxy and in commands.
namespace sami::users {

struct UsersFile
{
    /// A longer file is no list of users: 20,000 users take three megabytes.
    static constexpr qint64 mostOctets = 4 << 20;

    /// Reads a regular file, or a link to one (Kubernetes mounts secrets like that). The error
    /// completes a sentence that names the file. Returns `known` itself if the content is still
    /// that list's: comparing a long file takes a fiftieth of the time of parsing it.
    [[nodiscard]] static Result<UsersList, QString> read(const QString &path,
                                                         const UsersList &known = {});
    /// Replaces the content by the result of `edit` (userstext.h), like replaceContent(). An error
    /// of `edit` leaves the file unchanged. Never writes a content that read() would refuse.
    [[nodiscard]] static Result<void, QString> change(const QString &path, const ContentEdit &edit,
                                                      IfMissing ifMissing = IfMissing::Fail);
};

} // namespace sami::users
