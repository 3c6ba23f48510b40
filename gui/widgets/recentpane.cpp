// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/recentpane.h"

#include "gui/control/proxycontroller.h"
#include "gui/models/recentfilter.h"
#include "gui/models/recentmodel.h"
#include "gui/text/wording.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/cutmark.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/remedymenu.h"
#include "gui/widgets/tables.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <array>
#include <optional>
#include <utility>

namespace sami::gui {

namespace {

/// The order in the list of endings: what users look for comes first.
constexpr std::array endingsInOrder { EndKind::Cut, EndKind::Refused, EndKind::Unreached,
                                      EndKind::Complete, EndKind::Unused };

/// In characters, for a cell's text in a menu.
constexpr int maxShownCell = 40;

/// Text for a menu: a foreign "&" is no mnemonic, and a long text does not widen the menu.
QString forMenu(QString text, const QFontMetrics &metrics)
{
    text = metrics.elidedText(text, Qt::ElideMiddle, maxShownCell * metrics.averageCharWidth());
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

} // namespace

RecentPane::RecentPane(RecentModel *model, ProxyController &controller, Dialogs dialogs,
                       QWidget *parent)
    : QWidget(parent), m_model(model), m_filter(new RecentFilter(this)), m_controller(controller),
      m_dialogs(std::move(dialogs)), m_search(new QLineEdit(this)), m_endings(new QComboBox(this)),
      m_count(makeLabel(this)), m_table(new QTableView(this))
{
    m_filter->setSourceModel(model);
    buildFilterBar();
    auto *save = new QPushButton(tr("Export as CS&V…"), this);
    connect(save, &QPushButton::clicked, this, &RecentPane::exportCsv);
    buildTable();

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_endings);
    bar->addWidget(m_count);
    bar->addWidget(save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);

    connect(model, &QAbstractItemModel::rowsInserted, this, &RecentPane::updateCount);
    updateCount();
}

void RecentPane::buildFilterBar()
{
    m_search->setPlaceholderText(tr("Filter by any of the columns"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        updateCount();
    });

    m_endings->setAccessibleName(tr("Result"));
    m_endings->setSizeAdjustPolicy(QComboBox::AdjustToContents); // the counts grow
    m_endings->view()->setAccessibleName(m_endings->accessibleName());
    m_endings->addItem(tr("All"));
    for (const EndKind ending : endingsInOrder)
        m_endings->addItem(Wording::ending(ending), int(ending));
    connect(m_endings, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant ending = m_endings->currentData();
        m_filter->setEnding(ending.isValid() ? std::optional(EndKind(ending.toInt()))
                                             : std::nullopt);
        updateCount();
    });
}

void RecentPane::buildTable()
{
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Finished requests and tunnels"));
    prepareTable(m_table);
    new ColumnFit(m_table, m_model->widths());
    connectSearch(m_search, m_table);
    // The ending, which users look for first, stands beside the client.
    QHeaderView *columns = m_table->horizontalHeader();
    columns->moveSection(RecentModel::Why, columns->visualIndex(RecentModel::Method));
    columns->moveSection(columns->visualIndex(RecentModel::Ending),
                         columns->visualIndex(RecentModel::Why));
    columns->moveSection(columns->visualIndex(RecentModel::Via),
                         columns->visualIndex(RecentModel::Host) + 1);
    for (int column = 0; column < m_model->columnCount(); ++column)
        columns->setSectionHidden(column,
                                  RecentModel::columns()[std::size_t(column)].isHiddenAtFirst);
    showWays();
    connect(&m_controller, &ProxyController::settingsChanged, this, &RecentPane::showWays);
    for (const int column : { RecentModel::Ending, RecentModel::Why })
        m_table->setItemDelegateForColumn(column, new CutMarkDelegate(m_table));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RecentModel::Time, Qt::DescendingOrder);
    connect(m_table, &QWidget::customContextMenuRequested, this, &RecentPane::showContextMenu);
}

void RecentPane::showWays()
{
    ColumnFit::of(m_table)->setAvailable(RecentModel::Via, m_controller.hasServers());
}

QByteArray RecentPane::saveLayout() const
{
    return ColumnFit::of(m_table)->save(RecentModel::layoutVersion);
}

void RecentPane::restoreLayout(const QByteArray &layout)
{
    ColumnFit::of(m_table)->restore(RecentModel::layoutVersion, layout);
}

void RecentPane::updateCount()
{
    for (int i = 1; i < m_endings->count(); ++i) {
        const auto ending = EndKind(m_endings->itemData(i).toInt());
        m_endings->setItemText(
            i, tr("%1 (%2)").arg(Wording::ending(ending)).arg(m_model->count(ending)));
    }
    const int shown = m_filter->rowCount();
    const int all = m_model->rowCount();
    m_count->setText(shown == all ? tr("%n finished", nullptr, all)
                                  : tr("%1 of %n finished", nullptr, all).arg(shown));
}

void RecentPane::filterBy(const QString &words)
{
    m_search->setText(words);
}

void RecentPane::showContextMenu(const QPoint &position)
{
    const QModelIndex clicked = m_table->indexAt(position);
    if (!clicked.isValid())
        return;
    // The rows move while the menu is open, so its actions capture values, not rows.
    const account::FinishedWork work = m_model->at(m_filter->mapToSource(clicked).row());
    const QString cell = clicked.data().toString();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(copyAction(m_table));
    QAction *copyCell = menu->addAction(
        cell.isEmpty() ? tr("Copy v&alue") : tr("Copy “%1”").arg(forMenu(cell, fontMetrics())),
        this, [cell] { QApplication::clipboard()->setText(cell); });
    copyCell->setEnabled(!cell.isEmpty());
    menu->addSeparator();
    addFilters(menu, work);
    addRemediesOf(menu, work);
    menu->addSeparator();
    ColumnFit::of(m_table)->addActions(menu->addMenu(tr("Colu&mns")));
    menu->addAction(tr("Export as CS&V…"), this, &RecentPane::exportCsv);
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void RecentPane::addFilters(QMenu *menu, const account::FinishedWork &work)
{
    const auto add = [&](const QString &text, const QString &words) {
        QAction *action = menu->addAction(text, this, [this, words] { filterBy(words); });
        action->setEnabled(!words.isEmpty());
    };
    add(tr("Only this &destination"), QString::fromUtf8(work.endpoint.host));
    add(tr("Only this c&lient"), work.client.toString());
    add(tr("Only this &user"), QString::fromUtf8(work.user));
}

void RecentPane::addRemediesOf(QMenu *menu, const account::FinishedWork &work)
{
    if (work.ending.how != account::EndedHow::Refused)
        return;
    account::RefusalRow refusal;
    refusal.client = work.client;
    refusal.destination = work.endpoint;
    refusal.reason = work.ending.reason.refusal();
    const QList<Remedy> remedies = Remedy::of(refusal, m_controller.settings(),
                                              m_controller.blocks(), m_controller.privateClients());
    if (remedies.isEmpty())
        return;
    menu->addSeparator();
    RemedyDesk { m_controller, m_dialogs, this }.addTo(menu, remedies);
}

QList<int> RecentPane::shownRows() const
{
    QList<int> rows;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        rows.append(m_filter->mapToSource(m_filter->index(row, 0)).row());
    return rows;
}

void RecentPane::exportCsv()
{
    // RFC 4180 ends lines with CRLF.
    QString text = m_model->csvHeader() + QStringLiteral("\r\n");
    const QList<int> rows = shownRows();
    for (const int row : rows)
        text += m_model->csvLine(row) + QStringLiteral("\r\n");
    m_dialogs.save(this, tr("Export finished requests"), QStringLiteral("sami-llm-proxy.csv"),
                   text);
}

} // namespace sami::gui
