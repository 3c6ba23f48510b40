// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/connectionsmodel.h"

#include "gui/text/formatting.h"
#include "gui/text/wording.h"

#include <algorithm>
#include <iterator>

namespace sami::gui {

namespace {

QString searchTextOf(const account::ConnectionSnapshot &values)
{
    return (QString::fromLatin1(values.client.toByteArray()) + QLatin1Char('\n')
            + QString::fromUtf8(values.user) + QLatin1Char('\n') + endpointText(values.endpoint)
            + QLatin1Char('\n') + QString::fromLatin1(values.method) + QLatin1Char('\n')
            + QString::fromUtf8(values.route))
        .toLower();
}

std::unique_ptr<LiveConnection> makeRow(const account::ConnectionSnapshot &values, TimePoint now)
{
    auto row = std::make_unique<LiveConnection>();
    row->values = values;
    row->acceptedAt = now - values.age;
    row->seenAt = now;
    row->state = liveState(values);
    row->searchText = searchTextOf(values);
    return row;
}

/// Whether both are the same connection: after a restart of the proxy the ids start over.
bool isSameConnection(const account::ConnectionSnapshot &before,
                      const account::ConnectionSnapshot &after)
{
    return before.id == after.id && before.client == after.client && before.up <= after.up
        && before.down <= after.down && before.requests <= after.requests
        && before.age <= after.age;
}

/// Whether a column that is not volatile differs.
bool isOtherRequest(const account::ConnectionSnapshot &left,
                    const account::ConnectionSnapshot &right)
{
    return left.requests != right.requests || !(left.endpoint == right.endpoint)
        || left.method != right.method || left.user != right.user || left.route != right.route;
}

bool showsOtherValues(const LiveConnection &row, const account::ConnectionSnapshot &next)
{
    return row.values.up != next.up || row.values.down != next.down || row.rate > 0
        || row.state != liveState(next) || row.values.firstByte != next.firstByte;
}

} // namespace

ConnectionsModel::ConnectionsModel(QObject *parent)
    : ColumnTable(columns(), parent),
      m_volatile(blockOf(TableColumn<LiveConnection>::Changes::AtTicks)),
      m_ofRequest(blockOf(TableColumn<LiveConnection>::Changes::WithRequest))
{}

ConnectionsModel::Block ConnectionsModel::blockOf(TableColumn<LiveConnection>::Changes changes)
{
    const Columns all = columns();
    const auto isOne = [changes](const auto &column) { return column.changes == changes; };
    const auto first = std::find_if(all.begin(), all.end(), isOne);
    const auto behind = std::find_if(all.rbegin(), all.rend(), isOne).base();
    return { int(first - all.begin()), int(behind - all.begin()) - 1 };
}

void ConnectionsModel::synchronize(const QList<account::ConnectionSnapshot> &rows, TimePoint now)
{
    removeEnded(rows);
    // Update existing rows first: a view that reads them during the insertion must not see a
    // mixture of old and new values.
    update(rows, now);
    insertNew(rows, now);
}

void ConnectionsModel::removeEnded(const QList<account::ConnectionSnapshot> &rows)
{
    // From the bottom, so that the indices of the rows still to be removed stay valid.
    qsizetype live = rows.size();
    int end = rowCount(); // one past the run of ended rows
    const auto isLive = [&](const account::ConnectionSnapshot &row) {
        while (live > 0 && rows.at(live - 1).id > row.id)
            --live;
        return live > 0 && isSameConnection(row, rows.at(live - 1));
    };
    for (int row = end - 1; row >= -1; --row) {
        if (row >= 0 && !isLive(at(row).values))
            continue;
        if (const int first = row + 1; first < end) {
            beginRemoveRows({}, first, end - 1);
            m_rows.erase(m_rows.begin() + first, m_rows.begin() + end);
            endRemoveRows();
        }
        end = row;
    }
}

void ConnectionsModel::update(const QList<account::ConnectionSnapshot> &rows, TimePoint now)
{
    QList<int> moved;
    QList<int> otherRequest;
    qsizetype next = 0;
    for (int i = 0; i < rowCount(); ++i) {
        LiveConnection &row = *m_rows[std::size_t(i)];
        while (rows.at(next).id != row.values.id)
            ++next;
        const account::ConnectionSnapshot &values = rows.at(next);
        if (isOtherRequest(row.values, values)) {
            otherRequest.append(i);
            row.searchText = searchTextOf(values);
        }
        if (showsOtherValues(row, values))
            moved.append(i);
        const double seconds = std::chrono::duration<double>(now - row.seenAt).count();
        if (seconds > 0) {
            const quint64 octets = (values.up - row.values.up) + (values.down - row.values.down);
            row.rate = double(octets) / seconds;
        }
        row.values = values;
        row.seenAt = now;
        row.state = liveState(values);
    }
    announce(otherRequest, m_ofRequest);
    announce(moved, m_volatile);
}

void ConnectionsModel::announce(const QList<int> &changed, Block columns)
{
    if (changed.isEmpty())
        return;
    if (changed.size() > rowCount() / 2) {
        Q_EMIT dataChanged(index(changed.first(), columns.first),
                           index(changed.last(), columns.last));
        return;
    }
    for (qsizetype i = 0; i < changed.size();) {
        qsizetype last = i;
        while (last + 1 < changed.size() && changed.at(last + 1) == changed.at(last) + 1)
            ++last;
        Q_EMIT dataChanged(index(changed.at(i), columns.first),
                           index(changed.at(last), columns.last));
        i = last + 1;
    }
}

void ConnectionsModel::insertNew(const QList<account::ConnectionSnapshot> &rows, TimePoint now)
{
    // New rows are nearly always one run at the end, but a connection may be seen later than one
    // with a higher id.
    for (qsizetype i = 0; i < rows.size();) {
        const bool isBehindAll = i >= rowCount();
        if (!isBehindAll && at(int(i)).values.id == rows.at(i).id) {
            ++i;
            continue;
        }
        qsizetype end = i;
        while (end < rows.size() && (isBehindAll || rows.at(end).id < at(int(i)).values.id))
            ++end;
        std::vector<std::unique_ptr<LiveConnection>> fresh;
        for (qsizetype row = i; row < end; ++row)
            fresh.push_back(makeRow(rows.at(row), now));
        beginInsertRows({}, int(i), int(end - 1));
        m_rows.insert(m_rows.begin() + i, std::move_iterator(fresh.begin()),
                      std::move_iterator(fresh.end()));
        endInsertRows();
        i = end;
    }
}

int ConnectionsModel::rowOf(quint64 id) const
{
    const auto found =
        std::lower_bound(m_rows.begin(), m_rows.end(), id,
                         [](const auto &row, quint64 wanted) { return row->values.id < wanted; });
    const bool isThere = found != m_rows.end() && (*found)->values.id == id;
    return isThere ? int(found - m_rows.begin()) : -1;
}

QList<account::ConnectionSnapshot> ConnectionsModel::snapshots() const
{
    QList<account::ConnectionSnapshot> snapshots;
    snapshots.reserve(rowCount());
    for (const auto &row : m_rows)
        snapshots.append(row->values);
    return snapshots;
}

int ConnectionsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QString ConnectionsModel::stateText(const LiveConnection &row)
{
    const QString name = Wording::state(row.state);
    if (row.state != LiveState::Waiting && row.state != LiveState::Idle
        && row.state != LiveState::Unused)
        return name;
    return tr("%1 %2", "a state and for how long: waiting 3m 12s")
        .arg(name, Formatting::seconds(row.silence()));
}

} // namespace sami::gui
