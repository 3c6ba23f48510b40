// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/deniedmodel.h"

#include "gui/text/formatting.h"

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

DeniedModel::DeniedModel(QObject *parent) : KeyedTable(columns(), parent) {}

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

QVariant DeniedModel::data(const QModelIndex &index, int role) const
{
    if (role == SearchRole && checkIndex(index, CheckIndexOption::IndexIsValid))
        return rowText(index.row()).toLower();
    return KeyedTable::data(index, role);
}

QString DeniedModel::reasonText(const DeniedRow &row)
{
    const QString reason = Wording::reason(account::Reason(row.values.reason));
    if (row.values.isReported)
        return tr("let through; would be refused: %1", "and why").arg(reason);
    return row.blockedFor
        ? tr("%1, for %2 more", "why a client is blocked, and how long it still is")
              .arg(reason, Formatting::seconds(*row.blockedFor))
        : reason;
}

DeniedModel::Columns DeniedModel::columns()
{
    using Row = DeniedRow;
    static constexpr TableColumn<Row> all[] = {
        { .id = Last,
          .title = QT_TR_NOOP("Last time"),
          .width = ColumnWidth::time,
          .text =
              [](const Row &row) {
                  return row.values.count == 0 ? QString() : Formatting::time(row.values.last);
              },
          .raw =
              [](const Row &row) {
                  return QVariant(qint64(row.values.last.time_since_epoch().count()));
              } },
        { .id = Client,
          .title = QT_TR_NOOP("Client"),
          .width = [] { return ColumnWidth::addresses(false); },
          .text = [](const Row &row) { return row.values.client.toString(); },
          .raw = [](const Row &row) { return QVariant(WordFilter::sortText(row.values.client)); } },
        { .id = Destination,
          .title = QT_TR_NOOP("Destination"),
          .width = [] { return ColumnWidth::stretching(20, 28); },
          .text = [](const Row &row) { return endpointText(row.values.destination); } },
        { .id = Count,
          .title = QT_TR_NOOP("Count"),
          .width = ColumnWidth::count,
          .isNumber = true,
          .text = [](const Row &row) { return QString::number(row.values.count); },
          .raw = [](const Row &row) { return QVariant(row.values.count); } },
        { .id = Reason,
          .title = QT_TR_NOOP("Reason"),
          .width = [] { return ColumnWidth::stretching(24, 60); },
          .text = reasonText,
          .toolTip = reasonText },
    };
    static_assert(areInOrder(all));
    return all;
}

} // namespace sami::gui
