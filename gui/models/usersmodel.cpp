// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/usersmodel.h"

#include <QLocale>
#include <QSet>

#include <algorithm>

namespace sami::gui {

using namespace Qt::StringLiterals;

QString UserRow::state() const
{
    if (isDisabled)
        return UsersModel::tr("turned off");
    return isExpired ? UsersModel::tr("expired") : UsersModel::tr("on");
}

UsersModel::UsersModel(QObject *parent) : KeyedTable(columns(), parent) {}

bool UsersModel::synchronize(const QList<users::UserPtr> &users, const QDate &today)
{
    QSet<QByteArray> names;
    for (int row = 0; row < rowCount(); ++row)
        names.insert(at(row).name);
    const bool isOther = names.size() != users.size()
        || std::any_of(users.cbegin(), users.cend(), [&names](const users::UserPtr &user) {
                             return !names.contains(user->name);
                         });
    QList<UserRow> rows;
    rows.reserve(users.size());
    for (const users::UserPtr &user : users) {
        QStringList hosts;
        for (const policy::HostEntry &entry : user->hosts.entries())
            hosts.append(QString::fromUtf8(entry.toByteArray()));
        rows.append({ user->name, user->isDisabled, user->isExpired(today), hosts, user->until,
                      user->connections, QString::fromUtf8(user->note) });
    }
    assign(rows);
    return isOther;
}

int UsersModel::rowOf(const QByteArray &name) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (at(row).name == name)
            return row;
    }
    return -1;
}

UsersModel::Columns UsersModel::columns()
{
    using Row = UserRow;
    static constexpr TableColumn<Row> all[] = {
        { .id = Name,
          .title = QT_TR_NOOP("Name"),
          .width = [] { return ColumnWidth::words(10, 16); },
          .text = [](const Row &row) { return QString::fromUtf8(row.name); } },
        { .id = State,
          .title = QT_TR_NOOP("State"),
          .titleTip = QT_TR_NOOP("Whether the user can sign in, and why not"),
          .width =
              [] {
                  return ColumnWidth::values({ tr("turned off"), tr("expired") });
              },
          .text = [](const Row &row) { return row.state(); } },
        { .id = Hosts,
          .title = QT_TR_NOOP("Hosts"),
          .titleTip = QT_TR_NOOP("Which of the allowed hosts the user may reach"),
          .width = [] { return ColumnWidth::stretching(8, 20); },
          .text =
              [](const Row &row) {
                  return row.hosts.isEmpty() ? tr("all allowed ones") : row.hosts.join(", "_L1);
              } },
        { .id = Until,
          .title = QT_TR_NOOP("Until"),
          .titleTip = QT_TR_NOOP("The last day, in UTC"),
          // The format of the commands and the file. A local one is ambiguous: 01/02/30 has two
          // meanings.
          .width = [] { return ColumnWidth::values({ u"2030-12-28"_s }); },
          .text =
              [](const Row &row) {
                  return row.until ? row.until->toString(Qt::ISODate) : u"–"_s;
              } },
        { .id = AtOnce,
          .title = QT_TR_NOOP("At once"),
          .titleTip = QT_TR_NOOP("How many requests and tunnels the user may have at once"),
          .width = [] { return ColumnWidth::values({ u"1000"_s }); },
          .isNumber = true,
          .text =
              [](const Row &row) {
                  return row.connections > 0 ? QLocale().toString(row.connections) : u"–"_s;
              } },
        { .id = Note,
          .title = QT_TR_NOOP("Note"),
          .width = [] { return ColumnWidth::words(6, 16); },
          .text = [](const Row &row) { return row.note; } },
    };
    static_assert(areInOrder(all));
    return all;
}

} // namespace sami::gui
