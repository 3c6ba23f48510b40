// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokencommands.h"

#include "admin/tokenfile.h"
#include "admin/tokens.h"
#include "base/editedfile.h"
#include "config/optiontable.h"
#include "door/statefolder.h"

namespace sami::admin {

using namespace Qt::StringLiterals;
using config::ConfigError;

namespace {

Unexpected<ConfigError> fail(const QString &name, const QString &value, const QString &problem)
{
    return Unexpected(ConfigError { name, value, problem });
}

/// The path of the file; the error names the settings that could set it.
Result<QString, ConfigError> fileOf(const config::Settings &settings)
{
    const QString path = TokenFile::pathOf(settings);
    if (!path.isEmpty())
        return path;
    return fail(QString::fromLatin1(config::adminTokensOption), {},
                u"there is no file for tokens; set it, or %1"_s.arg(
                    QLatin1StringView(config::stateFolderOption)));
}

/// Creates the state folder if it is missing, because the proxy may never have run.
Result<void, ConfigError> makeFolder(const config::Settings &settings)
{
    if (!settings.admin.tokensFile.isEmpty())
        return {};
    const auto folder = door::StateFolder::open(settings.state.folder);
    // Root may also manage another user's folder, but does not create one.
    if (folder || door::StateFolder::open(settings.state.folder, door::StateFolder::As::Visitor))
        return {};
    return fail(QString::fromLatin1(config::stateFolderOption), settings.state.folder,
                folder.error());
}

Result<void, ConfigError> change(const QString &path, const ContentEdit &edit, IfMissing ifMissing)
{
    if (auto changed = replaceContent(path, TokenFile::mostOctets, edit, ifMissing); !changed)
        return fail(QString::fromLatin1(config::adminTokensOption), path, changed.error());
    return {};
}

} // namespace

TokenOutput newToken(const config::Settings &settings, const NewToken &wanted)
{
    Token token;
    token.name = wanted.name.toUtf8();
    if (!isTokenName(token.name)) {
        return fail(u"token new"_s, wanted.name,
                    u"a name has 1 to 64 letters, digits, '.', '_' and '-'"_s);
    }
    const auto right =
        wanted.right.isEmpty() ? std::optional(Right::Read) : parseRight(wanted.right.toUtf8());
    if (!right)
        return fail(u"--right"_s, wanted.right, u"write --right read or --right manage"_s);
    token.right = *right;
    if (!wanted.until.isEmpty()) {
        token.until = parseDay(wanted.until.toUtf8());
        if (!token.until)
            return fail(u"--until"_s, wanted.until, u"write a day such as 2027-01-31"_s);
        if (token.isExpired(QDateTime::currentDateTimeUtc().date()))
            return fail(u"--until"_s, wanted.until, u"is past; write the last day that counts"_s);
    }
    const auto path = fileOf(settings);
    if (!path)
        return Unexpected(path.error());
    if (auto made = makeFolder(settings); !made)
        return Unexpected(made.error());
    const QByteArray text = generateToken();
    token.digest = digestOf(text);
    const auto edit = [&token](const QByteArray &content) { return withToken(content, token); };
    if (auto changed = change(*path, edit, IfMissing::Make); !changed)
        return Unexpected(changed.error());
    return text + '\n';
}

TokenOutput listTokens(const config::Settings &settings)
{
    const auto path = fileOf(settings);
    if (!path)
        return Unexpected(path.error());
    const auto list = TokenFile::read(*path);
    if (!list)
        return fail(QString::fromLatin1(config::adminTokensOption), *path, list.error());
    const QDate today = QDateTime::currentDateTimeUtc().date();
    QByteArray text;
    for (const Token &token : list->all()) {
        text += token.name + ' ' + toString(token.right);
        if (token.until) {
            text += ' ' + token.until->toString(Qt::ISODate).toLatin1();
            if (token.isExpired(today))
                text += " (expired)";
        }
        text += '\n';
    }
    return text;
}

TokenOutput revokeToken(const config::Settings &settings, const QString &name)
{
    const auto path = fileOf(settings);
    if (!path)
        return Unexpected(path.error());
    const auto edit = [wanted = name.toUtf8()](const QByteArray &content) {
        return withoutToken(content, wanted);
    };
    if (auto changed = change(*path, edit, IfMissing::Fail); !changed)
        return Unexpected(changed.error());
    return QByteArray();
}

} // namespace sami::admin
