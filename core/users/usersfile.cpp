// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/usersfile.h"

#include "base/smallfile.h"
#include "users/userstext.h"

#include <QFileInfo>

namespace sami::users {

using namespace Qt::StringLiterals;

namespace {

/// False too if this user may not look into its folder, or if that is missing as well.
bool isMissing(const QString &path)
{
    const QFileInfo file(path);
    const QFileInfo folder(file.path());
    return !file.exists() && !file.isSymLink() && folder.isDir() && folder.isExecutable();
}

} // namespace

Result<UsersList, QString> UsersFile::read(const QString &path, const UsersList &known)
{
    const auto content = readSmallFile(
        path, mostOctets, u"has more than 4 MiB; that is not a list of users"_s, FileRights::Any);
    if (!content && isMissing(path))
        return Unexpected(u"is not there; sami-llm-proxy user add NAME makes it"_s);
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
