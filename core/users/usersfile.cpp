// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/usersfile.h"

#include "base/smallfile.h"
#include "users/userstext.h"

namespace sami::users {

using namespace Qt::StringLiterals;

Result<UsersList, QString> UsersFile::read(const QString &path, const UsersList &known)
{
    const auto content = readSmallFile(
        path, mostOctets, u"has more than 4 MiB; that is not a list of users"_s, FileRights::Any);
    if (!content)
        return Unexpected(content.error());
    if (!known.fingerprint().isEmpty() && fingerprintOf(*content) == known.fingerprint())
        return known;
    return parseUsers(*content);
}

Result<void, QString> UsersFile::change(const QString &path, const ContentEdit &edit,
                                        IfMissing ifMissing)
{
    const auto checked = [&edit](const QByteArray &content) {
        auto edited = edit(content);
        if (edited) {
            if (const auto users = parseUsers(*edited); !users)
                return Result<QByteArray, QString>(Unexpected(users.error()));
        }
        return edited;
    };
    return replaceContent(path, mostOctets, checked, ifMissing);
}

} // namespace sami::users
