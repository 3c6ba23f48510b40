// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/column.h"
#include "gui/models/liveconnection.h"

#include <QList>

#include <memory>
#include <vector>

namespace sami::gui {

/// The live connections, one per row. Given a snapshot now and then, it tells views only what has
/// changed: ended rows, new rows, and in the others the columns that change. Rows are ordered by
/// id; views sort through ConnectionsFilter. Main thread.
class ConnectionsModel : public ColumnTable<LiveConnection>
{
    Q_OBJECT

public:
    /// The columns that are referred to by name; livecolumns.cpp has all of them.
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
    /// Raise it when columns are added or removed: a stored layout would fit other columns.
    static const int layoutVersion;

    explicit ConnectionsModel(QObject *parent = nullptr);

    /// Makes the table match the snapshot; its rows are ordered by id.
    void synchronize(const QList<account::ConnectionSnapshot> &rows, TimePoint now);

    [[nodiscard]] const LiveConnection &at(int row) const final
    {
        return *m_rows.at(std::size_t(row));
    }
    /// All rows as the core delivered them.
    [[nodiscard]] QList<account::ConnectionSnapshot> snapshots() const;
    /// -1 if the connection no longer exists.
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

    /// By id, ascending. Pointers, because hundreds of rows may leave in one tick, each from the
    /// middle, and moving a pointer is cheap.
    std::vector<std::unique_ptr<LiveConnection>> m_rows;
    const Block m_volatile;  ///< what may change at every tick
    const Block m_ofRequest; ///< what a new request on the same connection changes
};

} // namespace sami::gui
