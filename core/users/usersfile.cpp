// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/usersfile.h"

#include "base/regularfile.h"
#include "users/userstext.h"

#include <QFile>

namespace sami::users {

using namespace Qt::StringLiterals;

Result<UsersList, QString> UsersFile::read(const QString &path, const UsersList &known)
{
    QFile file(path);
    if (const auto opened = openRegularFile(file); !opened)
        return Unexpected(opened.error());
    const QByteArray content = file.read(mostOctets + 1);
    if (file.error() != QFileDevice::NoError)
        return Unexpected(u"cannot be read: %1"_s.arg(file.errorString()));
    if (content.size() > mostOctets)
        return Unexpected(u"has more than 4 MiB; that is no list of users"_s);
    if (!known.fingerprint().isEmpty() && fingerprintOf(content) == known.fingerprint())
        return known;
    return parseUsers(content);
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
