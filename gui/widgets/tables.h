// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QPersistentModelIndex>

class QTabWidget;
class QTableView;
class QWidget;

namespace sami::gui {

/// Whether somebody can see that page now. What nobody sees takes no work.
[[nodiscard]] bool isSeen(const QWidget *page);

/// Brings the page of that object name to the front; one that nobody knows leaves all as it is.
void showNamed(QTabWidget &tabs, const QString &name);

/// Whole rows of one height, several to choose, columns to move: what all tables here have.
void prepareTable(QTableView *table);

/// Gives a column the width of so many average characters.
void setColumnWidth(QTableView *table, int column, int characters);

/// The rows in view stay where they are while others come and go above them. At the very top
/// nothing is held: there one wants to see what comes. Made before the change, let go behind it.
class ViewAnchor
{
    Q_DISABLE_COPY_MOVE(ViewAnchor)

public:
    explicit ViewAnchor(QTableView *table);
    ~ViewAnchor();

private:
    QTableView *m_table;
    QList<QPersistentModelIndex> m_rows; ///< from the top of the view
};

} // namespace sami::gui
