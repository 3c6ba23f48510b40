// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/columnwidth.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QObject>

class QHeaderView;
class QMenu;
class QTableView;
class QWidget;

namespace sami::gui {

/// The least and the wanted width of a column in pixels, and its share of what is left; 0: no
/// share.
struct ColumnRoom
{
    int least = 0;
    int wanted = 0; ///< at least `least`
    int share = 0;
};

/// Divides a width. Each column gets what it wants and the rest goes by shares; if there is too
/// little, each gives up a part of what it has above its least. The sum is `room`, unless the least
/// widths already exceed it or no column takes a share. Pure.
[[nodiscard]] QList<int> dividedWidth(const QList<ColumnRoom> &columns, int room);

/// Keeps the columns as wide as their table: values are never cut, text columns share the rest. A
/// width that the user sets stays. Owned by the table. Main thread.
class ColumnFit : public QObject
{
    Q_OBJECT

public:
    /// `widths` has one entry for each column of the table's model.
    ColumnFit(QTableView *table, const QList<ColumnWidth> &widths);

    /// Null if fitColumns() was not called for that table.
    [[nodiscard]] static ColumnFit *of(const QTableView *table);

    /// Order, sorting, hidden columns and the user's widths. Raise `version` when columns come or
    /// go: restore() ignores a layout of another version.
    [[nodiscard]] QByteArray save(int version) const;
    void restore(int version, const QByteArray &layout);

    /// Hides a column that would be empty now, and leaves it out of the menu. Once it is available
    /// again, it reappears unless the user had hidden it.
    void setAvailable(int column, bool isAvailable);

    /// Actions that show and hide each column, and one that takes the user's widths back.
    void addActions(QMenu *menu);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void handleResized(int column, int before, int now);
    void showMenu(const QPoint &position);
    void measure();
    void fit();
    void fitOnce();
    [[nodiscard]] QList<ColumnRoom> rooms(const QList<int> &columns) const;

    QTableView *m_table;
    QHeaderView *m_header;
    /// Kept: a table that is being destroyed still sends events and can no longer be asked for
    /// them.
    QWidget *m_viewport;
    QWidget *m_headerViewport;
    QList<ColumnWidth> m_widths;
    QList<ColumnRoom> m_measured;  ///< the same in pixels, for the table's font and style
    QMap<qint32, qint32> m_chosen; ///< the user's widths, in pixels
    QMap<qint32, bool> m_absent;   ///< columns that are not available; true: shown once they are
    bool m_isFitting = false;      ///< the sections change by our own hand
    bool m_isDragged = false;      ///< the mouse is down on the header
};

} // namespace sami::gui
