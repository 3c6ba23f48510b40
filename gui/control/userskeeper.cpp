// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/userskeeper.h"

#include "door/ownlink.h"
#include "gui/control/beside.h"
#include "users/usersfile.h"
#include "users/userstext.h"

#include <QDir>
#include <QFileInfo>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;
using users::User;
using users::UsersFile;

namespace {

FoundUsers foundIn(const QString &path)
{
    FoundUsers found;
    found.path = path;
    if (path.isEmpty()) {
        found.kind = FoundUsers::Kind::None;
        return found;
    }
    const auto list = UsersFile::read(path);
    found.kind = list ? FoundUsers::Kind::Good : FoundUsers::Kind::Bad;
    if (list) {
        found.users = list->users();
        found.fingerprint = list->fingerprint();
    } else {
        found.problem = list.error();
    }
    return found;
}

NewPassword shown(const policy::Credentials &user, const LinkPlace &place)
{
    NewPassword made { user, {}, {}, {} };
    door::LinkWishes wishes;
    wishes.host = place.host;
    wishes.user = user;
    if (const auto link = door::ownLink(place.settings, wishes); link) {
        made.link = link->text;
        made.warnings = link->warnings;
    } else {
        made.problem = link.error().toString();
    }
    return made;
}

Result<NewPassword, QString> added(const QString &path, const UserWishes &wishes,
                                   const LinkPlace &place)
{
    const policy::Credentials credentials { wishes.name, users::generatePassword() };
    auto hash = users::PasswordHash::make(credentials.password);
    if (!hash)
        return Unexpected(hash.error());
    User user { wishes.name, std::move(hash).value(), 0, {}, {}, false, {} };
    wishes.applyTo(user);
    const auto changed = UsersFile::change(
        path, [&user](const QByteArray &content) { return users::withUser(content, user); },
        IfMissing::Make);
    if (!changed)
        return Unexpected(changed.error());
    return shown(credentials, place);
}

Result<void, QString> changed(const QString &path, const QByteArray &name,
                              const std::function<void(User &)> &edit)
{
    return UsersFile::change(path, [&](const QByteArray &content) {
        return users::withChangedUser(content, name, edit);
    });
}

Result<NewPassword, QString> renewed(const QString &path, const QByteArray &name,
                                     const LinkPlace &place)
{
    const policy::Credentials credentials { name, users::generatePassword() };
    const auto hash = users::PasswordHash::make(credentials.password);
    if (!hash)
        return Unexpected(hash.error());
    const auto written = changed(path, name, [&hash](User &user) { user.hash = *hash; });
    if (!written)
        return Unexpected(written.error());
    return shown(credentials, place);
}

} // namespace

void UserWishes::applyTo(User &user) const
{
    user.hosts = users::UserHosts(hosts);
    user.until = until;
    user.connections = connections;
    user.note = note;
}

UsersKeeper::UsersKeeper(QObject *parent) : QObject(parent) {}

void UsersKeeper::look(const QString &path)
{
    runInBackground(
        this, [path] { return foundIn(path); },
        [this, number = ++m_looks](const FoundUsers &found) {
            if (number != m_looks)
                return;
            m_found = found;
            Q_EMIT looked();
        });
}

void UsersKeeper::add(const QString &path, const UserWishes &wishes, const LinkPlace &place,
                      Shown answer)
{
    runInBackground(
        this, [=] { return added(path, wishes, place); }, std::move(answer));
}

void UsersKeeper::renewPassword(const QString &path, const QByteArray &name, const LinkPlace &place,
                                Shown answer)
{
    runInBackground(
        this, [=] { return renewed(path, name, place); }, std::move(answer));
}

void UsersKeeper::change(const QString &path, const UserWishes &wishes, Done answer)
{
    runInBackground(
        this, [=] { return changed(path, wishes.name, [&](User &user) { wishes.applyTo(user); }); },
        std::move(answer));
}

void UsersKeeper::setEnabled(const QString &path, const QByteArray &name, bool isEnabled,
                             Done answer)
{
    runInBackground(
        this,
        [=] { return changed(path, name, [=](User &user) { user.isDisabled = !isEnabled; }); },
        std::move(answer));
}

void UsersKeeper::remove(const QString &path, const QByteArray &name, Done answer)
{
    runInBackground(
        this,
        [=] {
            return UsersFile::change(path, [&name](const QByteArray &content) {
                return users::withoutUser(content, name);
            });
        },
        std::move(answer));
}

QByteArray freeUserName(const std::function<bool(const QByteArray &name)> &isTaken)
{
    const QByteArray base = "proxy";
    QByteArray name = base;
    for (int i = 2; isTaken(name); ++i)
        name = base + '-' + QByteArray::number(i);
    return name;
}

QString newUsersFile(const QString &settingsFile)
{
    const QFileInfo settings(settingsFile);
    QDir().mkpath(settings.absolutePath());
    const QString real = QFileInfo(settings.absolutePath()).canonicalFilePath();
    const QDir folder(real.isEmpty() ? settings.absolutePath() : real);
    const QString base = settings.completeBaseName() + u"-users"_s;
    QString path = folder.filePath(base);
    for (int i = 2; QFileInfo::exists(path) || QFileInfo(path).isSymLink(); ++i)
        path = folder.filePath(u"%1-%2"_s.arg(base, QString::number(i)));
    return path;
}

} // namespace sami::gui
