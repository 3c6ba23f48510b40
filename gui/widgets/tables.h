// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QObject>
#include <QPersistentModelIndex>
#include <QString>

class QTabWidget;
class QAction;
class QHelpEvent;
class QTableView;
class QWidget;

namespace sami::gui {

/// Whether the page is visible now. Invisible pages do no work.
[[nodiscard]] bool isSeen(const QWidget *page);

/// Brings the page with that object name to the front; an unknown name changes nothing.
void showTabNamed(QTabWidget &tabs, const QString &name);

/// What all tables have in common: whole rows of one height, multiple selection, movable columns.
/// Also the shortcut that copies rows, the menu key, and tooltips for elided cells.
void prepareTable(QTableView *table);

/// Sets a column's width in average characters. For a whole table use ColumnFit.
void setColumnWidth(QTableView *table, int column, int characters);

/// The selected rows as shown: visible columns in their order, separated by tabs.
[[nodiscard]] QString chosenText(const QTableView *table);
/// "Copy", with its shortcut, for the table's menu.
[[nodiscard]] QAction *copyAction(const QTableView *table);

/// What a user can do with every table. Owned by its table. Main thread.
class TableBehaviour : public QObject
{
    Q_OBJECT

public:
    explicit TableBehaviour(QTableView *table);

    bool eventFilter(QObject *watched, QEvent *event) override;
    [[nodiscard]] QAction *copyAction() const { return m_copy; }

private:
    void copy() const;
    void openMenu();
    bool showToolTip(const QHelpEvent &event);
    void setRowHeight();

    QTableView *m_table;
    QAction *m_copy;
};

/// Keeps the visible rows in place while others come and go above them. At the very top it holds
/// nothing, because there the user wants to see new rows. Create it before the change, destroy it
/// after.
class ViewAnchor
{
    Q_DISABLE_COPY_MOVE(ViewAnchor)

public:
    explicit ViewAnchor(QTableView *table);
    ~ViewAnchor();

private:
    QTableView *m_table;
    QList<QPersistentModelIndex> m_rows; ///< from the top of the viewport
};

} // namespace sami::gui
