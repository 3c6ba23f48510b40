// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/blocksmodel.h"

#include "gui/text/formatting.h"

#include <QAbstractSocket>

namespace sami::gui {

namespace {

/// What is left comes in whole seconds: an end that moves by no more is the same end.
constexpr std::chrono::seconds sameEnd { 2 };

} // namespace

QString BlockedClient::name() const
{
    const QString text = address.toString();
    return address.protocol() == QAbstractSocket::IPv6Protocol ? text + QStringLiteral("/64")
                                                               : text;
}

BlocksModel::BlocksModel(QObject *parent) : KeyedTable(parent) {}

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

int BlocksModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BlocksModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const BlockedClient &row = at(index.row());
    switch (index.column()) {
    case Client:
        return row.name();
    case Until:
        return Formatting::time(row.until);
    case Left:
        return Formatting::seconds(row.left);
    default:
        return {};
    }
}

QVariant BlocksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Client:
        return tr("Blocked client");
    case Until:
        return tr("Until");
    case Left:
        return tr("Left");
    default:
        return {};
    }
}

} // namespace sami::gui
