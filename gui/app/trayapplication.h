// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/app/departure.h"
#include "gui/app/dockpresence.h"
#include "gui/app/macdesktop.h"
#include "gui/app/sessionend.h"
#include "gui/app/trayicon.h"
#include "gui/app/traynotices.h"
#include "gui/control/keychain.h"
#include "gui/control/passwordskeeper.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/control/waywatch.h"
#include "gui/widgets/aboutdialog.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/firststartpage.h"
#include "gui/widgets/mainwindow.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settingsdialog.h"
#include "gui/widgets/sharedialog.h"
#include "gui/widgets/strandedoffer.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>

namespace sami::gui {

class Autostart;
class LogTap;
class SingleInstance;

/// The running program: puts controller, icon and window together, and decides what closing,
/// quitting and the end of the session mean. Main thread.
///
/// More than twelve public methods: its parts, for main() and for the tests of the real window, and
/// one command for each request from outside.
class TrayApplication : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayApplication)

public:
    /// The parts of its environment that tests replace.
    struct Surroundings
    {
        TrayIcon::HostProbe hasTray;
        Ask ask;
        std::function<void()> exit;     ///< leave the event loop
        Autostart *autostart = nullptr; ///< borrowed; null if there is none
        DockPresence::Switch setInDock = macdesktop::setInDock;
        std::function<void(macdesktop::Events)> listen = macdesktop::listen;
        bool trayClickOpensMenu = macdesktop::trayClickOpensMenu();
        std::unique_ptr<Keychain> keychain {}; ///< null if there is none
        PasswordsKeeper::Mode passwords = PasswordsKeeper::Mode::Usual;
        std::chrono::milliseconds keychainPatience = PasswordsKeeper::usualPatience;
    };
    [[nodiscard]] static Surroundings desktop();

    /// How long the window may stay hidden while no tray appears.
    static constexpr std::chrono::seconds trayPatience { 10 };
    /// How long the end of the session may wait for streams. If a program takes longer, desktops
    /// ask the user about it.
    static constexpr std::chrono::seconds sessionPatience { 3 };

    TrayApplication(SettingsStore &store, std::unique_ptr<server::Engine> engine, LogTap &log,
                    Surroundings surroundings);
    ~TrayApplication() override;

    void start(bool isMinimized);
    /// Carries out the requests of later copies of the program.
    void obey(SingleInstance &instance);
    /// Brings the window to the front.
    void show();
    /// Handles a click on the tray icon: shows or hides the window.
    void toggle();
    /// Shows what a client needs to know, and the test of the way to a provider.
    void showFirstSteps();
    /// Shows what the link of a server says, and asks whether to add the server.
    void offerServer(const QString &link);
    /// Ends the program; asks first while streams are live, unless `mayAsk` is false. Returns false
    /// if the user wants to stay, or to let the streams finish; then the program ends after them.
    bool quit(bool mayAsk);
    /// Starts or stops the proxy; asks first if streams are live.
    void startOrStop();
    /// Closes every connection; asks first if streams are live.
    void closeAll();
    /// Lets running streams finish for as long as the settings allow, then ends the program.
    void quitWhenDone();
    /// The system requests the end (SIGTERM). The first request is quitWhenDone(), without a
    /// question, because nobody may be there; the second cuts what still runs.
    void terminate();
    /// The desktop session ends: saves what has to be saved. From here on quitting asks nothing,
    /// unless the session goes on all the same (sessionend.h).
    void endSession();

    /// Handles QEvent::Quit, the desktop's way to end a program, and QEvent::FileOpen, macOS's way
    /// to hand over a link that was clicked.
    bool eventFilter(QObject *watched, QEvent *event) override;

    [[nodiscard]] MainWindow &window() { return m_window; }
    [[nodiscard]] ProxyController &controller() { return m_controller; }
    [[nodiscard]] PasswordsKeeper &passwords() { return m_passwords; }
    [[nodiscard]] AppActions &actions() { return m_actions; }
    [[nodiscard]] TrayIcon &tray() { return m_tray; }
    /// Null until first used.
    [[nodiscard]] SettingsDialog *settingsDialog() { return m_settingsDialog.get(); }
    [[nodiscard]] ShareDialog *sharing() { return m_sharing.get(); }
    [[nodiscard]] FirstStartPage *firstSteps() const { return m_firstSteps; }
    [[nodiscard]] AboutDialog *about() const { return m_about; }

private:
    /// Asks, unless a question is already on the screen.
    [[nodiscard]] std::optional<int> ask(const Question &question);
    /// The streams that run right now: the totals of the last tick may be a second old.
    [[nodiscard]] int liveStreams() const;
    void listenToDesktop();
    void startProxy();
    void handleCloseRequest();
    void handleTrayPatience();
    void handleTrayHost(bool isThere);
    void handleFirstStepsDone();
    [[nodiscard]] std::chrono::milliseconds grace() const;
    void savePreferences();
    void showSettings();
    void showServers();
    void showSharing();
    void showAbout();
    void handleCopied(const QString &what);

    SettingsStore &m_store;
    Surroundings m_surroundings;
    ProxyController m_controller;
    PasswordsKeeper m_passwords;
    WayWatch m_ways;
    StrandedOffer m_stranded;
    AppActions m_actions;
    DockPresence m_dock;
    MainWindow m_window;
    TrayIcon m_tray;
    TrayNotices m_notices;
    Departure m_departure;
    SessionEnd m_sessionEnd;
    QTimer m_trayPatience;
    QTimer m_clickRest;      ///< while it runs, a click is the second half of a double click
    bool m_isAsking = false; ///< a question is on the screen
    bool m_wasTerminated = false;
    std::unique_ptr<SettingsDialog> m_settingsDialog; ///< created when first used
    std::unique_ptr<ShareDialog> m_sharing;           ///< the same
    QPointer<FirstStartPage> m_firstSteps;            ///< while it is shown; deletes itself
    QPointer<AboutDialog> m_about;                    ///< the same
};

} // namespace sami::gui
