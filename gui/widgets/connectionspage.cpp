// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/connectionspage.h"

#include "gui/control/proxycontroller.h"
#include "gui/models/connectionsfilter.h"
#include "gui/models/connectionsmodel.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace sami::gui {

namespace {

using LiveColumn = TableColumn<LiveConnection>;

const LiveColumn &columnOf(int column)
{
    return ConnectionsModel::columns()[std::size_t(column)];
}

} // namespace

ConnectionsPage::ConnectionsPage(ProxyController &controller, Dialogs dialogs, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_dialogs(std::move(dialogs)),
      m_model(new ConnectionsModel(this)), m_filter(new ConnectionsFilter(m_model, this)),
      m_search(new QLineEdit(this)), m_states(new QComboBox(this)), m_pause(new QToolButton(this)),
      m_count(makeLabel(this)), m_table(new QTableView(this)), m_close(new QAction(m_table))
{
    buildFilterBar();
    buildTable();
    buildActions();

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_states);
    bar->addWidget(m_pause);
    bar->addWidget(m_count);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);

    connect(&m_controller, &ProxyController::ticked, this, &ConnectionsPage::handleTick);
    updateCount();
}

ConnectionsPage::~ConnectionsPage() = default;

void ConnectionsPage::buildFilterBar()
{
    m_search->setPlaceholderText(tr("Filter by client, user, destination or method"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        preservingView([&] { m_filter->setText(text); });
        updateCount();
    });

    m_states->setAccessibleName(tr("State"));
    m_states->addItem(tr("All states"));
    for (const LiveState state : { LiveState::Unused, LiveState::Connecting, LiveState::Streaming,
                                   LiveState::Waiting, LiveState::Idle, LiveState::Closing })
        m_states->addItem(Wording::state(state), int(state));
    connect(m_states, &QComboBox::currentIndexChanged, this, &ConnectionsPage::applyStateFilter);

    m_pause->setText(tr("Pause"));
    m_pause->setToolTip(PlainText::toolTip(tr("Hold the table still. The proxy goes on.")));
    m_pause->setCheckable(true);
    connect(m_pause, &QToolButton::toggled, this, &ConnectionsPage::setPaused);
}

void ConnectionsPage::buildTable()
{
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Live connections"));
    prepareTable(m_table);
    connect(m_table, &QWidget::customContextMenuRequested, this, &ConnectionsPage::showContextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ConnectionsPage::handleCurrent);

    for (int column = 0; column < m_model->columnCount(); ++column)
        m_table->setColumnHidden(column, columnOf(column).isHiddenAtFirst);
    new ColumnFit(m_table, m_model->widths());
    showWays();
    connect(&m_controller, &ProxyController::settingsChanged, this, &ConnectionsPage::showWays);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ConnectionsModel::Age, Qt::AscendingOrder);
    connectSearch(m_search, m_table);
}

void ConnectionsPage::showWays()
{
    ColumnFit::of(m_table)->setAvailable(ConnectionsModel::Via, m_controller.hasServers());
}

void ConnectionsPage::buildActions()
{
    m_close->setShortcuts(deleteKeys());
    m_close->setShortcutContext(Qt::WidgetShortcut);
    m_close->setShortcutVisibleInContextMenu(true);
    m_table->addAction(m_close);
    connect(m_close, &QAction::triggered, this, [this] { close(selectedRows()); });
    const auto countChosen = [this] {
        const int chosen = int(m_table->selectionModel()->selectedRows().size());
        m_close->setText(tr("C&lose %n connection(s)", nullptr, chosen));
    };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, countChosen);
    countChosen();
    whenOpened(m_table, [this](const QModelIndex &index) {
        Q_EMIT opened(m_filter->connection(index).values.id);
    });
}

QByteArray ConnectionsPage::saveLayout() const
{
    return ColumnFit::of(m_table)->save(ConnectionsModel::layoutVersion);
}

void ConnectionsPage::restoreLayout(const QByteArray &layout)
{
    ColumnFit::of(m_table)->restore(ConnectionsModel::layoutVersion, layout);
}

void ConnectionsPage::filterBy(const QString &words)
{
    m_search->setText(words);
}

void ConnectionsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_pause->isChecked())
        synchronize();
}

void ConnectionsPage::handleTick()
{
    if (!isSeen(this))
        return;
    if (m_pause->isChecked())
        updateCount();
    else
        synchronize();
}

void ConnectionsPage::synchronize()
{
    preservingView([this] {
        m_model->synchronize(m_controller.snapshot().connections, Clock::now());
        m_filter->refresh();
    });
    // Ages and waiting times change without the model; this repaints only the visible rows.
    m_table->viewport()->update();
    updateCount();
}

void ConnectionsPage::preservingView(const std::function<void()> &change)
{
    // If the order changes at every tick, rows cannot be kept in place.
    const int column = m_filter->sortColumn();
    std::optional<ViewAnchor> anchor;
    if (column < 0 || columnOf(column).changes != LiveColumn::Changes::AtTicks)
        anchor.emplace(m_table);
    m_isHeld = true;
    m_table->setAutoScroll(false);
    change();
    // Qt makes the neighbour of a removed current row current; nobody chose that one.
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid() && m_filter->connection(current).values.id != m_current)
        m_table->selectionModel()->setCurrentIndex({}, QItemSelectionModel::NoUpdate);
    m_table->setAutoScroll(true);
    m_isHeld = false;
}

void ConnectionsPage::handleCurrent(const QModelIndex &current)
{
    if (m_isHeld)
        return;
    m_current = current.isValid() ? m_filter->connection(current).values.id : 0;
    Q_EMIT currentChanged(m_current);
}

void ConnectionsPage::setPaused(bool paused)
{
    m_acceptedAtPause = m_controller.totals().connections;
    if (!paused)
        synchronize();
    updateCount();
}

void ConnectionsPage::updateCount()
{
    if (m_pause->isChecked()) {
        const quint64 accepted = m_controller.totals().connections;
        const quint64 fresh = accepted > m_acceptedAtPause ? accepted - m_acceptedAtPause : 0;
        m_count->setText(tr("paused, %n new", nullptr, int(qMin<quint64>(fresh, INT_MAX))));
        return;
    }
    const int shown = m_filter->rowCount();
    const int all = m_model->rowCount();
    m_count->setText(shown == all ? tr("%n connection(s)", nullptr, all)
                                  : tr("%1 of %n connection(s)", nullptr, all).arg(shown));
}

void ConnectionsPage::applyStateFilter()
{
    const QVariant state = m_states->currentData();
    preservingView([&] {
        m_filter->setState(state.isValid() ? std::optional(LiveState(state.toInt()))
                                           : std::nullopt);
    });
    updateCount();
}

QList<ConnectionsPage::Chosen> ConnectionsPage::selectedRows() const
{
    QList<Chosen> chosen;
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end()); // in the order shown, not the order clicked
    for (const QModelIndex &row : std::as_const(rows)) {
        const account::ConnectionSnapshot &values = m_filter->connection(row).values;
        chosen.append({ values.id, values.client });
    }
    return chosen;
}

void ConnectionsPage::showContextMenu(const QPoint &position)
{
    // The rows move while the menu is open, so its actions capture connections, not rows.
    const QList<Chosen> rows = selectedRows();
    const QModelIndex clicked = m_table->indexAt(position);
    if (rows.isEmpty() || !clicked.isValid())
        return;
    const QString host = QString::fromUtf8(m_filter->connection(clicked).values.endpoint.host);

    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(copyAction(m_table));
    menu->addAction(tr("Copy as CS&V"), this, [this, rows] { copyCsv(rows); });
    QAction *copyHost = menu->addAction(tr("Copy &destination"), this,
                                        [host] { QApplication::clipboard()->setText(host); });
    QAction *filterHost =
        menu->addAction(tr("&Filter by this destination"), this, [this, host] { filterBy(host); });
    copyHost->setEnabled(!host.isEmpty());
    filterHost->setEnabled(!host.isEmpty());
    ColumnFit::of(m_table)->addActions(menu->addMenu(tr("Colu&mns")));
    menu->addSeparator();
    QAction *closing = menu->addAction(tr("C&lose %n connection(s)", nullptr, int(rows.size())),
                                       this, [this, rows] { close(rows); });
    // Only displayed: the shortcut belongs to the table, and the menu is closed before it is
    // pressed.
    closing->setShortcuts(m_close->shortcuts());
    closing->setShortcutContext(Qt::WidgetShortcut);
    closing->setShortcutVisibleInContextMenu(true);
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void ConnectionsPage::copyCsv(const QList<Chosen> &rows) const
{
    QStringList lines;
    for (const Chosen &chosen : rows) {
        const int row = m_model->rowOf(chosen.id);
        if (row >= 0 && m_model->at(row).values.client == chosen.client)
            lines.append(m_model->csvLine(row));
    }
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void ConnectionsPage::close(const QList<Chosen> &rows)
{
    // As they are now, even if the table is paused or a question was open.
    const auto stillThere = [&] {
        QList<account::ConnectionSnapshot> found;
        const QList<account::ConnectionSnapshot> live = m_controller.snapshot().connections;
        std::copy_if(live.begin(), live.end(), std::back_inserter(found), [&](const auto &row) {
            return std::any_of(rows.begin(), rows.end(), [&](const Chosen &chosen) {
                return chosen.id == row.id && chosen.client == row.client;
            });
        });
        return found;
    };
    const QList<account::ConnectionSnapshot> before = stillThere();
    const auto streams = std::count_if(before.begin(), before.end(), [](const auto &row) {
        return row.phase == account::ConnectionPhase::Exchange
            || row.phase == account::ConnectionPhase::Tunnel;
    });
    const int count = int(before.size());
    if (streams > 0
        && !m_dialogs.ask(this,
                          { tr("Close connections"),
                            tr("%n stream(s) are running and would be cut.", nullptr, int(streams)),
                            { tr("Close %n connection(s)", nullptr, count) } }))
        return;
    const QList<account::ConnectionSnapshot> now = streams > 0 ? stillThere() : before;
    for (const account::ConnectionSnapshot &row : now)
        m_controller.closeConnection(row.id);
}

} // namespace sami::gui
