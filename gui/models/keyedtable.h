// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QByteArray>
#include <QHash>
#include <QList>

namespace sami::gui {

/// A table whose rows have a key: it is given all of them anew and tells views only what changed,
/// so that selections last. `Row` has `QByteArray key() const` and `==`. For tables of a thousand
/// rows; the live connections have a model of their own.
template <typename Row> class KeyedTable : public QAbstractTableModel
{
public:
    [[nodiscard]] const Row &at(int row) const { return m_rows.at(row); }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }

protected:
    explicit KeyedTable(QObject *parent) : QAbstractTableModel(parent) {}

    /// Each key once.
    void assign(const QList<Row> &rows)
    {
        QHash<QByteArray, Row> wanted;
        for (const Row &row : rows)
            wanted.insert(row.key(), row);
        for (qsizetype i = m_rows.size() - 1; i >= 0; --i) {
            if (wanted.contains(m_rows.at(i).key()))
                continue;
            beginRemoveRows({}, int(i), int(i));
            m_rows.removeAt(i);
            endRemoveRows();
        }
        for (qsizetype i = 0; i < m_rows.size(); ++i) {
            const Row next = wanted.take(m_rows.at(i).key());
            if (next == m_rows.at(i))
                continue;
            m_rows[i] = next;
            Q_EMIT dataChanged(index(int(i), 0), index(int(i), columnCount() - 1));
        }
        QList<Row> fresh;
        for (const Row &row : rows) {
            if (wanted.contains(row.key()))
                fresh.append(row);
        }
        if (fresh.isEmpty())
            return;
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + fresh.size() - 1));
        m_rows.append(fresh);
        endInsertRows();
    }

private:
    QList<Row> m_rows;
};

} // namespace sami::gui
