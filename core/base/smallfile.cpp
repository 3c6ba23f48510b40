// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/smallfile.h"

#include "base/regularfile.h"

#include <QFile>

#include <algorithm>

namespace sami {

using namespace Qt::StringLiterals;

namespace {

/// What is wrong with the file's rights; empty if nothing is.
QString rightsProblem([[maybe_unused]] const QFile &file, [[maybe_unused]] FileRights rights)
{
#ifndef Q_OS_WIN
    constexpr auto writing = QFileDevice::WriteGroup | QFileDevice::WriteOther;
    constexpr auto beyondReadingGroup = writing | QFileDevice::ReadOther | QFileDevice::ExeOther;
    switch (rights) {
    case FileRights::Any:
        break;
    case FileRights::OthersRead:
        return file.permissions() & writing ? u"can be written by others; chmod 600 it"_s
                                            : QString();
    case FileRights::GroupReads:
        return file.permissions() & beyondReadingGroup ? u"is open to others; chmod 600 it"_s
                                                       : QString();
    }
#endif
    return {};
}

} // namespace

Result<QByteArray, QString> readSmallFile(const QString &path, qint64 most, const QString &ifLonger,
                                          FileRights rights)
{
    QFile file(path);
    if (const auto opened = openRegularFile(file); !opened)
        return Unexpected(opened.error());
    if (const QString problem = rightsProblem(file, rights); !problem.isEmpty())
        return Unexpected(problem);
    // A buffer of the right size from the start: one that grows would leave copies of a secret
    // behind. A size of 0 says nothing, because the files of /proc have it too.
    const qint64 size = file.size();
    const qint64 expected = size > 0 ? std::min(size, most) : most;
    QByteArray content = file.read(expected + 1);
    if (content.size() > expected) // too long, or it grows while we read
        content += file.read(most + 1 - content.size());
    if (file.error() != QFileDevice::NoError)
        return Unexpected(u"cannot be read: %1"_s.arg(file.errorString()));
    if (content.size() > most)
        return Unexpected(ifLonger);
    return content;
}

} // namespace sami
