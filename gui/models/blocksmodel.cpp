// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/blocksmodel.h"

#include "gui/text/formatting.h"

#include <QAbstractSocket>

namespace sami::gui {

namespace {

/// The time left comes in whole seconds, so the computed end moves a little. An end that moves by
/// no more than this is the same end.
constexpr std::chrono::seconds sameEnd { 2 };

} // namespace

QString BlockedClient::name() const
{
    const QString text = address.toString();
    return address.protocol() == QAbstractSocket::IPv6Protocol ? text + QStringLiteral("/64")
                                                               : text;
}

BlocksModel::BlocksModel(QObject *parent) : KeyedTable(columns(), parent) {}

void BlocksModel::synchronize(const QList<account::BlockRow> &blocks, WallTime now)
{
    QHash<QByteArray, WallTime> ends;
    for (int row = 0; row < rowCount(); ++row)
        ends.insert(at(row).key(), at(row).until);
    QList<BlockedClient> rows;
    for (const account::BlockRow &block : blocks) {
        BlockedClient row { block.address, block.left, now + block.left };
        if (const auto end = ends.constFind(row.key());
            end != ends.constEnd() && std::chrono::abs(*end - row.until) <= sameEnd)
            row.until = *end;
        rows.append(row);
    }
    assign(rows);
}

BlocksModel::Columns BlocksModel::columns()
{
    using Row = BlockedClient;
    static constexpr TableColumn<Row> all[] = {
        { .id = Client,
          .title = QT_TR_NOOP("Blocked client"),
          .width = [] { return ColumnWidth::words(30, 30); },
          .text = [](const Row &row) { return row.name(); } },
        // Includes a date, in case the end is tomorrow.
        { .id = Until,
          .title = QT_TR_NOOP("Until"),
          .width = [] { return ColumnWidth::words(23, 23); },
          .text = [](const Row &row) { return Formatting::time(row.until); } },
        { .id = Left,
          .title = QT_TR_NOOP("Left"),
          .text = [](const Row &row) { return Formatting::seconds(row.left); } },
    };
    static_assert(areInOrder(all));
    return all;
}

} // namespace sami::gui
