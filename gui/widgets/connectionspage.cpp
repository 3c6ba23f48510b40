// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/connectionspage.h"

#include "gui/control/proxycontroller.h"
#include "gui/models/connectionsfilter.h"
#include "gui/models/connectionsmodel.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

namespace sami::gui {

namespace {

/// Shown unless the user says otherwise; the others are one right click on the header away.
constexpr std::array shownAtFirst { ConnectionsModel::Client, ConnectionsModel::Host,
                                    ConnectionsModel::Method, ConnectionsModel::State,
                                    ConnectionsModel::Up,     ConnectionsModel::Down,
                                    ConnectionsModel::Rate,   ConnectionsModel::Age };

/// Raised when columns come or go: an older layout would mean other columns.
constexpr int layoutVersion = 1;

/// Widths in average characters.
int widthOf(int column)
{
    switch (column) {
    case ConnectionsModel::Client:
        return 25;
    case ConnectionsModel::Host:
        return 36;
    case ConnectionsModel::State:
        return 26;
    default:
        return 11;
    }
}

} // namespace

ConnectionsPage::ConnectionsPage(ProxyController &controller, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_model(new ConnectionsModel(this)),
      m_filter(new ConnectionsFilter(m_model, this)), m_search(new QLineEdit(this)),
      m_states(new QComboBox(this)), m_pause(new QToolButton(this)), m_count(makeLabel(this)),
      m_table(new QTableView(this))
{
    buildFilterBar();
    buildTable();

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
        holdingTheView([&] { m_filter->setText(text); });
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

    QHeaderView *columns = m_table->horizontalHeader();
    columns->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(columns, &QWidget::customContextMenuRequested, this, &ConnectionsPage::showColumnMenu);
    for (int column = 0; column < ConnectionsModel::ColumnCount; ++column) {
        setColumnWidth(m_table, column, widthOf(column));
        columns->setSectionHidden(column,
                                  std::find(shownAtFirst.begin(), shownAtFirst.end(), column)
                                      == shownAtFirst.end());
    }
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ConnectionsModel::Age, Qt::AscendingOrder);
}

QByteArray ConnectionsPage::saveLayout() const
{
    return char(layoutVersion) + m_table->horizontalHeader()->saveState();
}

void ConnectionsPage::restoreLayout(const QByteArray &layout)
{
    if (layout.isEmpty() || layout.front() != char(layoutVersion))
        return;
    m_table->horizontalHeader()->restoreState(layout.sliced(1));
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
    holdingTheView([this] {
        m_model->synchronize(m_controller.snapshot().connections, Clock::now());
        m_filter->refresh();
    });
    // Ages and waiting times go on without a change of the model; only what is seen is painted.
    m_table->viewport()->update();
    updateCount();
}

void ConnectionsPage::holdingTheView(const std::function<void()> &change)
{
    // In an order that changes all the time no row has a place to stay at.
    const int column = m_filter->sortColumn();
    std::optional<ViewAnchor> anchor;
    if (column < ConnectionsModel::State || column > ConnectionsModel::Silence)
        anchor.emplace(m_table);
    m_isHeld = true;
    m_table->setAutoScroll(false);
    change();
    // The place of a current row that went is given to its neighbour: nobody chose that one.
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
    holdingTheView([&] {
        m_filter->setState(state.isValid() ? std::optional(LiveState(state.toInt()))
                                           : std::nullopt);
    });
    updateCount();
}

QList<quint64> ConnectionsPage::selectedIds() const
{
    QList<quint64> ids;
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end()); // as they are seen, not as they were clicked
    for (const QModelIndex &row : std::as_const(rows))
        ids.append(m_filter->connection(row).values.id);
    return ids;
}

void ConnectionsPage::showContextMenu(const QPoint &position)
{
    // The rows move while the menu is open: its actions know connections, not rows.
    const QList<quint64> ids = selectedIds();
    const QModelIndex clicked = m_table->indexAt(position);
    if (ids.isEmpty() || !clicked.isValid())
        return;
    const QString host = QString::fromUtf8(m_filter->connection(clicked).values.endpoint.host);

    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, [this, ids] { copy(ids, QLatin1Char('\t')); });
    menu->addAction(tr("Copy as CS&V"), this, [this, ids] { copy(ids, QLatin1Char(',')); });
    QAction *copyHost = menu->addAction(tr("Copy &destination"), this,
                                        [host] { QApplication::clipboard()->setText(host); });
    QAction *filterHost = menu->addAction(tr("&Filter by this destination"), this,
                                          [this, host] { m_search->setText(host); });
    copyHost->setEnabled(!host.isEmpty());
    filterHost->setEnabled(!host.isEmpty());
    menu->addSeparator();
    menu->addAction(tr("C&lose %n connection(s)", nullptr, int(ids.size())), this,
                    [this, ids] { close(ids); });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void ConnectionsPage::copy(const QList<quint64> &ids, QChar separator) const
{
    QStringList lines;
    for (const quint64 id : ids) {
        if (const int row = m_model->rowOf(id); row >= 0)
            lines.append(m_model->rowText(row, separator));
    }
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void ConnectionsPage::close(const QList<quint64> &ids)
{
    for (const quint64 id : ids) {
        // Gone: its number may be another connection's after a restart of the proxy.
        if (m_model->rowOf(id) >= 0)
            m_controller.closeConnection(id);
    }
}

void ConnectionsPage::showColumnMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QHeaderView *columns = m_table->horizontalHeader();
    for (int column = 0; column < ConnectionsModel::ColumnCount; ++column) {
        QAction *action = menu->addAction(
            m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!columns->isSectionHidden(column));
        // Without a column there would be no header left to bring one back with.
        const bool isLast = columns->count() - columns->hiddenSectionCount() == 1;
        action->setEnabled(!(isLast && action->isChecked()));
        connect(action, &QAction::toggled, columns,
                [columns, column](bool isShown) { columns->setSectionHidden(column, !isShown); });
    }
    menu->popup(columns->mapToGlobal(position));
}

} // namespace sami::gui
