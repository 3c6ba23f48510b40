// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokenfile.h"

#include "base/regularfile.h"
#include "config/optiontable.h"

#include <QFile>

namespace sami::admin {

using namespace Qt::StringLiterals;

QString TokenFile::pathOf(const config::Settings &settings)
{
    if (!settings.admin.tokensFile.isEmpty())
        return settings.admin.tokensFile;
    return settings.state.folder.isEmpty() ? QString() : settings.state.folder + u"/admin-tokens"_s;
}

Result<TokenList, QString> TokenFile::read(const QString &path)
{
    QFile file(path);
    if (path.isEmpty() || !QFile::exists(path))
        return TokenList();
    if (const auto opened = openRegularFile(file); !opened)
        return Unexpected(opened.error());
#ifndef Q_OS_WIN
    // Anybody who can add a line can open the door. Reading the file opens nothing.
    if (file.permissions() & (QFileDevice::WriteGroup | QFileDevice::WriteOther))
        return Unexpected(u"can be written by others; chmod 600 it"_s);
#endif
    const QByteArray content = file.read(mostOctets + 1);
    if (file.error() != QFileDevice::NoError)
        return Unexpected(u"cannot be read: %1"_s.arg(file.errorString()));
    if (content.size() > mostOctets)
        return Unexpected(u"is over 64 KiB"_s);
    return TokenList::parse(content);
}

Result<void, config::ConfigError> tryTokens(const config::Settings &settings)
{
    if (settings.admin.doors.isEmpty())
        return {};
    const QString path = TokenFile::pathOf(settings);
    if (const auto read = TokenFile::read(path); !read) {
        return Unexpected(config::ConfigError { QString::fromLatin1(config::adminTokensOption),
                                                path, read.error() });
    }
    return {};
}

} // namespace sami::admin
