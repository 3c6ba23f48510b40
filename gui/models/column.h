// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "gui/models/columnwidth.h"
#include "gui/models/wordfilter.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"

#include <QAbstractTableModel>
#include <QCoreApplication>

#include <compare>
#include <cstddef>
#include <span>

namespace sami::gui {

/// Everything about one column of a table: a new column is one more of these, in one place. The
/// comments say what an omitted member means. The members are plain function pointers, because they
/// are called for each cell that is painted.
template <typename Row> struct TableColumn
{
    /// When a row's cell changes, for tables that tell their views themselves.
    enum class Changes { Never, WithRequest, AtTicks };

    int id = -1;                      ///< its index, if views or tests refer to it by name
    const char *title = "";           ///< QT_TR_NOOP; in the context of the model's class
    const char *titleTip = nullptr;   ///< QT_TR_NOOP; null: the header has no tooltip
    ColumnWidth (*width)() = nullptr; ///< null: the view gives it the remaining width
    bool isNumber = false;            ///< right-aligned
    bool isHiddenAtFirst = false;     ///< until the user shows it
    Changes changes = Changes::Never;
    /// The text of the cell. Null: the raw value, as the view formats it.
    QString (*text)(const Row &) = nullptr;
    /// The value behind the cell, used for sorting. Null: the text.
    QVariant (*raw)(const Row &) = nullptr;
    /// Compares for a table that is sorted without creating cell values.
    std::weak_ordering (*order)(const Row &, const Row &) = nullptr;
    QString (*toolTip)(const Row &) = nullptr; ///< unescaped: hostile text may be in it
    const char *csvTitle = nullptr;            ///< QT_TR_NOOP; null: the title
    QString (*csv)(const Row &) = nullptr;     ///< for a spreadsheet file. Null: the text

    [[nodiscard]] QString textOf(const Row &row) const
    {
        return text ? text(row) : raw(row).toString();
    }
};

/// Whether each column with a name is at its index.
template <typename Row, std::size_t count>
[[nodiscard]] constexpr bool areInOrder(const TableColumn<Row> (&columns)[count])
{
    for (std::size_t i = 0; i < count; ++i) {
        if (columns[i].id >= 0 && columns[i].id != int(i))
            return false;
    }
    return true;
}

/// "api.example.com:443"; empty without a host.
[[nodiscard]] inline QString endpointText(const Endpoint &endpoint)
{
    return endpoint.host.isEmpty() ? QString() : QString::fromUtf8(endpoint.toByteArray());
}

/// A model defined by its columns: it answers views from the table that it is constructed with. The
/// derived model manages the rows, and any roles of its own. Main thread.
template <typename Row> class ColumnTable : public QAbstractTableModel
{
public:
    using Columns = std::span<const TableColumn<Row>>;

    [[nodiscard]] virtual const Row &at(int row) const = 0;

    /// The cells as displayed, separated by tabs (Wording::joinedCells).
    [[nodiscard]] QString rowText(int row) const
    {
        QStringList cells;
        for (const TableColumn<Row> &column : m_columns)
            cells.append(column.textOf(at(row)));
        return Wording::joinedCells(cells, QLatin1Char('\t'));
    }
    [[nodiscard]] QString csvHeader() const
    {
        QStringList cells;
        for (const TableColumn<Row> &column : m_columns)
            cells.append(translated(column.csvTitle ? column.csvTitle : column.title));
        return Wording::joinedCells(cells, QLatin1Char(','));
    }
    [[nodiscard]] QString csvLine(int row) const
    {
        QStringList cells;
        for (const TableColumn<Row> &column : m_columns)
            cells.append(column.csv ? column.csv(at(row)) : column.textOf(at(row)));
        return Wording::joinedCells(cells, QLatin1Char(','));
    }
    /// For ColumnFit: one per column.
    [[nodiscard]] QList<ColumnWidth> widths() const
    {
        QList<ColumnWidth> widths;
        for (const TableColumn<Row> &column : m_columns)
            widths.append(column.width ? column.width() : ColumnWidth());
        return widths;
    }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_columns.size());
    }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const Row &row = at(index.row());
        const TableColumn<Row> &column = m_columns[std::size_t(index.column())];
        switch (role) {
        case Qt::DisplayRole:
            return column.text ? QVariant(column.text(row)) : column.raw(row);
        case RawRole:
            return column.raw ? column.raw(row) : QVariant(column.text(row));
        case Qt::ToolTipRole:
            return column.toolTip ? PlainText::toolTip(column.toolTip(row)) : QString();
        case Qt::TextAlignmentRole:
            return int((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        default:
            return {};
        }
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const TableColumn<Row> &column = m_columns[std::size_t(section)];
        if (role == Qt::DisplayRole)
            return translated(column.title);
        if (role == Qt::ToolTipRole && column.titleTip)
            return translated(column.titleTip);
        return {};
    }

protected:
    /// `columns` must live as long as the program.
    ColumnTable(Columns columns, QObject *parent) : QAbstractTableModel(parent), m_columns(columns)
    {}

private:
    [[nodiscard]] QString translated(const char *text) const
    {
        return QCoreApplication::translate(metaObject()->className(), text);
    }

    Columns m_columns;
};

} // namespace sami::gui
