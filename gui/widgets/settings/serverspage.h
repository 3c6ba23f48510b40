// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "gui/control/preferences.h"
#include "gui/text/keychaintext.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settings/servertestview.h"
#include "gui/widgets/settings/settingspage.h"
#include "route/parentstate.h"

#include <QList>

class QCheckBox;
class QDragEnterEvent;
class QDropEvent;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace sami::gui {

class ListEditor;
class ServerIntake;

/// The servers that requests go out through. The user pastes, drops or types a link, checks what it
/// says and confirms it. Ticked servers are tried in their order. This page dials a server only
/// when the user asks for a test. Main thread.
///
/// More than twelve public methods: six hand out its parts to the tests.
class ServersPage final : public SettingsPage
{
    Q_OBJECT

public:
    ServersPage(const SettingsStore &store, Ask ask, const MakeParentTest &makeTest,
                QWidget *parent = nullptr);

    /// Shows the servers that are on; loadPreferences() adds the others.
    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;
    /// Turns all servers off and keeps them: the links of removed ones, with their passwords, could
    /// not be made again.
    void showDefaults(const config::Settings &defaults) override;
    void loadPreferences(const Preferences &preferences);
    void savePreferences(Preferences &preferences) const;

    /// Shows what a link says, and adds its server to the list, ticked, when the user agrees or
    /// once it has passed a test. Returns false if the user refuses or the text is not a link.
    bool offer(const QString &text);
    /// Ends tests, and drops links that wait.
    void dismiss();
    /// A server that goes into the list if it passes is being tested, or waits for that.
    [[nodiscard]] bool isTesting() const;

    /// All of them, on and off.
    [[nodiscard]] QList<config::Parent> servers() const;
    /// Says where their passwords are.
    void showPasswordsPlace(const PasswordsPlace &place);
    /// Shows the state of each server that is in force.
    void showStates(const route::ParentsOverview &overview, WallTime now);

    [[nodiscard]] QLineEdit *field() const;
    [[nodiscard]] QListWidget *list() const { return m_list; }
    [[nodiscard]] QCheckBox *direct() const { return m_direct; }
    [[nodiscard]] QLabel *note() const;
    [[nodiscard]] QLabel *passwords() const { return m_passwords; }
    [[nodiscard]] ServerTestView *test() const;

protected:
    void validate() override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QWidget *buildList();
    void take(const config::Parent &server);
    void insert(int row, const config::Parent &server, bool isTicked);
    void move(int by);
    void removeCurrent();
    void refreshButtons();
    void refreshWay();
    [[nodiscard]] bool hasName(const QByteArray &name) const;
    [[nodiscard]] const config::Parent &serverAt(int row) const;
    [[nodiscard]] bool isOn(int row) const;
    [[nodiscard]] QString wordsOf(int row) const;

    ServerIntake *m_intake;
    QListWidget *m_list;
    QPushButton *m_up;
    QPushButton *m_down;
    QPushButton *m_remove;
    QPushButton *m_try;
    QCheckBox *m_direct;
    ListEditor *m_bypass;
    QLabel *m_passwords;             ///< where they are kept
    QLabel *m_way;                   ///< what happens now, where that may surprise
    bool m_goesDirectly = false;     ///< at this moment, though there are servers
    QList<config::Parent> m_servers; ///< an item's data is its index here
};

} // namespace sami::gui
