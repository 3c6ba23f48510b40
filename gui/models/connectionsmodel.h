// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/liveconnection.h"

#include <QAbstractTableModel>
#include <QList>

#include <memory>
#include <vector>

namespace sami::gui {

/// The live connections, one a row. It is given a snapshot now and then and tells views only what
/// changed: rows that ended, rows that are new, and of the others the columns that move. Order of
/// the rows: by id. Views sort through ConnectionsFilter. Main thread.
class ConnectionsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Client,
        User,
        Host,
        Method,
        Requests,
        State,
        Up,
        Down,
        Rate,
        FirstByte,
        Silence,
        Age,
        ColumnCount
    };

    explicit ConnectionsModel(QObject *parent = nullptr);

    /// Makes the table say what the snapshot says; its rows are ordered by id.
    void synchronize(const QList<account::ConnectionSnapshot> &rows, TimePoint now);
    void clear();

    [[nodiscard]] const LiveConnection &at(int row) const { return *m_rows.at(std::size_t(row)); }
    /// All rows as they came from the core.
    [[nodiscard]] QList<account::ConnectionSnapshot> snapshots() const;
    /// -1 when there is no such connection any more.
    [[nodiscard]] int rowOf(quint64 id) const;
    /// All columns as one line of CSV.
    [[nodiscard]] QString csvLine(int row) const;
    /// The state with its time: "waiting 3m 12s".
    [[nodiscard]] static QString stateText(const LiveConnection &row);
    [[nodiscard]] static QString searchTextOf(const account::ConnectionSnapshot &values);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    void removeEnded(const QList<account::ConnectionSnapshot> &rows);
    void insertNew(const QList<account::ConnectionSnapshot> &rows, TimePoint now);
    void update(const QList<account::ConnectionSnapshot> &rows, TimePoint now);
    void announce(const QList<int> &changed, int firstColumn, int lastColumn);
    [[nodiscard]] QString cellText(const LiveConnection &row, int column) const;
    [[nodiscard]] QString toolTip(const LiveConnection &row, int column) const;

    /// By id, ascending. Pointers: hundreds of rows go in a tick, each from the middle.
    std::vector<std::unique_ptr<LiveConnection>> m_rows;
    TimePoint m_now {};
};

} // namespace sami::gui
