// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/hosttotals.h"

#include "gui/models/wordfilter.h"
#include "gui/text/formatting.h"

#include <algorithm>

namespace sami::gui {

namespace {

/// What finished requests account for of a live connection's octets.
struct Accounted
{
    quint64 up = 0;
    quint64 down = 0;
};

quint64 rest(quint64 all, quint64 accounted)
{
    return all > accounted ? all - accounted : 0;
}

} // namespace

HostTotals::HostTotals(QObject *parent) : KeyedTable(parent) {}

void HostTotals::synchronize(const QList<server::FinishedWork> &finished,
                             const QList<server::ConnectionSnapshot> &live, WallTime now)
{
    QHash<QByteArray, HostRow> hosts;
    const auto rowOf = [&hosts](const Endpoint &endpoint) -> HostRow & {
        HostRow &row = hosts[endpoint.host.toLower()];
        row.host = endpoint.host.toLower();
        return row;
    };
    QHash<quint64, WallTime> acceptedAt;
    for (const server::ConnectionSnapshot &connection : live) {
        const auto age = std::chrono::duration_cast<WallTime::duration>(connection.age);
        acceptedAt.insert(connection.id, now - age);
    }
    QHash<quint64, Accounted> accounted;
    for (const server::FinishedWork &work : finished) {
        // A live connection's octets are those of all its requests. One of the same number that
        // ended before this one began belongs to an earlier run of the proxy.
        const auto accepted = acceptedAt.constFind(work.id);
        if (accepted != acceptedAt.constEnd() && work.finishedAt >= *accepted) {
            accounted[work.id].up += work.up;
            accounted[work.id].down += work.down;
        }
        if (work.endpoint.host.isEmpty())
            continue;
        HostRow &row = rowOf(work.endpoint);
        ++row.requests;
        row.up += work.up;
        row.down += work.down;
    }
    for (const server::ConnectionSnapshot &values : live) {
        if (values.endpoint.host.isEmpty())
            continue;
        const Accounted known = accounted.value(values.id);
        HostRow &row = rowOf(values.endpoint);
        ++row.live;
        row.up += rest(values.up, known.up);
        row.down += rest(values.down, known.down);
    }

    QList<HostRow> rows = hosts.values();
    if (rows.size() > capacity) {
        std::nth_element(rows.begin(), rows.begin() + capacity, rows.end(),
                         [](const HostRow &left, const HostRow &right) {
                             return left.up + left.down > right.up + right.down;
                         });
        rows.resize(capacity);
    }
    assign(rows);
}

int HostTotals::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HostTotals::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HostRow &row = at(index.row());
    if (role == SearchRole)
        return QString::fromUtf8(row.host);
    if (role == Qt::TextAlignmentRole)
        return int((index.column() == Host ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != RawRole)
        return {};
    const bool isText = role == Qt::DisplayRole;
    switch (index.column()) {
    case Host:
        return QString::fromUtf8(row.host);
    case Live:
        return row.live;
    case Requests:
        return row.requests;
    case Up:
        return isText ? QVariant(Formatting::octets(row.up)) : QVariant(row.up);
    case Down:
        return isText ? QVariant(Formatting::octets(row.down)) : QVariant(row.down);
    default:
        return {};
    }
}

QVariant HostTotals::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Host:
        return tr("Destination");
    case Live:
        return tr("Live");
    case Requests:
        return tr("Finished");
    case Up:
        return tr("Up");
    case Down:
        return tr("Down");
    default:
        return {};
    }
}

} // namespace sami::gui
