// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/deniedmodel.h"

#include "gui/models/wordfilter.h"
#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"

#include <algorithm>

namespace sami::gui {

using policy::Refusal;

QByteArray DeniedRow::key() const
{
    return values.client.toString().toLatin1() + '\n' + values.destination.toByteArray() + '\n'
        + policy::toString(values.reason) + (values.isReported ? "\nreported" : "");
}

bool operator==(const DeniedRow &left, const DeniedRow &right)
{
    return left.key() == right.key() && left.values.count == right.values.count
        && left.values.last == right.values.last && left.blockedFor == right.blockedFor;
}

DeniedModel::DeniedModel(QObject *parent) : KeyedTable(parent) {}

void DeniedModel::synchronize(const QList<account::RefusalRow> &refusals,
                              const QList<account::BlockRow> &blocks)
{
    QList<DeniedRow> rows;
    QList<account::BlockRow> unseen = blocks;
    for (const account::RefusalRow &refusal : refusals) {
        DeniedRow row { refusal, std::nullopt };
        const auto block =
            std::find_if(blocks.begin(), blocks.end(), [&](const account::BlockRow &candidate) {
                return clientNetwork(candidate.address) == clientNetwork(refusal.client);
            });
        if (refusal.reason == Refusal::GuesserBlocked && block != blocks.end()) {
            row.blockedFor = block->left;
            unseen.removeIf([&](const auto &other) { return other.address == block->address; });
        }
        rows.append(row);
    }
    for (const account::BlockRow &block : std::as_const(unseen))
        rows.append({ { block.address, {}, Refusal::GuesserBlocked, 0, {} }, block.left });
    assign(rows);
}

QString DeniedModel::cellText(const DeniedRow &row, int column)
{
    const account::RefusalRow &values = row.values;
    switch (column) {
    case Last:
        return values.count == 0 ? QString() : Formatting::time(values.last);
    case Client:
        return values.client.toString();
    case Destination:
        return values.destination.host.isEmpty()
            ? QString()
            : QString::fromUtf8(values.destination.toByteArray());
    case Count:
        return QString::number(values.count);
    case Reason:
        if (values.isReported) {
            return tr("let through; would be refused: %1", "and why")
                .arg(Wording::reason(account::Reason(values.reason)));
        }
        return row.blockedFor
            ? tr("%1, for %2 more", "why a client is blocked, and how long it still is")
                  .arg(Wording::reason(account::Reason(values.reason)),
                       Formatting::seconds(*row.blockedFor))
            : Wording::reason(account::Reason(values.reason));
    default:
        return {};
    }
}

QString DeniedModel::rowText(int row) const
{
    QStringList cells;
    for (int column = 0; column < ColumnCount; ++column)
        cells.append(cellText(at(row), column));
    return Wording::joinedCells(cells, QLatin1Char('\t'));
}

int DeniedModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DeniedModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DeniedRow &row = at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, column);
    case SearchRole:
        return rowText(index.row()).toLower();
    case RawRole:
        if (column == Last)
            return qint64(row.values.last.time_since_epoch().count());
        if (column == Count)
            return row.values.count;
        return column == Client ? WordFilter::sortText(row.values.client) : cellText(row, column);
    case Qt::ToolTipRole:
        return column == Reason ? PlainText::toolTip(cellText(row, column)) : QString();
    case Qt::TextAlignmentRole:
        return int((column == Count ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant DeniedModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Last:
        return tr("Last time");
    case Client:
        return tr("Client");
    case Destination:
        return tr("Destination");
    case Count:
        return tr("Count");
    case Reason:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace sami::gui
