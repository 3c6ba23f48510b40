// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/blockspanel.h"

#include "gui/models/blocksmodel.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace sami::gui {

namespace {

/// More rows scroll: the list of refusals needs room too.
constexpr int maxRowsSeen = 4;

} // namespace

BlocksPanel::BlocksPanel(QWidget *parent)
    : QWidget(parent), m_model(new BlocksModel(this)), m_heading(makeLabel(this)),
      m_table(new QTableView(this)), m_lift(new QPushButton(this)), m_result(makeLabel(this))
{
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    m_heading->setWordWrap(true);
    m_result->setWordWrap(true);
    buildTable();
    connect(m_lift, &QPushButton::clicked, this, [this] { Q_EMIT liftRequested(chosen()); });

    auto *icon = makeLabel(this);
    icon->setPixmap(style()->standardIcon(QStyle::SP_MessageBoxWarning).pixmap(16, 16));
    auto *top = new QHBoxLayout;
    top->addWidget(icon);
    top->addWidget(m_heading, 1);
    top->addWidget(m_lift);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(top);
    layout->addWidget(m_table);
    layout->addWidget(m_result);
    refresh();
}

BlocksPanel::~BlocksPanel() = default;

void BlocksPanel::buildTable()
{
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Blocked clients"));
    prepareTable(m_table);
    const QList<ColumnWidth> widths = m_model->widths();
    for (int column = 0; column < widths.size(); ++column) {
        if (widths.at(column).isWords())
            setColumnWidth(m_table, column, widths.at(column).wanted);
    }
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setSortIndicatorShown(false); // few rows, in the core's order
    connect(m_table, &QWidget::customContextMenuRequested, this, &BlocksPanel::showContextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &BlocksPanel::refresh);
}

void BlocksPanel::synchronize(const QList<account::BlockRow> &blocks)
{
    m_model->synchronize(blocks, WallClock::now());
    // With a single block, one click is enough to lift it.
    if (m_model->rowCount() > 0 && !m_table->selectionModel()->hasSelection())
        m_table->selectRow(0);
    refresh();
}

void BlocksPanel::say(const QString &text)
{
    m_result->setText(text);
    refresh();
    QAccessibleEvent event(m_result, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void BlocksPanel::refresh()
{
    const int count = m_model->rowCount();
    m_heading->setText(
        count > 0 ? tr("%n client(s) gave too many wrong passwords and are blocked: even the right "
                       "one is refused now.",
                       nullptr, count)
                  : tr("Nobody is blocked any more."));
    m_lift->setText(liftText());
    m_lift->setVisible(count > 0);
    m_table->setVisible(count > 0);
    m_result->setVisible(!m_result->text().isEmpty());
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height()
                            + std::clamp(count, 1, maxRowsSeen)
                                * m_table->verticalHeader()->defaultSectionSize()
                            + 2 * m_table->frameWidth());
    setHidden(count == 0 && m_result->text().isEmpty());
}

void BlocksPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    // The user has gone to another page, so the result will be old when they come back.
    if (!event->spontaneous() && !isHidden()) {
        m_result->clear();
        refresh();
    }
}

QList<QHostAddress> BlocksPanel::chosen() const
{
    QList<QHostAddress> clients;
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &row : rows)
        clients.append(m_model->at(row.row()).address);
    return clients;
}

QString BlocksPanel::liftText() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    if (rows.size() == 1)
        return tr("Lift the block of %1").arg(m_model->at(rows.first().row()).name());
    return tr("Lift %n block(s)", nullptr, int(rows.size()));
}

void BlocksPanel::showContextMenu(const QPoint &position)
{
    // The rows move while the menu is open, so its actions capture clients, not rows.
    const QList<QHostAddress> clients = chosen();
    if (clients.isEmpty())
        return;
    QStringList names;
    for (const QHostAddress &client : clients)
        names.append(client.toString());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(liftText(), this, [this, clients] { Q_EMIT liftRequested(clients); });
    menu->addAction(tr("&Copy client"), this,
                    [names] { QApplication::clipboard()->setText(names.join(QLatin1Char('\n'))); });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

} // namespace sami::gui
