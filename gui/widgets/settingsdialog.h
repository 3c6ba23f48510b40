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
class ProxyController;
class ServersPage;
class SettingsPage;
class SettingsStore;
class UsersPage;

/// Everything that can be set, on pages. Applied together or not at all; running work goes on.
/// Made hidden; each time it is shown it begins with what counts then. Main thread.
///
/// More than twelve public methods: nine hand out its pages and parts, to whoever opens it at one
/// of them and to the tests.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    /// What of the world around it is exchanged in tests.
    struct Surroundings
    {
        Ask ask;
        Autostart *autostart = nullptr; ///< borrowed; null where there is none
        QList<OwnAddress> ownAddresses;
        PickFile pickFile = pickWithDialog;
        PickFile saveFile = saveWithDialog;
        MakeParentTest makeTest = &server::makeParentTest;
    };

    SettingsDialog(ProxyController &controller, SettingsStore &store, Surroundings surroundings,
                   QWidget *parent = nullptr);
    ~SettingsDialog() override;

    /// Shows what counts now; edits are dropped.
    void reload();
    /// Makes what is shown count; on an error nothing has changed and the dialog says why.
    /// applied() follows, unless something is wrong with what is shown or the last answer is
    /// outstanding. Until then nothing can be edited. A dialog that is closed meanwhile comes back
    /// when the answer is an error.
    void apply();
    /// Shows the defaults of the page in front; they count when they are applied.
    void restoreDefaults();

    void showServers(); ///< their page comes to the front
    /// The same, and what the link of a server says; it is asked whether to take it.
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
    /// What apply() was for counts, or nothing has changed. From the event loop.
    void applied(bool isDone);
    /// The proxy is to be used from a phone, or another computer.
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
    /// How the servers are, while their page is seen.
    void refreshServers();
    void markPages();
    void mend(ExposureFix fix);
    void handleSettingsChanged();
    void setApplying(bool isApplying);
    /// What was changed beside the proxy is put back where the proxy says no.
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
    config::Settings m_editsAreOf;   ///< what counted when editing began
    bool m_isApplying = false;       ///< the answer is outstanding
    bool m_closesWhenDone = false;   ///< by OK
    bool m_wasClosed = false;        ///< while the answer was outstanding
    QPointer<QWidget> m_focusBefore; ///< what had the focus before nothing could be edited

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
