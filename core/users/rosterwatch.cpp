// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/rosterwatch.h"

#include "base/logging.h"
#include "users/usersfile.h"
#include "users/userstext.h"

#include <utility>

namespace sami::users {

using namespace Qt::StringLiterals;

namespace {

constexpr char unit[] = "users.rosterwatch";

QByteArray fingerprintOfNothing()
{
    return fingerprintOf({});
}

} // namespace

Result<UsersList, QString> RosterWatch::read() const
{
    auto list = UsersFile::read(m_source.path, m_roster ? m_roster->list() : UsersList());
    if (list && !m_source.reservedName.isEmpty() && list->find(m_source.reservedName))
        return Unexpected(u"it has a user of the same name as PROXY_AUTH_USERNAME: remove one "
                          "of the two"_s);
    // An editor on a full disk truncates the file and then fails to write it.
    const bool isEmptied = list && m_roster && list->fingerprint() == fingerprintOfNothing()
        && m_roster->list().fingerprint() != fingerprintOfNothing();
    if (isEmptied)
        return Unexpected(u"it is empty; if nobody is to be let in, write a comment in it"_s);
    return list;
}

bool RosterWatch::take(UsersList list)
{
    m_unsettled.clear();
    m_said.clear();
    if (m_roster && m_roster->list().fingerprint() == list.fingerprint())
        return false;
    m_roster = std::make_shared<const Roster>(std::move(list));
    return true;
}

void RosterWatch::keepOld(const QString &problem)
{
    m_unsettled.clear();
    if (std::exchange(m_said, problem) == problem)
        return;
    logError(unit, "the list of users is not changed: the old one stays",
             { { "file", m_source.path.toUtf8() }, { "reason", problem.toUtf8() } });
}

Result<RosterWatch, QString> RosterWatch::renewed(const Source &source) const
{
    RosterWatch next;
    next.m_source = source;
    if (source.path.isEmpty())
        return next;
    // If the new settings take one of its names, the old roster must not stay.
    if (source.path == m_source.path && m_roster && !m_roster->list().find(source.reservedName))
        next.m_roster = m_roster;
    auto list = next.read();
    if (list)
        static_cast<void>(next.take(std::move(list).value()));
    else if (next.m_roster)
        next.keepOld(list.error());
    else
        return Unexpected(source.path + u": "_s + list.error());
    return next;
}

bool RosterWatch::look(Trust trust)
{
    if (m_source.path.isEmpty())
        return false;
    auto list = read();
    const QByteArray sight = list ? list->fingerprint() : list.error().toUtf8();
    const bool isSame = list && m_roster && m_roster->list().fingerprint() == sight;
    const bool isNew = !isSame && sight != m_unsettled && (list || m_said != list.error());
    if (isNew && trust == Trust::WhenSettled) {
        m_unsettled = sight;
        return false;
    }
    if (!list) {
        keepOld(list.error());
        return false;
    }
    if (!take(std::move(list).value()))
        return false;
    logInfo(unit, "the list of users has changed: nobody else's streams are touched",
            { { "users", qint64(m_roster->list().users().size()) } });
    return true;
}

} // namespace sami::users
