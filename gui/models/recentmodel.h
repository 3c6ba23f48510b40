// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "gui/models/column.h"
#include "gui/text/ending.h"

#include <QList>

#include <optional>

namespace sami::gui {

/// The last finished requests and tunnels, one per row, oldest first. The rows survive a stop of
/// the proxy; the core's own list does not. Main thread.
class RecentModel : public ColumnTable<account::FinishedWork>
{
    Q_OBJECT

public:
    enum Column {
        Time,
        Client,
        User,
        Host,
        Method,
        Status,
        Up,
        Down,
        FirstByte,
        Silence,
        Duration,
        Why,
        // Newer columns are at the end: scripts read the CSV file by position.
        Ending, ///< in one word
        Via,
    };
    [[nodiscard]] static Columns columns();
    /// Raise it when columns are added or removed: a stored layout would fit other columns.
    static const int layoutVersion;
    /// The gui::EndKind of a row, as an int; in any column.
    static constexpr int EndingRole = SearchRole + 1;

    static constexpr qsizetype capacity = 1000;

    explicit RecentModel(QObject *parent = nullptr);

    /// Adds what is new in the core's list, which is ordered oldest first.
    void merge(const QList<account::FinishedWork> &works);

    [[nodiscard]] const account::FinishedWork &at(int row) const final { return m_rows.at(row); }
    [[nodiscard]] const QList<account::FinishedWork> &works() const { return m_rows; }
    /// How many rows have that ending.
    [[nodiscard]] int count(gui::EndKind ending) const;
    /// The last request or tunnel of that connection, if it ended at `since` or later. The bound is
    /// needed because connection numbers start over with the proxy.
    [[nodiscard]] std::optional<account::FinishedWork> lastOf(quint64 connection,
                                                              WallTime since) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<account::FinishedWork> m_rows;
};

} // namespace sami::gui
