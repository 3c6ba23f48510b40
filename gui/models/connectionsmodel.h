// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/column.h"
#include "gui/models/liveconnection.h"

#include <QList>

#include <memory>
#include <vector>

namespace sami::gui {

/// The live connections, one a row. It is given a snapshot now and then and tells views only what
/// changed: rows that ended, rows that are new, and of the others the columns that move. Order of
/// the rows: by id. Views sort through ConnectionsFilter. Main thread.
class ConnectionsModel : public ColumnTable<LiveConnection>
{
    Q_OBJECT

public:
    /// The columns that somebody calls by a name; livecolumns.cpp has them all.
    enum Column {
        Client,
        User,
        Host,
        Via,
        Method,
        Requests,
        State,
        Up,
        Down,
        Rate,
        FirstByte,
        Silence,
        Age,
    };
    [[nodiscard]] static Columns columns();
    /// Raised when columns come or go: an older layout would mean other columns.
    static const int layoutVersion;

    explicit ConnectionsModel(QObject *parent = nullptr);

    /// Makes the table say what the snapshot says; its rows are ordered by id.
    void synchronize(const QList<account::ConnectionSnapshot> &rows, TimePoint now);

    [[nodiscard]] const LiveConnection &at(int row) const final
    {
        return *m_rows.at(std::size_t(row));
    }
    /// All rows as they came from the core.
    [[nodiscard]] QList<account::ConnectionSnapshot> snapshots() const;
    /// -1 when there is no such connection any more.
    [[nodiscard]] int rowOf(quint64 id) const;
    /// The state with its time: "waiting 3m 12s".
    [[nodiscard]] static QString stateText(const LiveConnection &row);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;

private:
    /// From the first to the last column of a kind.
    struct Block
    {
        int first = 0;
        int last = 0;
    };
    [[nodiscard]] static Block blockOf(TableColumn<LiveConnection>::Changes changes);
    void removeEnded(const QList<account::ConnectionSnapshot> &rows);
    void insertNew(const QList<account::ConnectionSnapshot> &rows, TimePoint now);
    void update(const QList<account::ConnectionSnapshot> &rows, TimePoint now);
    void announce(const QList<int> &changed, Block columns);

    /// By id, ascending. Pointers: hundreds of rows go in a tick, each from the middle.
    std::vector<std::unique_ptr<LiveConnection>> m_rows;
    const Block m_volatile;  ///< what may change at every tick
    const Block m_ofRequest; ///< what a new request on the same connection changes
};

} // namespace sami::gui
