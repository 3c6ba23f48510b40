// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QDir>
#include <QFile>
#include <QString>
#include <QTemporaryDir>

#include <sys/stat.h>

namespace sami::test {

/// A folder for a state folder and other files, and what tests do to them without the units' help.
class DoorFolder
{
public:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString state() const { return path(QStringLiteral("state")); }
    [[nodiscard]] QString inState(const QString &name) const
    {
        return state() + QLatin1Char('/') + name;
    }
    void makeState() const
    {
        if (::mkdir(QFile::encodeName(state()).constData(), 0700) != 0)
            qFatal("no state folder can be made");
    }
    static void write(const QString &path, const QByteArray &content)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(path));
    }
    [[nodiscard]] static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] static unsigned modeOf(const QString &path)
    {
        struct stat found = {};
        return ::lstat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_mode & 07777
                                                                         : 0;
    }
    static void setMode(const QString &path, unsigned mode)
    {
        if (::chmod(QFile::encodeName(path).constData(), mode) != 0)
            qFatal("cannot change %s", qPrintable(path));
    }

private:
    QTemporaryDir m_folder;
};

} // namespace sami::test
