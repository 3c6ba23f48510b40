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

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

/// The engine remembers the last thousand that have finished. They are fetched after half as many,
/// even while the window is hidden, so that the totals miss none. Where that many finish in less
/// than a second, a timer fetches them between the ticks, but not more often than this.
constexpr quint64 mergeInterval = 500;
constexpr std::chrono::milliseconds shortestMerge { 50 };

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
    connect(&m_between, &QTimer::timeout, this, &ConnectionsTab::mergeFinished);
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
    const quint64 finished = m_controller.totals().requests;
    if (finished >= m_mergedAt + mergeInterval)
        mergeFinished();
    mergeBetweenTicks(finished - std::min(std::exchange(m_tickedAt, finished), finished));
    refreshLower();
}

/// The next second is taken to be like the last one, in which so many have finished.
void ConnectionsTab::mergeBetweenTicks(quint64 finished)
{
    if (finished <= mergeInterval) {
        m_between.stop();
        return;
    }
    const double share = double(mergeInterval) / double(finished);
    const std::chrono::milliseconds pause(
        qint64(double(ProxyController::tickInterval.count()) * share));
    m_between.start(std::max(pause, shortestMerge));
}

void ConnectionsTab::handleState()
{
    // A new run counts from 1 again. What a stop cut can be read until the next start.
    if (m_controller.state() == ProxyState::Running)
        m_lastNumber = 0;
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
    const QList<account::FinishedWork> works = m_controller.finishedWork();
    m_recent->merge(works);
    if (!works.isEmpty()) {
        // The engine's list may have lost some that nobody fetched in time.
        if (works.first().number > m_lastNumber + 1)
            m_hosts->addMissed(works.first().number - m_lastNumber - 1);
        m_lastNumber = works.last().number;
    }
    m_mergedAt = m_controller.totals().requests;
}

} // namespace sami::gui
