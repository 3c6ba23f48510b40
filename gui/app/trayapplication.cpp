// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/trayapplication.h"

#include "base/logging.h"
#include "gui/app/singleinstance.h"
#include "gui/control/logtap.h"
#include "gui/control/ownaddresses.h"
#include "gui/widgets/damagestrip.h"
#include "gui/widgets/failurestrip.h"
#include "gui/widgets/logpage.h"

#include <QApplication>
#include <QFileOpenEvent>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

constexpr char unit[] = "gui.trayapplication";

} // namespace

TrayApplication::Surroundings TrayApplication::desktop()
{
    return { QSystemTrayIcon::isSystemTrayAvailable, MessageBox::ask,
             [] { QCoreApplication::exit(0); } };
}

TrayApplication::TrayApplication(SettingsStore &store, std::unique_ptr<server::Engine> engine,
                                 LogTap &log, Surroundings surroundings)
    : m_store(store), m_surroundings(std::move(surroundings)),
      m_controller(std::move(engine), store),
      m_passwords(store, std::move(m_surroundings.keychain), m_surroundings.passwords,
                  m_surroundings.keychainPatience),
      m_ways(m_controller, this), m_stranded(m_controller, m_surroundings.ask),
      m_actions(m_controller), m_dock(m_surroundings.setInDock),
      m_window(m_controller, m_actions, log),
      m_tray(m_controller, m_actions, m_surroundings.hasTray), m_notices(m_controller, m_tray),
      m_departure(m_controller, m_surroundings.exit), m_sessionEnd(this)
{
    QGuiApplication::setQuitOnLastWindowClosed(false);
    m_trayPatience.setSingleShot(true);
    m_trayPatience.setInterval(trayPatience);
    m_clickRest.setSingleShot(true);
    connect(&m_trayPatience, &QTimer::timeout, this, &TrayApplication::handleTrayPatience);

    connect(m_actions.open, &QAction::triggered, this, &TrayApplication::show);
    connect(m_actions.settings, &QAction::triggered, this, &TrayApplication::showSettings);
    connect(m_actions.firstSteps, &QAction::triggered, this, &TrayApplication::showFirstSteps);
    connect(m_actions.share, &QAction::triggered, this, &TrayApplication::showSharing);
    connect(&m_actions, &AppActions::copied, this, &TrayApplication::handleCopied);
    connect(m_actions.about, &QAction::triggered, this, &TrayApplication::showAbout);
    connect(m_actions.startStop, &QAction::triggered, this, &TrayApplication::startOrStop);
    connect(m_actions.closeAll, &QAction::triggered, this, &TrayApplication::closeAll);
    connect(m_actions.quit, &QAction::triggered, this, [this] { quit(true); });
    // Where a click already opens the menu, the window would cover it.
    if (!m_surroundings.trayClickOpensMenu)
        connect(&m_tray, &TrayIcon::activated, this, &TrayApplication::toggle);
    connect(&m_tray, &TrayIcon::hostChanged, this, &TrayApplication::handleTrayHost);
    connect(&m_notices, &TrayNotices::windowWanted, this, &TrayApplication::show);
    connect(&m_notices, &TrayNotices::deniedWanted, this, [this] {
        show();
        m_window.showDenied();
    });
    connect(&m_notices, &TrayNotices::serversWanted, this, [this] {
        show();
        showServers();
    });
    connect(&m_tray, &TrayIcon::messageClicked, &m_sessionEnd, &SessionEnd::lapse);
    connect(&m_tray.menu(), &QMenu::aboutToShow, &m_sessionEnd, &SessionEnd::lapse);
    connect(&m_window, &MainWindow::closeRequested, this, &TrayApplication::handleCloseRequest);
    connect(&m_controller, &ProxyController::noticed, &m_notices, &TrayNotices::tell);
    connect(&m_ways, &WayWatch::noticed, &m_notices, &TrayNotices::tell);
    connect(&m_passwords, &PasswordsKeeper::passwordsRead, &m_controller,
            &ProxyController::settingsChanged);
    connect(&m_passwords, &PasswordsKeeper::passwordsRead, &m_controller,
            &ProxyController::tryAgain);
    listenToDesktop();

    auto *failure = new FailureStrip(m_controller, FailureStrip::Words::Elsewhere, &m_window);
    connect(failure, &FailureStrip::settingsWanted, this, &TrayApplication::showSettings);
    connect(failure->again(), &QPushButton::clicked, &m_passwords, &PasswordsKeeper::readAgain);
    m_window.addNotice(failure);
    if (m_store.damage()) {
        auto *damage = new DamageStrip(m_store, m_controller, &m_window);
        connect(damage, &DamageStrip::settingsWanted, this, &TrayApplication::showSettings);
        m_window.addNotice(damage);
    }

    m_window.restorePreferences(store.preferences());
    log.files().setOn(store.preferences().keepsLogFiles);
    connect(m_window.log(), &LogPage::keepFilesChanged, this, [this](bool keeps) {
        Preferences preferences = m_store.preferences();
        preferences.keepsLogFiles = keeps;
        if (const auto saved = m_store.savePreferences(preferences); !saved)
            logError(unit, saved.error().toUtf8());
    });
}

TrayApplication::~TrayApplication() = default;

void TrayApplication::listenToDesktop()
{
    connect(qApp, &QGuiApplication::commitDataRequest, this, &TrayApplication::endSession,
            Qt::DirectConnection);
    connect(qApp, &QCoreApplication::aboutToQuit, this, &TrayApplication::savePreferences);
    qApp->installEventFilter(this);
    m_surroundings.listen({ [self = QPointer(this)] {
                               if (!self)
                                   return;
                               self->m_sessionEnd.lapse();
                               self->show();
                           },
                            [self = QPointer(this)] {
                                if (self)
                                    self->endSession();
                            } });
}

void TrayApplication::start(bool isMinimized)
{
    const Preferences &preferences = m_store.preferences();
    const auto &damage = m_store.damage();
    m_passwords.begin();
    if (preferences.startProxyAtLaunch && !(damage && damage->mayNotStart))
        startProxy();
    // The window shows the damage until the user has seen it, but the window may stay hidden.
    if (damage)
        m_notices.tellDamage(*damage);
    if (!isMinimized && !preferences.startMinimized) {
        show();
        if (!preferences.firstStartDone)
            showFirstSteps();
    } else if (!m_tray.hasHost()) {
        m_trayPatience.start();
    }
}

void TrayApplication::startProxy()
{
    // Without the passwords a start would fail and report it, though they may come soon.
    if (m_passwords.isReading())
        connect(&m_passwords, &PasswordsKeeper::settled, &m_controller, &ProxyController::start,
                Qt::SingleShotConnection);
    else
        m_controller.start();
}

void TrayApplication::obey(SingleInstance &instance)
{
    connect(&instance, &SingleInstance::raiseRequested, this, [this](const QByteArray &token) {
        // Qt's Wayland plugin reads the permission to come to the front from here.
        if (!token.isEmpty())
            qputenv("XDG_ACTIVATION_TOKEN", token);
        m_sessionEnd.lapse();
        show();
    });
    connect(&instance, &SingleInstance::linkOffered, this, &TrayApplication::offerServer);
    connect(&instance, &SingleInstance::quitRequested, this, &TrayApplication::quitWhenDone);
}

void TrayApplication::showFirstSteps()
{
    show();
    if (!m_firstSteps) {
        m_firstSteps = new FirstStartPage(m_controller, m_actions.copySettings(),
                                          &addressesForOthers, &m_window);
        connect(m_firstSteps, &FirstStartPage::shareRequested, m_actions.share, &QAction::trigger);
        m_firstSteps->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_firstSteps, &FirstStartPage::settingsWanted, this,
                &TrayApplication::showSettings);
        connect(m_firstSteps, &QDialog::finished, this, &TrayApplication::handleFirstStepsDone);
    }
    m_firstSteps->show();
    m_firstSteps->raise();
    m_firstSteps->activateWindow();
}

void TrayApplication::handleFirstStepsDone()
{
    Preferences preferences = m_store.preferences();
    preferences.firstStartDone = !m_firstSteps->showsAtStart();
    if (const auto saved = m_store.savePreferences(preferences); !saved)
        logError(unit, saved.error().toUtf8());
}

void TrayApplication::handleTrayPatience()
{
    // Nobody could find a program that has neither a window nor an icon.
    if (!m_tray.hasHost() && !m_window.isVisible())
        show();
}

void TrayApplication::handleTrayHost(bool isThere)
{
    // Wait before showing the window: the panel may only be restarting.
    if (isThere)
        m_trayPatience.stop();
    else if (!m_window.isVisible())
        m_trayPatience.start();
}

void TrayApplication::show()
{
    m_trayPatience.stop();
    if (m_window.isMinimized())
        m_window.showNormal();
    else
        m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void TrayApplication::toggle()
{
    // Some trays report a double click as two clicks: the second must not undo the first.
    if (m_clickRest.isActive())
        return;
    m_clickRest.start(QApplication::doubleClickInterval());
    m_sessionEnd.lapse();
    // A window that shows a question is not hidden along with it.
    if (!m_window.isVisible() || m_window.isMinimized() || QApplication::activeModalWidget()) {
        show();
        return;
    }
    savePreferences();
    m_window.hide();
}

void TrayApplication::handleCloseRequest()
{
    savePreferences();
    if (!m_tray.hasHost()) {
        // Once hidden, it could not be found again.
        m_window.showMinimized();
        return;
    }
    m_window.hide();
    Preferences preferences = m_store.preferences();
    if (preferences.closeNoticeShown)
        return;
    preferences.closeNoticeShown = true;
    if (const auto saved = m_store.savePreferences(preferences); !saved)
        logError(unit, saved.error().toUtf8());
    m_notices.tellClosed();
}

std::optional<int> TrayApplication::ask(const Question &question)
{
    if (m_isAsking)
        return std::nullopt;
    const QScopedValueRollback asking(m_isAsking, true);
    return m_surroundings.ask(&m_window, question);
}

int TrayApplication::liveStreams() const
{
    const account::Totals totals = m_controller.snapshot().totals;
    return int(totals.tunnels + totals.exchanges);
}

void TrayApplication::startOrStop()
{
    if (m_controller.state() == ProxyState::Stopped) {
        m_passwords.readAgain();
        startProxy();
        return;
    }
    if (const int live = liveStreams(); live > 0) {
        QStringList actions { tr("Cut now") };
        if (m_controller.state() == ProxyState::Running)
            actions.prepend(m_actions.drain->text());
        const auto chosen =
            ask({ tr("Stop the proxy"), tr("%n stream(s) are running.", nullptr, live), actions });
        if (!chosen)
            return;
        // A drain may have begun meanwhile; a second one would cut the streams.
        if (actions.size() > 1 && *chosen == 0) {
            if (m_controller.state() == ProxyState::Running)
                m_controller.drain();
            return;
        }
    }
    m_controller.stop();
}

void TrayApplication::closeAll()
{
    if (const int live = liveStreams(); live > 0
        && !ask({ tr("Close all connections"),
                  tr("%n stream(s) are running and would be cut.", nullptr, live),
                  { tr("Close all connections") } }))
        return;
    m_controller.closeAllConnections();
}

bool TrayApplication::quit(bool mayAsk)
{
    if (const int live = liveStreams(); mayAsk && live > 0) {
        QStringList actions { tr("Quit and cut them") };
        if (!m_departure.isUnderWay())
            actions.prepend(tr("Finish streams, then quit"));
        const auto chosen = ask(
            { tr("Quit Sami LLM Proxy"), tr("%n stream(s) are running.", nullptr, live), actions });
        if (!chosen)
            return false;
        if (actions.size() > 1 && *chosen == 0) {
            savePreferences();
            m_departure.begin(std::nullopt);
            return false;
        }
    }
    savePreferences();
    m_departure.now();
    return true;
}

std::chrono::milliseconds TrayApplication::grace() const
{
    const std::chrono::milliseconds grace = m_store.settings().timeouts.shutdownGrace;
    return m_sessionEnd.isUnderWay() ? std::min<std::chrono::milliseconds>(grace, sessionPatience)
                                     : grace;
}

void TrayApplication::quitWhenDone()
{
    savePreferences();
    m_departure.begin(grace());
}

void TrayApplication::terminate()
{
    if (std::exchange(m_wasTerminated, true))
        quit(false);
    else
        quitWhenDone();
}

void TrayApplication::endSession()
{
    // Streams go on: the user may still cancel.
    m_sessionEnd.begin();
    savePreferences();
}

bool TrayApplication::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == qApp && event->type() == QEvent::FileOpen) {
        offerServer(static_cast<QFileOpenEvent *>(event)->url().toString(QUrl::FullyEncoded));
        return true;
    }
    if (watched != qApp || event->type() != QEvent::Quit)
        return QObject::eventFilter(watched, event);
    // Qt would first close the window, which only hides it, and take that for a refusal. After the
    // end of a session is accepted, macOS delivers no more events, so wait for the streams here.
    if (m_sessionEnd.isUnderWay()) {
        savePreferences();
        m_departure.wait(grace());
        event->accept();
    } else {
        event->setAccepted(quit(true));
    }
    return true;
}

void TrayApplication::showSettings()
{
    // No parent: the tray can open it while the window is hidden.
    if (!m_settingsDialog) {
        m_settingsDialog = std::make_unique<SettingsDialog>(
            m_controller, m_store,
            SettingsDialog::Surroundings { m_surroundings.ask, m_surroundings.autostart,
                                           ownAddresses(), pickWithDialog, saveWithDialog,
                                           &server::makeParentTest, &m_passwords });
        connect(m_settingsDialog.get(), &SettingsDialog::shareRequested, m_actions.share,
                &QAction::trigger);
    }
    m_settingsDialog->show();
    m_settingsDialog->raise();
    m_settingsDialog->activateWindow();
}

void TrayApplication::showServers()
{
    showSettings();
    m_settingsDialog->showServers();
}

void TrayApplication::offerServer(const QString &link)
{
    showSettings();
    m_settingsDialog->offerServer(link);
}

void TrayApplication::showSharing()
{
    // No parent: the tray can open it while the window is hidden.
    if (!m_sharing)
        m_sharing = std::make_unique<ShareDialog>(m_controller, &ownAddresses);
    m_sharing->show();
    m_sharing->raise();
    m_sharing->activateWindow();
}

void TrayApplication::handleCopied(const QString &what)
{
    // The window itself shows it when it is active.
    if (!m_window.isActiveWindow())
        m_notices.tellCopied(what);
}

void TrayApplication::showAbout()
{
    if (!m_about) {
        m_about = new AboutDialog(&m_window);
        m_about->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_about->show();
    m_about->raise();
    m_about->activateWindow();
}

void TrayApplication::savePreferences()
{
    Preferences preferences = m_store.preferences();
    m_window.storePreferences(preferences);
    if (const auto saved = m_store.savePreferences(preferences); !saved)
        logError(unit, "the window's layout is not kept: " + saved.error().toUtf8());
}

} // namespace sami::gui
