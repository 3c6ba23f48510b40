// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/column.h"

#include <QByteArray>
#include <QHash>
#include <QList>

namespace sami::gui {

/// A table whose rows have a key: it is given all rows each time and tells views only what changed,
/// so that selections survive. `Row` has `QByteArray key() const` and `==`. For tables of a
/// thousand rows; the live connections have a model of their own.
template <typename Row> class KeyedTable : public ColumnTable<Row>
{
public:
    [[nodiscard]] const Row &at(int row) const final { return m_rows.at(row); }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }

protected:
    KeyedTable(typename ColumnTable<Row>::Columns columns, QObject *parent)
        : ColumnTable<Row>(columns, parent)
    {}

    /// Each key may occur once.
    void assign(const QList<Row> &rows)
    {
        QHash<QByteArray, Row> wanted;
        for (const Row &row : rows)
            wanted.insert(row.key(), row);
        for (qsizetype i = m_rows.size() - 1; i >= 0; --i) {
            if (wanted.contains(m_rows.at(i).key()))
                continue;
            this->beginRemoveRows({}, int(i), int(i));
            m_rows.removeAt(i);
            this->endRemoveRows();
        }
        for (qsizetype i = 0; i < m_rows.size(); ++i) {
            const Row next = wanted.take(m_rows.at(i).key());
            if (next == m_rows.at(i))
                continue;
            m_rows[i] = next;
            Q_EMIT this->dataChanged(this->index(int(i), 0),
                                     this->index(int(i), this->columnCount() - 1));
        }
        QList<Row> fresh;
        for (const Row &row : rows) {
            if (wanted.contains(row.key()))
                fresh.append(row);
        }
        if (fresh.isEmpty())
            return;
        this->beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + fresh.size() - 1));
        m_rows.append(fresh);
        this->endInsertRows();
    }

private:
    QList<Row> m_rows;
};

} // namespace sami::gui
