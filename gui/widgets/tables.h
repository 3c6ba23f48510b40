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

/// Whether somebody can see that page now. What nobody sees takes no work.
[[nodiscard]] bool isSeen(const QWidget *page);

/// Brings the page of that object name to the front; one that nobody knows leaves all as it is.
void showNamed(QTabWidget &tabs, const QString &name);

/// Whole rows of one height, several to choose, columns to move: what all tables here have. With
/// it come the key that copies rows, the menu key and tooltips for what is elided.
void prepareTable(QTableView *table);

/// Gives a column the width of so many average characters. Of a whole table: ColumnFit.
void setColumnWidth(QTableView *table, int column, int characters);

/// The chosen rows as they are seen: the shown columns in their order, with tabs between them.
[[nodiscard]] QString chosenText(const QTableView *table);
/// "Copy", with its key, for the table's menu.
[[nodiscard]] QAction *copyAction(const QTableView *table);

/// What a user can do with every table. Belongs to its table. Main thread.
class TableManners : public QObject
{
    Q_OBJECT

public:
    explicit TableManners(QTableView *table);

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
