// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/mainwindow.h"

#include "gui/control/preferences.h"
#include "gui/control/proxycontroller.h"
#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedbadge.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/emptystates.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/stateicon.h"
#include "gui/widgets/statusbanner.h"
#include "gui/widgets/tabchain.h"
#include "gui/widgets/tables.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QShowEvent>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace sami::gui {

namespace {

/// Raise it when columns of the refusals come or go: an older layout would mean other columns.
constexpr int deniedLayoutVersion = 1;

} // namespace

MainWindow::MainWindow(ProxyController &controller, AppActions &actions, LogTap &log,
                       const Dialogs &dialogs, QWidget *parent)
    : QMainWindow(parent), m_controller(controller), m_tabs(new QTabWidget(this)),
      m_connections(new ConnectionsTab(controller, dialogs, this)),
      m_denied(new DeniedPage(controller, dialogs, this)),
      m_log(new LogPage(controller, log, dialogs, this)), m_rates(makeLabel(this)),
      m_totals(makeLabel(this))
{
    setWindowTitle(QStringLiteral("Sami LLM Proxy"));
    setWindowIcon(applicationIcon());
    // The settings file uses these names for the pane that was in front.
    m_connections->setObjectName(QStringLiteral("connections"));
    m_denied->setObjectName(QStringLiteral("denied"));
    m_log->setObjectName(QStringLiteral("log"));
    m_tabs->addTab(m_connections, tr("Act&ivity"));
    m_tabs->addTab(m_denied, tr("&Denied"));
    m_tabs->addTab(m_log, tr("&Log"));

    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->addWidget(new StatusBanner(controller, actions, centre));
    m_notices = new QVBoxLayout;
    layout->addLayout(m_notices);
    layout->addWidget(m_tabs, 1);
    setCentralWidget(centre);
    statusBar()->addWidget(m_rates, 1);
    const auto *badge = new DeniedBadge(controller, m_tabs, m_denied);
    connect(badge->blockedButton(), &QPushButton::clicked, this, &MainWindow::showDenied);
    statusBar()->addPermanentWidget(badge->blockedButton());
    m_totals->setToolTip(PlainText::toolTip(
        tr("Since the program was started, across stops and starts of the proxy.")));
    statusBar()->addPermanentWidget(m_totals);
    buildMenus(actions);
    new EmptyStates(controller, actions, *this);
    connect(m_denied, &DeniedPage::logRequested, this, [this](const QString &words) {
        m_log->search(words);
        m_tabs->setCurrentWidget(m_log);
    });

    connect(&controller, &ProxyController::ticked, this, &MainWindow::updateStatusLine);
    updateStatusLine();
    resize(960, 600);
}

MainWindow::~MainWindow() = default;

void MainWindow::restorePreferences(const Preferences &preferences)
{
    restoreGeometry(preferences.windowGeometry);
    m_connections->restorePreferences(preferences);
    showTabNamed(*m_tabs, preferences.pane);
    ColumnFit::of(m_denied->table())->restore(deniedLayoutVersion, preferences.deniedLayout);
}

void MainWindow::storePreferences(Preferences &preferences) const
{
    preferences.windowGeometry = saveGeometry();
    m_connections->storePreferences(preferences);
    // The first tab is the default.
    preferences.pane = m_tabs->currentIndex() ? m_tabs->currentWidget()->objectName() : QString();
    preferences.deniedLayout = ColumnFit::of(m_denied->table())->save(deniedLayoutVersion);
}

void MainWindow::addNotice(QWidget *notice)
{
    m_notices->addWidget(notice);
}

void MainWindow::showDenied()
{
    m_tabs->setCurrentWidget(m_denied);
    m_denied->showBlocks();
}

void MainWindow::buildMenus(AppActions &actions)
{
    QMenu *proxy = menuBar()->addMenu(tr("&Proxy"));
    proxy->addActions({ actions.startStop, actions.drain, actions.closeAll });
    proxy->addSeparator();
    proxy->addMenu(actions.copyAddress());
    proxy->addMenu(actions.copySettings());
    proxy->addAction(actions.share);
    proxy->addAction(actions.settings);
    proxy->addSeparator();
    proxy->addAction(actions.quit);
    buildWindowMenu();
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addActions({ actions.firstSteps, actions.about });
}

void MainWindow::buildWindowMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Window"));
    QAction *find = menu->addAction(tr("&Find"), this, [this] {
        if (QLineEdit *search = nearestSearch(this)) {
            search->setFocus(Qt::ShortcutFocusReason);
            search->selectAll();
        }
    });
    find->setShortcuts(QKeySequence::Find);
    QAction *closing = menu->addAction(tr("&Close window"), this, &QWidget::close);
    closing->setShortcuts(QKeySequence::Close);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    // Ignoring it would veto the logout.
    if (qGuiApp->isSavingSession())
        return;
    event->ignore();
    Q_EMIT closeRequested();
}

bool MainWindow::focusNextPrevChild(bool isNext)
{
    return focusNextInReadingOrder(*this, isNext);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (!event->spontaneous())
        fitToScreen(*this);
}

void MainWindow::updateStatusLine()
{
    if (!isVisible())
        return;
    const TrafficSample &traffic = m_controller.traffic();
    const account::Totals totals = m_controller.totals();
    const auto shown = [](double rate) { return rate < 1 ? tr("0 B/s") : Formatting::rate(rate); };
    m_rates->setText(
        tr("%n live", nullptr, int(traffic.live))
        + QStringLiteral("   ↑ %1   ↓ %2").arg(shown(traffic.up), shown(traffic.down)));
    m_totals->setText(tr("Since %1: ↑ %2  ↓ %3, %n request(s)", "when the program was started",
                         int(qMin<quint64>(totals.requests, INT_MAX)))
                          .arg(Formatting::time(m_controller.totalsBegan()),
                               Formatting::octets(totals.up), Formatting::octets(totals.down)));
}

} // namespace sami::gui
