// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"
#include "gui/control/ownaddresses.h"
#include "gui/control/preferences.h"
#include "gui/text/exposuretext.h"
#include "gui/widgets/filefield.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settings/servertestview.h"

#include <QDialog>
#include <QList>
#include <QPointer>

#include <functional>

class QDialogButtonBox;
class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace sami::gui {

class ApplicationPage;
class Autostart;
class ClientsPage;
class DestinationsPage;
class ExposureLine;
class ListeningPage;
class PasswordsKeeper;
class ProxyController;
class ServersPage;
class SettingsPage;
class SettingsStore;
class UsersPage;

/// All settings, on pages. Applies all changes or none; running streams go on. Starts hidden.
/// Begins with the current settings each time it is shown. Main thread.
///
/// More than twelve public methods: nine hand out its pages and parts, to callers that open it at
/// one of them and to the tests.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    /// The parts of its environment that tests replace.
    struct Surroundings
    {
        Ask ask;
        Autostart *autostart = nullptr; ///< borrowed; null if there is none
        QList<OwnAddress> ownAddresses;
        PickFile pickFile = pickWithDialog;
        PickFile saveFile = saveWithDialog;
        MakeParentTest makeTest = &server::makeParentTest;
        PasswordsKeeper *passwords = nullptr; ///< borrowed; null if the settings file keeps them
    };

    SettingsDialog(ProxyController &controller, SettingsStore &store, Surroundings surroundings,
                   QWidget *parent = nullptr);
    ~SettingsDialog() override;

    /// Shows the current settings; drops edits.
    void reload();
    /// Applies the shown settings. On an error nothing has changed and the dialog says why.
    /// applied() follows, unless a field has a problem or an earlier call has no answer yet. Until
    /// then the user cannot edit. If the user closes the dialog meanwhile, it reappears on an
    /// error.
    void apply();
    /// Shows the defaults of the current page. They take effect when they are applied.
    void restoreDefaults();

    void showServers(); ///< brings their page to the front
    /// The same; then shows what the link of a server says, and asks whether to add the server.
    void offerServer(const QString &link);

    /// The settings as the dialog shows them.
    [[nodiscard]] config::Settings shownSettings() const;
    /// Why OK and Apply are disabled, or why applying failed.
    [[nodiscard]] QString error() const;

    [[nodiscard]] ListeningPage *listening() const { return m_listening; }
    [[nodiscard]] UsersPage *users() const { return m_users; }
    [[nodiscard]] ClientsPage *clients() const { return m_clients; }
    [[nodiscard]] DestinationsPage *destinations() const { return m_destinations; }
    [[nodiscard]] ServersPage *servers() const { return m_servers; }
    [[nodiscard]] ApplicationPage *application() const { return m_application; }
    [[nodiscard]] ExposureLine *exposure() const { return m_exposure; }
    [[nodiscard]] QDialogButtonBox *buttons() const { return m_buttons; }
    [[nodiscard]] QListWidget *pages() const { return m_titles; }

    void done(int result) override;

Q_SIGNALS:
    /// The answer to apply(), from the event loop. If `isDone` is false, nothing has changed.
    void applied(bool isDone);
    /// The user wants to use the proxy from a phone or another computer.
    void shareRequested();

protected:
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool isNext) override;

private:
    void buildPages();
    void buildButtons();
    void addPage(const QString &title, SettingsPage *page);
    void load(const config::Settings &settings, const Preferences &preferences, bool atLogin);
    void refresh();
    void refreshExposure();
    /// Shows the state of the servers while their page is visible.
    void refreshServers();
    void markPages();
    void mend(ExposureFix fix);
    void handleSettingsChanged();
    void setApplying(bool isApplying);
    /// Once the keychain has the passwords, or will not have them.
    void applyNow(const config::Settings &base, const config::Settings &wanted);
    /// If the proxy refused the change, undoes the changes outside the proxy.
    void endApplying(const Result<void, QString> &outcome, const Preferences &preferencesBefore,
                     bool loginBefore);
    void openPage(const SettingsPage *page);

    [[nodiscard]] Preferences shownPreferences() const;
    [[nodiscard]] bool startsAtLogin() const;
    [[nodiscard]] bool hasChanges() const;
    [[nodiscard]] QString problem() const;
    [[nodiscard]] QList<ExposureFix> possibleFixes() const;

    ProxyController &m_controller;
    SettingsStore &m_store;
    Surroundings m_surroundings;
    config::Settings m_editsAreOf;   ///< the settings when editing began
    bool m_isApplying = false;       ///< apply() has no answer yet
    bool m_closesWhenDone = false;   ///< OK was pressed
    bool m_wasClosed = false;        ///< the same, before the answer
    QPointer<QWidget> m_focusBefore; ///< had the focus when apply() disabled the pages

    QListWidget *m_titles;
    QStackedWidget *m_stack;
    QList<SettingsPage *> m_pages; ///< in the stack's order
    ListeningPage *m_listening;
    UsersPage *m_users;
    ClientsPage *m_clients;
    DestinationsPage *m_destinations;
    ServersPage *m_servers;
    ApplicationPage *m_application;
    ExposureLine *m_exposure;
    QLabel *m_error;
    QDialogButtonBox *m_buttons;
};

} // namespace sami::gui
