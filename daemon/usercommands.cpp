// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/usercommands.h"

#include "config/optiontable.h"
#include "daemon/console.h"
#include "door/ownlink.h"
#include "users/usersfile.h"
#include "users/userstext.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <utility>

namespace sami::daemon {

using namespace Qt::StringLiterals;
using config::Command;
using config::CommandLine;
using config::ConfigError;
using config::Settings;
using users::User;
using users::UserPtr;
using users::UsersFile;
using users::UsersList;

namespace {

constexpr auto nameOperand = "NAME"_L1;
constexpr auto userFlag = "--user"_L1;
constexpr auto newPasswordFlag = "--new-password"_L1;

Unexpected<ConfigError> fail(const QString &name, const QString &value, const QString &problem)
{
    return Unexpected(ConfigError { name, value, problem });
}

Unexpected<ConfigError> inFile(const Settings &settings, const QString &problem)
{
    return fail(QString::fromLatin1(config::usersFileOption), settings.users.file, problem);
}

Result<void, ConfigError> needFile(const Settings &settings)
{
    if (!settings.users.file.isEmpty())
        return {};
    return inFile(settings,
                  u"is not set, so that there is no file of users. Set it for the proxy and for "
                  "this command alike: --users-file FILE, the variable, or the settings file that "
                  "--config names"_s);
}

/// A name that can be in the file and is not the settings' own user.
Result<QByteArray, ConfigError> wantedName(const Settings &settings, const QString &text)
{
    const QByteArray name = text.toUtf8();
    if (const QString problem = users::nameProblem(name); !problem.isEmpty())
        return fail(nameOperand, text.left(60), problem);
    if (settings.access.credentials && settings.access.credentials->username == name) {
        return fail(nameOperand, text,
                    u"is the user of %1, which is none of the file; take another name, or that "
                    "setting out"_s.arg(QLatin1StringView(config::usernameOption)));
    }
    return name;
}

/// Sets `place` from the flag, if it was given.
template <typename T, typename Parse>
Result<void, ConfigError> takeFlag(const CommandLine &line, QLatin1StringView flag, T &place,
                                   Parse parse)
{
    const auto given = line.details.constFind(flag);
    if (given == line.details.cend())
        return {};
    auto value = parse(given->toUtf8());
    if (!value)
        return fail(flag, given->left(60), value.error());
    place = std::move(value).value();
    return {};
}

Result<QByteArray, QString> parseNote(const QByteArray &text)
{
    const QByteArray note = text.trimmed();
    const QString problem = users::noteProblem(note);
    return problem.isEmpty() ? Result<QByteArray, QString>(note) : Unexpected(problem);
}

Result<QDate, QString> parseComingDay(const QByteArray &text)
{
    const auto day = users::parseUntil(text);
    if (day && *day < QDateTime::currentDateTimeUtc().date())
        return Unexpected(u"is past; write the last day on which the user is let in"_s);
    return day;
}

Result<void, ConfigError> takeFlags(const CommandLine &line, User &user)
{
    if (auto taken = takeFlag(line, "--connections"_L1, user.connections, &users::parseConnections);
        !taken)
        return taken;
    if (auto taken = takeFlag(line, "--hosts"_L1, user.hosts, &users::parseHosts); !taken)
        return taken;
    if (auto taken = takeFlag(line, "--until"_L1, user.until, &parseComingDay); !taken)
        return taken;
    return takeFlag(line, "--note"_L1, user.note, &parseNote);
}

Result<void, ConfigError> changeFile(const Settings &settings, const ContentEdit &edit,
                                     IfMissing ifMissing = IfMissing::Fail)
{
    const auto changed = UsersFile::change(settings.users.file, edit, ifMissing);
    return changed ? Result<void, ConfigError>() : inFile(settings, changed.error());
}

Result<UsersList, ConfigError> readFile(const Settings &settings)
{
    auto users = UsersFile::read(settings.users.file);
    if (!users)
        return inFile(settings, users.error());
    return std::move(users).value();
}

Result<users::PasswordHash, ConfigError> hashOf(const QByteArray &password)
{
    auto hash = users::PasswordHash::make(password);
    if (!hash)
        return fail(u"the hash"_s, {}, hash.error());
    return std::move(hash).value();
}

/// The only output that ever contains the password.
UserOutput shownOnce(const Settings &settings, const policy::Credentials &user)
{
    UserOutput output;
    output.text = u"user: %1\npassword: %2\n"_s.arg(QString::fromUtf8(user.username),
                                                    QString::fromLatin1(user.password));
    door::LinkWishes wishes;
    wishes.user = user;
    if (const auto link = door::ownLink(settings, wishes); link) {
        output.text += u"link: %1\n"_s.arg(QString::fromLatin1(link->text));
        output.hints += link->warnings;
    } else {
        output.hints.append(
            u"There is no link yet: %1 %2. It is printed by: "
            "link --user NAME --host HOST"_s.arg(link.error().name, link.error().problem));
    }
    output.hints.append(u"The password is shown this once. A proxy that runs with this file takes "
                        "it within 10 s."_s);
    return output;
}

Result<UserOutput, ConfigError> add(const Settings &settings, const QByteArray &name,
                                    const CommandLine &line)
{
    const policy::Credentials credentials { name, users::generatePassword() };
    auto hash = hashOf(credentials.password);
    if (!hash)
        return Unexpected(hash.error());
    User user { name, std::move(hash).value(), 0, {}, {}, false, {} };
    if (const auto taken = takeFlags(line, user); !taken)
        return Unexpected(taken.error());
    const auto added = changeFile(
        settings, [&user](const QByteArray &content) { return users::withUser(content, user); },
        IfMissing::Make);
    if (!added)
        return Unexpected(added.error());
    return shownOnce(settings, credentials);
}

/// Returns the new password.
Result<policy::Credentials, ConfigError> renewPassword(const Settings &settings,
                                                       const QByteArray &name)
{
    const policy::Credentials credentials { name, users::generatePassword() };
    const auto hash = hashOf(credentials.password);
    if (!hash)
        return Unexpected(hash.error());
    const auto changed = changeFile(settings, [&](const QByteArray &content) {
        return users::withChangedUser(content, name, [&](User &user) { user.hash = *hash; });
    });
    if (!changed)
        return Unexpected(changed.error());
    return credentials;
}

Result<UserOutput, ConfigError> switchUser(const Settings &settings, const QByteArray &name,
                                           bool isDisabled)
{
    bool wasDisabled = false;
    const auto changed = changeFile(settings, [&](const QByteArray &content) {
        return users::withChangedUser(content, name, [&](User &user) {
            wasDisabled = std::exchange(user.isDisabled, isDisabled);
        });
    });
    if (!changed)
        return Unexpected(changed.error());
    const QString shown = QString::fromUtf8(name);
    return UserOutput { (isDisabled ? u"disabled: %1\n"_s : u"enabled: %1\n"_s).arg(shown),
                        wasDisabled == isDisabled ? QStringList(u"It was so before."_s)
                                                  : QStringList() };
}

Result<UserOutput, ConfigError> remove(const Settings &settings, const QByteArray &name)
{
    const auto removed = changeFile(
        settings, [&name](const QByteArray &content) { return users::withoutUser(content, name); });
    if (!removed)
        return Unexpected(removed.error());
    return UserOutput { u"removed: %1\n"_s.arg(QString::fromUtf8(name)), {} };
}

constexpr int columnCount = 6;
using Row = std::array<QString, columnCount>;

Row rowOf(const User &user)
{
    const bool isExpired = user.isExpired(QDateTime::currentDateTimeUtc().date());
    QStringList hosts;
    for (const policy::HostEntry &entry : user.hosts.entries())
        hosts.append(QString::fromUtf8(entry.toByteArray()));
    return { QString::fromUtf8(user.name),
             user.isDisabled ? u"disabled"_s
                 : isExpired ? u"expired"_s
                             : u"on"_s,
             user.until ? user.until->toString(Qt::ISODate) : u"-"_s,
             user.connections > 0 ? QString::number(user.connections) : u"-"_s,
             hosts.isEmpty() ? u"-"_s : hosts.join(u','),
             QString::fromUtf8(user.note) };
}

/// The last column needs no padding.
QString tableText(const QList<Row> &rows)
{
    std::array<qsizetype, columnCount> widths {};
    for (const Row &row : rows) {
        for (std::size_t i = 0; i + 1 < columnCount; ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    QString text;
    for (const Row &row : rows) {
        QString line;
        for (std::size_t i = 0; i < columnCount; ++i)
            line += row[i].leftJustified(widths[i] + 2);
        while (line.endsWith(u' '))
            line.chop(1);
        text += line + u'\n';
    }
    return text;
}

Result<UserOutput, ConfigError> list(const Settings &settings)
{
    const auto users = readFile(settings);
    if (!users)
        return Unexpected(users.error());
    QList<Row> rows { { u"NAME"_s, u"STATE"_s, u"UNTIL"_s, u"CONNECTIONS"_s, u"HOSTS"_s,
                        u"NOTE"_s } };
    for (const UserPtr &user : users->users())
        rows.append(rowOf(*user));
    UserOutput output { tableText(rows), {} };
    if (const auto &pair = settings.access.credentials) {
        output.hints.append(u"Beside them %1 is let in, the user of %2."_s.arg(
            QString::fromUtf8(pair->username), QLatin1StringView(config::usernameOption)));
    } else if (users->isEmpty()) {
        output.hints.append(u"The file has no user: nobody is let in."_s);
    }
    return output;
}

/// The password of a user of the file, typed or piped in.
Result<policy::Credentials, ConfigError> askPassword(const Settings &settings,
                                                     const QByteArray &name)
{
    const auto users = readFile(settings);
    if (!users)
        return Unexpected(users.error());
    const QString shown = QString::fromUtf8(name);
    const UserPtr user = users->find(name);
    if (!user)
        return fail(userFlag, shown, u"is no user of %1"_s.arg(settings.users.file));
    const QByteArray password = readSecretLine(u"Password of %1: "_s.arg(shown));
    if (password.isEmpty()) {
        return fail(userFlag, shown,
                    u"has a password that only its hash is kept of; give it on standard input, or "
                    "another one is made with %1"_s.arg(newPasswordFlag));
    }
    if (!user->hash.verify(password))
        return fail(userFlag, shown, u"has another password than the one on standard input"_s);
    return policy::Credentials { name, password };
}

} // namespace

Result<UserOutput, ConfigError> runUserCommand(const Settings &settings, const CommandLine &line)
{
    if (const auto there = needFile(settings); !there)
        return Unexpected(there.error());
    if (line.command == Command::UserList)
        return list(settings);
    const auto name = wantedName(settings, line.operands.value(0));
    if (!name)
        return Unexpected(name.error());
    switch (line.command) {
    case Command::UserAdd:
        return add(settings, *name, line);
    case Command::UserPasswd: {
        const auto renewed = renewPassword(settings, *name);
        if (!renewed)
            return Unexpected(renewed.error());
        return shownOnce(settings, *renewed);
    }
    case Command::UserEnable:
        return switchUser(settings, *name, false);
    case Command::UserDisable:
        return switchUser(settings, *name, true);
    default:
        return remove(settings, *name);
    }
}

Result<std::optional<policy::Credentials>, ConfigError> linkUser(const Settings &settings,
                                                                 const CommandLine &line)
{
    using Found = std::optional<policy::Credentials>;
    const bool isRenewed = line.details.contains(newPasswordFlag);
    const auto given = line.details.constFind(userFlag);
    if (given == line.details.cend()) {
        if (isRenewed)
            return fail(newPasswordFlag, {}, u"needs --user NAME: it is that user's"_s);
        return Found();
    }
    const QByteArray name = given->toUtf8();
    const auto &pair = settings.access.credentials;
    if (pair && pair->username == name && !isRenewed)
        return Found(pair);
    if (const auto there = needFile(settings); !there)
        return Unexpected(there.error());
    if (const auto wanted = wantedName(settings, *given); !wanted)
        return Unexpected(wanted.error());
    auto found = isRenewed ? renewPassword(settings, name) : askPassword(settings, name);
    if (!found)
        return Unexpected(found.error());
    return Found(std::move(found).value());
}

Result<void, ConfigError> checkUsers(const Settings &settings)
{
    if (settings.users.file.isEmpty())
        return {};
    const auto users = readFile(settings);
    if (!users)
        return Unexpected(users.error());
    if (const auto &pair = settings.access.credentials; pair && users->find(pair->username)) {
        return inFile(settings,
                      u"has a user of the same name as %1; which of the two passwords counts "
                      "nobody can know, so take one of them out"_s.arg(
                          QLatin1StringView(config::usernameOption)));
    }
    return {};
}

} // namespace sami::daemon
