// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/recentpane.h"

#include "gui/models/recentmodel.h"
#include "gui/models/wordfilter.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

/// Raised when columns come or go: an older layout would mean other columns.
constexpr int layoutVersion = 1;

int widthOf(int column)
{
    switch (column) {
    case RecentModel::Time:
        return 23; // a date too, when it was another day
    case RecentModel::Client:
        return 16;
    case RecentModel::Host:
        return 28;
    case RecentModel::Why:
        return 60;
    default:
        return 11;
    }
}

} // namespace

RecentPane::RecentPane(RecentModel *model, Dialogs dialogs, QWidget *parent)
    : QWidget(parent), m_model(model), m_filter(new WordFilter(this)),
      m_dialogs(std::move(dialogs)), m_search(new QLineEdit(this)), m_count(makeLabel(this)),
      m_table(new QTableView(this))
{
    m_filter->setSourceModel(model);
    m_search->setPlaceholderText(tr("Filter by any of the columns"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        updateCount();
    });
    auto *save = new QPushButton(tr("Export as CS&V…"), this);
    connect(save, &QPushButton::clicked, this, &RecentPane::exportCsv);
    buildTable();

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_count);
    bar->addWidget(save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);

    connect(model, &QAbstractItemModel::rowsInserted, this, &RecentPane::updateCount);
    updateCount();
}

void RecentPane::buildTable()
{
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Finished requests and tunnels"));
    prepareTable(m_table);
    for (int column = 0; column < RecentModel::ColumnCount; ++column)
        setColumnWidth(m_table, column, widthOf(column));
    // What one looks for first stands beside who it was.
    QHeaderView *columns = m_table->horizontalHeader();
    columns->moveSection(RecentModel::Why, columns->visualIndex(RecentModel::Method));
    columns->setSectionHidden(RecentModel::User, true);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RecentModel::Time, Qt::DescendingOrder);
    connect(m_table, &QWidget::customContextMenuRequested, this, &RecentPane::showContextMenu);
}

QByteArray RecentPane::saveLayout() const
{
    return char(layoutVersion) + m_table->horizontalHeader()->saveState();
}

void RecentPane::restoreLayout(const QByteArray &layout)
{
    if (!layout.isEmpty() && layout.front() == char(layoutVersion))
        m_table->horizontalHeader()->restoreState(layout.sliced(1));
}

void RecentPane::updateCount()
{
    const int shown = m_filter->rowCount();
    const int all = m_model->rowCount();
    m_count->setText(shown == all ? tr("%n finished", nullptr, all)
                                  : tr("%1 of %n finished", nullptr, all).arg(shown));
}

void RecentPane::showContextMenu(const QPoint &position)
{
    if (!m_table->indexAt(position).isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, &RecentPane::copy);
    menu->addAction(tr("Export as CS&V…"), this, &RecentPane::exportCsv);
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

QList<int> RecentPane::shownRows() const
{
    QList<int> rows;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        rows.append(m_filter->mapToSource(m_filter->index(row, 0)).row());
    return rows;
}

QList<int> RecentPane::chosenRows() const
{
    QModelIndexList chosen = m_table->selectionModel()->selectedRows();
    std::sort(chosen.begin(), chosen.end());
    QList<int> rows;
    for (const QModelIndex &index : std::as_const(chosen))
        rows.append(m_filter->mapToSource(index).row());
    return rows;
}

void RecentPane::copy() const
{
    QStringList lines;
    const QList<int> rows = chosenRows();
    for (const int row : rows)
        lines.append(m_model->rowText(row));
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void RecentPane::exportCsv()
{
    // RFC 4180 ends lines with CRLF.
    QString text = RecentModel::csvHeader() + QStringLiteral("\r\n");
    const QList<int> rows = shownRows();
    for (const int row : rows)
        text += m_model->csvLine(row) + QStringLiteral("\r\n");
    m_dialogs.save(this, tr("Export finished requests"), QStringLiteral("sami-llm-proxy.csv"),
                   text);
}

} // namespace sami::gui
