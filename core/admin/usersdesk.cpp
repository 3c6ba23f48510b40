// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/usersdesk.h"

#include "base/logging.h"
#include "config/settings.h"
#include "users/usersfile.h"
#include "users/userstext.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr char unit[] = "admin.usersdesk";

using Edited = Result<QByteArray, QString>;

QJsonObject row(const QByteArray &name, const QString &source, const QString &state, int live)
{
    return { { u"name"_s, QString::fromUtf8(name) },
             { u"source"_s, source },
             { u"state"_s, state },
             { u"live"_s, live } };
}

QJsonObject row(const users::User &user, int live, const QDate &today)
{
    const QString state = user.isDisabled ? u"disabled"_s
        : user.isExpired(today)           ? u"expired"_s
                                          : u"enabled"_s;
    QJsonObject object = row(user.name, u"file"_s, state, live);
    if (user.connections > 0)
        object[u"connections"_s] = user.connections;
    if (!user.hosts.isEmpty()) {
        QJsonArray hosts;
        for (const policy::HostEntry &entry : user.hosts.entries())
            hosts.append(QString::fromUtf8(entry.toByteArray()));
        object[u"hosts"_s] = hosts;
    }
    if (user.until)
        object[u"until"_s] = user.until->toString(Qt::ISODate);
    if (!user.note.isEmpty())
        object[u"note"_s] = QString::fromUtf8(user.note);
    return object;
}

AdminReply unavailable(const QString &problem, const char *detail)
{
    logError(unit, "the users file cannot be used", { { "reason", problem.toUtf8() } });
    return problemReply(Problem::Unavailable, detail);
}

} // namespace

UsersDesk::UsersDesk(const config::Settings &settings) : m_file(settings.users.file)
{
    if (settings.access.credentials)
        m_ofPair = settings.access.credentials->username;
}

AdminReply UsersDesk::rows(const users::RosterPtr &known,
                           const QList<account::ConnectionSnapshot> &live, const QDate &today) const
{
    QHash<QByteArray, int> counts;
    for (const account::ConnectionSnapshot &connection : live) {
        if (!connection.user.isEmpty())
            ++counts[connection.user];
    }
    QJsonArray rows;
    if (!m_ofPair.isEmpty())
        rows.append(row(m_ofPair, u"settings"_s, u"enabled"_s, counts.value(m_ofPair)));
    if (!m_file.isEmpty()) {
        const auto list =
            users::UsersFile::read(m_file, known ? known->list() : users::UsersList());
        if (!list) {
            return unavailable(list.error(),
                               "The users file cannot be read; the proxy's log says why.");
        }
        for (const users::UserPtr &user : list->users())
            rows.append(row(*user, counts.value(user->name), today));
    }
    return jsonReply(
        QJsonDocument(QJsonObject { { u"rows"_s, rows } }).toJson(QJsonDocument::Compact));
}

AdminReply UsersDesk::setEnabled(const QByteArray &name, bool isEnabled) const
{
    if (!m_ofPair.isEmpty() && name == m_ofPair) {
        return problemReply(Problem::NotInFile,
                            "This user is the settings' own, not one of the users file.");
    }
    const AdminReply nobody = problemReply(Problem::NotFound, "There is no such user.");
    if (m_file.isEmpty())
        return nobody;
    bool isThere = false;
    const auto changed = users::UsersFile::change(m_file, [&](const QByteArray &content) -> Edited {
        const auto list = users::parseUsers(content);
        if (!list)
            return Unexpected(list.error());
        const users::UserPtr user = list->find(name);
        isThere = user != nullptr;
        if (!isThere || user->isDisabled == !isEnabled)
            return content;
        return users::withChangedUser(
            content, name, [isEnabled](users::User &each) { each.isDisabled = !isEnabled; });
    });
    if (!changed) {
        return unavailable(changed.error(),
                           "The users file could not be changed; the proxy's log says why.");
    }
    return isThere ? doneReply() : nobody;
}

} // namespace sami::admin
