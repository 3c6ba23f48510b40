// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/tables.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableView>

namespace sami::gui {

bool isSeen(const QWidget *page)
{
    return page->isVisible() && !page->window()->isMinimized();
}

void showNamed(QTabWidget &tabs, const QString &name)
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

    // Rows of one height: measuring each would cost more than showing them.
    QHeaderView *rows = table->verticalHeader();
    rows->hide();
    rows->setSectionResizeMode(QHeaderView::Fixed);
    rows->setDefaultSectionSize(table->fontMetrics().height() + 6);

    QHeaderView *columns = table->horizontalHeader();
    columns->setSectionsMovable(true);
    columns->setHighlightSections(false);
    columns->setSortIndicatorShown(true); // now, so that widths count it
}

void setColumnWidth(QTableView *table, int column, int characters)
{
    QHeaderView *columns = table->horizontalHeader();
    // The title is longer than what it stands over in some languages.
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
            // Makes the view lay out what came, so that its scroll bar reaches far enough.
            (void)m_table->visualRect(m_rows.at(i));
            m_table->verticalScrollBar()->setValue(int(m_rows.at(i).row() - i));
            break;
        }
    }
}

} // namespace sami::gui
