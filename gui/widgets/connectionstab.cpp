// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/connectionstab.h"

#include "gui/control/preferences.h"
#include "gui/control/proxycontroller.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/models/traffichistory.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/detailspane.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/recentpane.h"
#include "gui/widgets/tables.h"
#include "gui/widgets/trafficchart.h"

#include <QAbstractProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace sami::gui {

namespace {

/// The engine remembers the last thousand that have finished. They are fetched after half as many,
/// even while the window is hidden, so that the totals miss none.
constexpr quint64 mergeInterval = 500;

} // namespace

ConnectionsTab::ConnectionsTab(ProxyController &controller, const Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_history(new TrafficHistory(controller, this)),
      m_recent(new RecentModel(this)), m_splitter(new QSplitter(Qt::Vertical, this)),
      m_page(new ConnectionsPage(controller, dialogs, m_splitter)),
      m_lower(new QTabWidget(m_splitter)),
      m_details(new DetailsPane(m_page->connections(), *m_recent, m_lower)),
      m_recentPane(new RecentPane(m_recent, controller, dialogs, m_lower)),
      m_hosts(new HostsPane(controller, dialogs, m_lower)),
      m_chart(new TrafficChart(*m_history, m_lower))
{
    m_lower->setDocumentMode(true);
    // The settings file uses these names for the pane that was in front.
    m_details->setObjectName(QStringLiteral("details"));
    m_recentPane->setObjectName(QStringLiteral("recent"));
    m_hosts->setObjectName(QStringLiteral("hosts"));
    m_chart->setObjectName(QStringLiteral("traffic"));
    m_lower->addTab(m_details, tr("De&tails"));
    m_lower->addTab(m_recentPane, tr("&Finished"));
    m_lower->addTab(m_hosts, tr("H&osts"));
    m_lower->addTab(m_chart, tr("Tr&affic"));
    m_splitter->addWidget(m_page);
    m_splitter->addWidget(m_lower);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_splitter);

    connectParts();
}

ConnectionsTab::~ConnectionsTab() = default;

void ConnectionsTab::connectParts()
{
    connect(m_page, &ConnectionsPage::currentChanged, m_details, &DetailsPane::setConnection);
    connect(m_page, &ConnectionsPage::opened, this, [this](quint64 id) {
        m_details->setConnection(id);
        showDetails();
    });
    whenOpened(m_recentPane->table(), [this](const QModelIndex &index) { showFinished(index); });
    connect(m_hosts, &HostsPane::liveRequested, this, [this](const QString &host) {
        m_page->filterBy(host);
        m_page->table()->setFocus(Qt::OtherFocusReason);
    });
    connect(m_hosts, &HostsPane::finishedRequested, this, [this](const QString &host) {
        m_recentPane->filterBy(host);
        m_lower->setCurrentWidget(m_recentPane);
        m_recentPane->table()->setFocus(Qt::OtherFocusReason);
    });
    connect(m_recent, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) {
                m_hosts->add(m_recent->works().mid(first, last - first + 1));
            });
    connect(m_lower, &QTabWidget::currentChanged, this, &ConnectionsTab::refreshLower);
    // The page has connected its own slot before, so the lower part sees the table's new rows.
    connect(&m_controller, &ProxyController::ticked, this, &ConnectionsTab::handleTick);
    connect(&m_controller, &ProxyController::stateChanged, this, &ConnectionsTab::handleState);
}

void ConnectionsTab::restorePreferences(const Preferences &preferences)
{
    m_page->restoreLayout(preferences.connectionsLayout);
    m_recentPane->restoreLayout(preferences.recentLayout);
    m_hosts->restoreLayout(preferences.hostsLayout);
    m_splitter->restoreState(preferences.connectionsSplitter);
    showTabNamed(*m_lower, preferences.lowerPane);
}

void ConnectionsTab::storePreferences(Preferences &preferences) const
{
    preferences.connectionsLayout = m_page->saveLayout();
    preferences.recentLayout = m_recentPane->saveLayout();
    preferences.hostsLayout = m_hosts->saveLayout();
    preferences.connectionsSplitter = m_splitter->saveState();
    preferences.lowerPane =
        m_lower->currentIndex() ? m_lower->currentWidget()->objectName() : QString();
}

void ConnectionsTab::handleTick()
{
    const bool isDue = m_controller.totals().requests >= m_mergedAt + mergeInterval;
    if (isDue)
        mergeFinished();
    refreshLower();
}

void ConnectionsTab::handleState()
{
    // What a stop cut can be read until the next start.
    mergeFinished();
    if (m_controller.state() == ProxyState::Stopped)
        m_hosts->endRun();
}

void ConnectionsTab::showDetails()
{
    m_lower->setCurrentWidget(m_details);
    m_details->setFocus(Qt::OtherFocusReason);
}

void ConnectionsTab::showFinished(const QModelIndex &index)
{
    const auto *filter = qobject_cast<const QAbstractProxyModel *>(index.model());
    m_details->setFinished(m_recent->at(filter->mapToSource(index).row()));
    showDetails();
}

void ConnectionsTab::refreshLower()
{
    if (!isSeen(this) || m_chart->isVisible())
        return;
    mergeFinished();
    if (m_details->isVisible())
        m_details->refresh();
    if (m_hosts->isVisible())
        m_hosts->refresh(m_page->connections().snapshots());
}

void ConnectionsTab::mergeFinished()
{
    const ViewAnchor anchor(m_recentPane->table());
    m_recent->merge(m_controller.finishedWork());
    m_mergedAt = m_controller.totals().requests;
}

} // namespace sami::gui
