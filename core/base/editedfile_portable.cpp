// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// For systems whose rights are inherited access lists and which have no openat().
#include "base/editedfile.h"
#include "base/smallfile.h"

#include <QFileInfo>
#include <QLockFile>
#include <QSaveFile>

namespace sami {

using namespace Qt::StringLiterals;

namespace {

constexpr int lockPatience = 5000; // milliseconds

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

Result<QByteArray, QString> readAll(const QString &path, qint64 most, IfMissing ifMissing)
{
    const QFileInfo info(path);
    if (info.isSymLink())
        return fail(u"is a symbolic link; name the file that it leads to"_s);
    if (!info.exists() && ifMissing == IfMissing::Make)
        return QByteArray();
    if (!info.exists())
        return fail(u"is not there"_s);
    return readSmallFile(path, most,
                         u"has more than %1 octets; this program did not write it"_s.arg(most),
                         FileRights::Any);
}

} // namespace

Result<void, QString> replaceContent(const QString &path, qint64 most, const ContentEdit &edit,
                                     IfMissing ifMissing)
{
    QLockFile lock(path + u".lock"_s);
    if (!lock.tryLock(lockPatience)) {
        return fail(
            lock.error() == QLockFile::LockFailedError
                ? u"is being changed by another process that does not finish"_s
                : u"cannot be written: its folder does not exist, or this user may not write "
                  "to it"_s);
    }
    const auto content = readAll(path, most, ifMissing);
    if (!content)
        return fail(content.error());
    const auto edited = edit(*content);
    if (!edited)
        return fail(edited.error());
    if (*edited == *content)
        return {};
    if (edited->size() > most)
        return fail(u"would have more than %1 octets"_s.arg(most));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(*edited) != edited->size() || !file.commit())
        return fail(u"cannot be written: %1"_s.arg(file.errorString()));
    return {};
}

} // namespace sami
