// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settingsloader.h"

#include <QFile>
#include <QStringList>
#include <QTemporaryDir>

namespace sami::config {

/// A folder with a settings file, and short forms for the three sources of settings.
class ConfigFixture
{
public:
    [[nodiscard]] QString path(const QString &name) const
    {
        return m_folder.path() + QLatin1Char('/') + name;
    }
    [[nodiscard]] QString iniPath() const { return path(QStringLiteral("sami.ini")); }

    void writeFile(const QString &name, const QByteArray &content) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
    }
    /// Readable by its owner only.
    void writeSecretFile(const QString &name, const QByteArray &content) const
    {
        writeFile(name, content);
        if (!QFile::setPermissions(path(name), QFileDevice::ReadOwner | QFileDevice::WriteOwner))
            qFatal("cannot close %s", qPrintable(path(name)));
    }
    [[nodiscard]] QByteArray readFile(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// `variables` are "NAME=value"; "@/" in any value stands for the folder.
    [[nodiscard]] LoadInput input(const QStringList &variables, const QByteArray &ini = {},
                                  const QStringList &arguments = {}) const
    {
        LoadInput made;
        for (QString variable : variables) {
            variable.replace(QStringLiteral("@/"), path(QString()));
            const qsizetype equals = variable.indexOf(u'=');
            made.environment.insert(variable.left(equals), variable.mid(equals + 1));
        }
        if (!ini.isEmpty()) {
            writeFile(QStringLiteral("sami.ini"),
                      QByteArray(ini).replace("@/", path(QString()).toUtf8()));
            made.iniFile = iniPath();
        }
        QStringList placed = arguments;
        placed.replaceInStrings(QStringLiteral("@/"), path(QString()));
        made.commandLine = parseCommandLine(placed);
        return made;
    }

    [[nodiscard]] QString withoutFolder(QString text) const
    {
        return text.replace(path(QString()), QStringLiteral("@/"));
    }

    /// The errors as the user sees them, with "@/" for the folder.
    [[nodiscard]] QStringList
    errorsOf(const Result<LoadedSettings, QList<ConfigError>> &result) const
    {
        QStringList lines;
        if (!result) {
            for (const ConfigError &error : result.error())
                lines.append(withoutFolder(error.toString()));
        }
        return lines;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace sami::config
