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
#include "gui/widgets/recentpane.h"
#include "gui/widgets/tables.h"
#include "gui/widgets/trafficchart.h"

#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

namespace sami::gui {

ConnectionsTab::ConnectionsTab(ProxyController &controller, const Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_history(new TrafficHistory(controller, this)),
      m_recent(new RecentModel(this)), m_splitter(new QSplitter(Qt::Vertical, this)),
      m_page(new ConnectionsPage(controller, dialogs, m_splitter)), m_lower(new QTabWidget(m_splitter)),
      m_details(new DetailsPane(m_page->connections(), *m_recent, m_lower)),
      m_recentPane(new RecentPane(m_recent, controller, dialogs, m_lower)),
      m_hosts(new HostsPane(m_lower)), m_chart(new TrafficChart(*m_history, m_lower))
{
    m_lower->setDocumentMode(true);
    // Under these names the settings file has the pane that was last in front.
    m_details->setObjectName(QStringLiteral("details"));
    m_recentPane->setObjectName(QStringLiteral("recent"));
    m_hosts->setObjectName(QStringLiteral("hosts"));
    m_chart->setObjectName(QStringLiteral("traffic"));
    m_lower->addTab(m_details, tr("De&tails"));
    m_lower->addTab(m_recentPane, tr("&Recent"));
    m_lower->addTab(m_hosts, tr("H&osts"));
    m_lower->addTab(m_chart, tr("Tr&affic"));
    m_splitter->addWidget(m_page);
    m_splitter->addWidget(m_lower);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_splitter);

    connect(m_page, &ConnectionsPage::currentChanged, m_details, &DetailsPane::setConnection);
    connect(m_lower, &QTabWidget::currentChanged, this, &ConnectionsTab::refreshLower);
    // Behind the page's own: the lower part shows the rows that the table shows.
    connect(&controller, &ProxyController::ticked, this, &ConnectionsTab::handleTick);
    // What a stop cut can be read until the next start.
    connect(&controller, &ProxyController::stateChanged, this, &ConnectionsTab::mergeFinished);
}

ConnectionsTab::~ConnectionsTab() = default;

void ConnectionsTab::restorePreferences(const Preferences &preferences)
{
    m_page->restoreLayout(preferences.connectionsLayout);
    m_recentPane->restoreLayout(preferences.recentLayout);
    m_splitter->restoreState(preferences.connectionsSplitter);
    showNamed(*m_lower, preferences.lowerPane);
}

void ConnectionsTab::storePreferences(Preferences &preferences) const
{
    preferences.connectionsLayout = m_page->saveLayout();
    preferences.recentLayout = m_recentPane->saveLayout();
    preferences.connectionsSplitter = m_splitter->saveState();
    preferences.lowerPane =
        m_lower->currentIndex() ? m_lower->currentWidget()->objectName() : QString();
}

void ConnectionsTab::handleTick()
{
    refreshLower();
}

void ConnectionsTab::refreshLower()
{
    if (!isSeen(this) || m_chart->isVisible())
        return;
    mergeFinished();
    if (m_details->isVisible())
        m_details->refresh();
    if (m_hosts->isVisible())
        m_hosts->refresh(m_recent->works(), m_page->connections().snapshots());
}

void ConnectionsTab::mergeFinished()
{
    const ViewAnchor anchor(m_recentPane->table());
    m_recent->merge(m_controller.finishedWork());
}

} // namespace sami::gui
