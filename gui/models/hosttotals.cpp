// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/hosttotals.h"

#include "gui/text/formatting.h"

#include <algorithm>
#include <utility>

namespace sami::gui {

const int HostTotals::layoutVersion = 1;

namespace {

/// The octets of finished requests are remembered for this many connections, which may still be
/// live. A connection is hardly live any more once so many others have finished something after it.
constexpr qsizetype maxAccounts = 20'000;

quint64 rest(quint64 all, quint64 accounted)
{
    return all > accounted ? all - accounted : 0;
}

/// Keeps the rows with the most octets. Equal rows are ordered by host: otherwise rows would come
/// and go at each tick without any traffic.
void keepLargest(QList<HostRow> &rows, qsizetype count)
{
    if (rows.size() <= count)
        return;
    std::nth_element(rows.begin(), rows.begin() + count, rows.end(),
                     [](const HostRow &left, const HostRow &right) {
                         const quint64 ofLeft = left.up + left.down;
                         const quint64 ofRight = right.up + right.down;
                         return ofLeft != ofRight ? ofLeft > ofRight : left.host < right.host;
                     });
    rows.resize(count);
}

} // namespace

HostTotals::HostTotals(QObject *parent) : KeyedTable(columns(), parent) {}

void HostTotals::add(const QList<account::FinishedWork> &finished)
{
    ++m_turn;
    for (const account::FinishedWork &work : finished) {
        Accounted &accounted = m_accounted[work.id];
        accounted.up += work.up;
        accounted.down += work.down;
        accounted.turn = m_turn;
        if (work.endpoint.host.isEmpty())
            continue;
        HostRow &row = m_finished[work.endpoint.host.toLower()];
        row.host = work.endpoint.host.toLower();
        ++row.requests;
        row.up += work.up;
        row.down += work.down;
    }
    dropOldAccounts();
    if (m_finished.size() <= 2 * capacity)
        return;
    QList<HostRow> rows = m_finished.values();
    keepLargest(rows, capacity);
    m_finished.clear();
    for (const HostRow &row : std::as_const(rows))
        m_finished.insert(row.host, row);
}

void HostTotals::dropOldAccounts()
{
    if (m_accounted.size() <= maxAccounts)
        return;
    QList<quint64> turns;
    for (const Accounted &accounted : std::as_const(m_accounted))
        turns.append(accounted.turn);
    std::nth_element(turns.begin(), turns.begin() + turns.size() / 2, turns.end());
    const quint64 middle = turns.at(turns.size() / 2);
    m_accounted.removeIf([middle](const auto &entry) { return entry.value().turn < middle; });
}

void HostTotals::synchronize(const QList<account::ConnectionSnapshot> &live)
{
    QHash<QByteArray, HostRow> hosts = m_finished;
    for (const account::ConnectionSnapshot &values : live) {
        if (values.endpoint.host.isEmpty())
            continue;
        // A live connection counts the octets of all its requests.
        const Accounted known = m_accounted.value(values.id);
        HostRow &row = hosts[values.endpoint.host.toLower()];
        row.host = values.endpoint.host.toLower();
        ++row.live;
        row.up += rest(values.up, known.up);
        row.down += rest(values.down, known.down);
    }
    QList<HostRow> rows = hosts.values();
    keepLargest(rows, capacity);
    assign(rows);
}

QVariant HostTotals::data(const QModelIndex &index, int role) const
{
    if (role == SearchRole && checkIndex(index, CheckIndexOption::IndexIsValid))
        return QString::fromUtf8(at(index.row()).host);
    return KeyedTable::data(index, role);
}

HostTotals::Columns HostTotals::columns()
{
    using Row = HostRow;
    static constexpr TableColumn<Row> all[] = {
        { .id = Host,
          .title = QT_TR_NOOP("Destination"),
          .width = [] { return ColumnWidth::stretching(18, 40); },
          .text = [](const Row &row) { return QString::fromUtf8(row.host); } },
        { .id = Live,
          .title = QT_TR_NOOP("Live"),
          .width = ColumnWidth::count,
          .isNumber = true,
          .raw = [](const Row &row) { return QVariant(row.live); } },
        { .id = Requests,
          .title = QT_TR_NOOP("Finished"),
          .width = ColumnWidth::count,
          .isNumber = true,
          .raw = [](const Row &row) { return QVariant(row.requests); } },
        { .id = Up,
          .title = QT_TR_NOOP("Up"),
          .width = ColumnWidth::octets,
          .isNumber = true,
          .text = [](const Row &row) { return Formatting::octets(row.up); },
          .raw = [](const Row &row) { return QVariant(row.up); } },
        { .id = Down,
          .title = QT_TR_NOOP("Down"),
          .width = ColumnWidth::octets,
          .isNumber = true,
          .text = [](const Row &row) { return Formatting::octets(row.down); },
          .raw = [](const Row &row) { return QVariant(row.down); } },
    };
    static_assert(areInOrder(all));
    return all;
}

} // namespace sami::gui
