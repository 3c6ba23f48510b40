// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/tables.h"

#include "gui/text/plaintext.h"
#include "gui/text/wording.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace sami::gui {

bool isSeen(const QWidget *page)
{
    return page->isVisible() && !page->window()->isMinimized();
}

void showTabNamed(QTabWidget &tabs, const QString &name)
{
    for (int i = 0; i < tabs.count(); ++i) {
        if (tabs.widget(i)->objectName() == name)
            tabs.setCurrentIndex(i);
    }
}

void prepareTable(QTableView *table)
{
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setAlternatingRowColors(true);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setContextMenuPolicy(Qt::CustomContextMenu);

    QHeaderView *rows = table->verticalHeader();
    rows->hide();
    rows->setSectionResizeMode(QHeaderView::Fixed);

    QHeaderView *columns = table->horizontalHeader();
    columns->setSectionsMovable(true);
    columns->setHighlightSections(false);
    columns->setSortIndicatorShown(true); // now, so that the widths include it
    new TableBehaviour(table);
}

QString chosenText(const QTableView *table)
{
    const QHeaderView *header = table->horizontalHeader();
    QList<int> columns;
    for (int place = 0; place < header->count(); ++place) {
        if (const int column = header->logicalIndex(place); !header->isSectionHidden(column))
            columns.append(column);
    }
    QModelIndexList rows = table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end()); // in the order shown, not the order clicked
    QStringList lines;
    for (const QModelIndex &row : std::as_const(rows)) {
        QStringList cells;
        for (const int column : std::as_const(columns))
            cells.append(row.siblingAtColumn(column).data().toString());
        lines.append(Wording::joinedCells(cells, QLatin1Char('\t')));
    }
    return lines.join(QLatin1Char('\n'));
}

QAction *copyAction(const QTableView *table)
{
    const auto *behaviour =
        table->findChild<TableBehaviour *>(QString(), Qt::FindDirectChildrenOnly);
    return behaviour ? behaviour->copyAction() : nullptr;
}

TableBehaviour::TableBehaviour(QTableView *table)
    : QObject(table), m_table(table), m_copy(new QAction(tr("&Copy"), table))
{
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    m_copy->setShortcutVisibleInContextMenu(true);
    connect(m_copy, &QAction::triggered, this, &TableBehaviour::copy);
    table->addAction(m_copy);
    table->installEventFilter(this);
    table->viewport()->installEventFilter(this);
    setRowHeight();
}

bool TableBehaviour::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::ContextMenu:
        if (static_cast<QContextMenuEvent *>(event)->reason() != QContextMenuEvent::Keyboard)
            break;
        openMenu();
        return true;
    case QEvent::ToolTip:
        return watched == m_table->viewport() && showToolTip(*static_cast<QHelpEvent *>(event));
    case QEvent::FontChange:
        if (watched == m_table)
            setRowHeight();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void TableBehaviour::copy() const
{
    if (const QString text = chosenText(m_table); !text.isEmpty())
        QApplication::clipboard()->setText(text);
}

void TableBehaviour::openMenu()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid())
        return;
    m_table->scrollTo(current);
    // Inside the row, however far the columns are scrolled. Qt's own position is off by the header.
    const QRect row = m_table->visualRect(current);
    const int x = qBound(0, row.left(), m_table->viewport()->width() - 1);
    Q_EMIT m_table->customContextMenuRequested({ x, row.center().y() });
}

bool TableBehaviour::showToolTip(const QHelpEvent &event)
{
    const QModelIndex cell = m_table->indexAt(event.pos());
    if (!cell.isValid() || !cell.data(Qt::ToolTipRole).toString().isEmpty()
        || m_table->sizeHintForIndex(cell).width() <= m_table->columnWidth(cell.column()))
        return false;
    QToolTip::showText(event.globalPos(), PlainText::toolTip(cell.data().toString()), m_table);
    return true;
}

void TableBehaviour::setRowHeight()
{
    // All rows have one height: measuring each would cost more than showing it.
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
}

void setColumnWidth(QTableView *table, int column, int characters)
{
    QHeaderView *columns = table->horizontalHeader();
    // In some languages the title is wider than the values below it.
    columns->resizeSection(column,
                           qMax(characters * table->fontMetrics().averageCharWidth(),
                                columns->sectionSizeHint(column)));
}

ViewAnchor::ViewAnchor(QTableView *table) : m_table(table)
{
    const int first = table->rowAt(0);
    if (first <= 0)
        return;
    const int last = table->rowAt(table->viewport()->height() - 1);
    const int end = last < 0 ? table->model()->rowCount() : last + 1;
    for (int row = first; row < end; ++row)
        m_rows.append(table->model()->index(row, 0));
}

ViewAnchor::~ViewAnchor()
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).isValid()) {
            // Makes the view lay out the new rows, so that its scroll bar has the full range.
            (void)m_table->visualRect(m_rows.at(i));
            m_table->verticalScrollBar()->setValue(int(m_rows.at(i).row() - i));
            break;
        }
    }
}

} // namespace sami::gui
