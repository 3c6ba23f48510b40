// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/connectionsmodel.h"

#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"

#include <algorithm>
#include <iterator>

namespace sami::gui {

namespace {

/// The first column of a block that may change at every tick, and the last.
constexpr int firstVolatile = ConnectionsModel::State;
constexpr int lastVolatile = ConnectionsModel::Silence;

/// What a new request on the same connection changes.
constexpr int firstOfRequest = ConnectionsModel::User;
constexpr int lastOfRequest = ConnectionsModel::Requests;

std::unique_ptr<LiveConnection> makeRow(const account::ConnectionSnapshot &values, TimePoint now)
{
    auto row = std::make_unique<LiveConnection>();
    row->values = values;
    row->acceptedAt = now - values.age;
    row->seenAt = now;
    row->state = liveState(values);
    row->searchText = ConnectionsModel::searchTextOf(values);
    return row;
}

/// Whether both are of one connection: after a restart of the proxy the ids begin anew.
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
        || left.method != right.method || left.user != right.user;
}

bool showsOtherValues(const LiveConnection &row, const account::ConnectionSnapshot &next)
{
    return row.values.up != next.up || row.values.down != next.down || row.rate > 0
        || row.state != liveState(next) || row.values.firstByte != next.firstByte;
}

QString hostText(const account::ConnectionSnapshot &values)
{
    return values.endpoint.host.isEmpty() ? QString()
                                          : QString::fromUtf8(values.endpoint.toByteArray());
}

} // namespace

ConnectionsModel::ConnectionsModel(QObject *parent) : QAbstractTableModel(parent) {}

QString ConnectionsModel::searchTextOf(const account::ConnectionSnapshot &values)
{
    return (QString::fromLatin1(values.client.toByteArray()) + QLatin1Char('\n')
            + QString::fromUtf8(values.user) + QLatin1Char('\n') + hostText(values)
            + QLatin1Char('\n') + QString::fromLatin1(values.method))
        .toLower();
}

void ConnectionsModel::synchronize(const QList<account::ConnectionSnapshot> &rows, TimePoint now)
{
    m_now = now;
    removeEnded(rows);
    // What stood before is brought up to date first: a view that looks while rows come in sees
    // nothing half old.
    update(rows, now);
    insertNew(rows, now);
}

void ConnectionsModel::clear()
{
    synchronize({}, m_now);
}

void ConnectionsModel::removeEnded(const QList<account::ConnectionSnapshot> &rows)
{
    // From the bottom, so that the numbers of what is left to remove stay right.
    qsizetype live = rows.size();
    int end = rowCount(); // behind the run of ended rows
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
    announce(otherRequest, firstOfRequest, lastOfRequest);
    announce(moved, firstVolatile, lastVolatile);
}

void ConnectionsModel::announce(const QList<int> &changed, int firstColumn, int lastColumn)
{
    if (changed.isEmpty())
        return;
    if (changed.size() > rowCount() / 2) {
        Q_EMIT dataChanged(index(changed.first(), firstColumn), index(changed.last(), lastColumn));
        return;
    }
    for (qsizetype i = 0; i < changed.size();) {
        qsizetype last = i;
        while (last + 1 < changed.size() && changed.at(last + 1) == changed.at(last) + 1)
            ++last;
        Q_EMIT dataChanged(index(changed.at(i), firstColumn), index(changed.at(last), lastColumn));
        i = last + 1;
    }
}

void ConnectionsModel::insertNew(const QList<account::ConnectionSnapshot> &rows, TimePoint now)
{
    // Nearly always one run at the end. A connection may be seen later than one with a higher id.
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

int ConnectionsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ConnectionsModel::cellText(const LiveConnection &row, int column) const
{
    const account::ConnectionSnapshot &values = row.values;
    switch (column) {
    case Client:
        return QString::fromLatin1(values.client.toByteArray());
    case User:
        return QString::fromUtf8(values.user);
    case Host:
        return hostText(values);
    case Method:
        return QString::fromLatin1(values.method);
    case Requests:
        return QString::number(values.requests);
    case State:
        return stateText(row);
    case Up:
        return Formatting::octets(values.up);
    case Down:
        return Formatting::octets(values.down);
    case Rate:
        return Formatting::rate(row.rate);
    case FirstByte:
        return Formatting::duration(values.firstByte);
    case Silence:
        return Formatting::seconds(values.longestSilence);
    case Age:
        return Formatting::seconds(m_now - row.acceptedAt);
    default:
        return {};
    }
}

QString ConnectionsModel::toolTip(const LiveConnection &row, int column) const
{
    if (column == State)
        return Wording::stateExplanation(row.state);
    if (column == Host && !row.values.target.isEmpty())
        return QString::fromUtf8(row.values.target);
    return {};
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

QString ConnectionsModel::csvLine(int row) const
{
    QStringList cells;
    for (int column = 0; column < ColumnCount; ++column)
        cells.append(cellText(at(row), column));
    return Wording::joinedCells(cells, QLatin1Char(','));
}

QVariant ConnectionsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LiveConnection &row = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, index.column());
    case Qt::ToolTipRole:
        return PlainText::toolTip(toolTip(row, index.column()));
    case Qt::TextAlignmentRole:
        return int(
            (index.column() >= Requests && index.column() != State ? Qt::AlignRight : Qt::AlignLeft)
            | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant ConnectionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool wantsTip = role == Qt::ToolTipRole;
    switch (section) {
    case Client:
        return wantsTip ? tr("The program or computer that uses the proxy") : tr("Client");
    case User:
        return wantsTip ? tr("The user name it signed in with") : tr("User");
    case Host:
        return wantsTip ? tr("Where the current request goes") : tr("Destination");
    case Method:
        return wantsTip ? tr("CONNECT is an encrypted tunnel: the proxy cannot look inside")
                        : tr("Method");
    case Requests:
        return wantsTip ? tr("Requests on this connection so far") : tr("Requests");
    case State:
        return wantsTip ? tr("What the connection seems to be doing, read from timing alone")
                        : tr("State");
    case Up:
        return wantsTip ? tr("Sent by the client") : tr("Up");
    case Down:
        return wantsTip ? tr("Received by the client") : tr("Down");
    case Rate:
        return wantsTip ? tr("Both directions together, now") : tr("Rate");
    case FirstByte:
        return wantsTip ? tr("From the request to the first byte of the answer") : tr("First byte");
    case Silence:
        return wantsTip ? tr("The longest time in which neither side sent anything")
                        : tr("Longest silence");
    case Age:
        return wantsTip ? tr("Since the client connected") : tr("Age");
    default:
        return {};
    }
}

} // namespace sami::gui
