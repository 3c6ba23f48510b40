// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokenfile.h"

#include "base/smallfile.h"
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
    if (path.isEmpty() || !QFile::exists(path))
        return TokenList();
    // Anybody who can add a line can open the door. Reading the file opens nothing.
    const auto content =
        readSmallFile(path, mostOctets, u"is over 64 KiB"_s, FileRights::OthersRead);
    if (!content)
        return Unexpected(content.error());
    return TokenList::parse(*content);
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
