// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "fakeengine.h"
#include "fakeparenttest.h"
#include "gui/control/autostart.h"
#include "gui/control/logtap.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/firststartpage.h"
#include "gui/widgets/mainwindow.h"
#include "gui/widgets/settingsdialog.h"
#include "gui/widgets/sharedialog.h"
#include "settingsfixture.h"

#include <functional>

namespace sami::gui {

/// Every window of the program over a scripted core, in the language that is active when this is
/// created. For tests that examine all of them.
class EveryWindow
{
    Q_DISABLE_COPY_MOVE(EveryWindow)

public:
    /// One view of a window; `show` prepares it and returns the window.
    struct View
    {
        QString name; ///< "settings, timeouts": names the test row and the picture
        std::function<QWidget *(EveryWindow &)> show;
    };
    /// The only list of what tests examine: a page added here is examined by all of them.
    [[nodiscard]] static QList<View> views();
    /// For a _data(): the column "view", with a row for each.
    static void addRows();
    /// The same with a column "language" before it: each view in each of the program's languages.
    static void addRowsInEveryLanguage();

    EveryWindow();
    ~EveryWindow();

    /// Shows the view of the current row of addRows().
    QWidget *showRow();

    [[nodiscard]] MainWindow &main() { return m_main; }
    [[nodiscard]] AppActions &actions() { return m_actions; }
    [[nodiscard]] SettingsDialog &settings() { return m_settings; }
    [[nodiscard]] FirstStartPage &firstStart() { return m_firstStart; }
    [[nodiscard]] ShareDialog &sharing() { return m_sharing; }
    [[nodiscard]] ProxyController &controller() { return m_controller; }
    [[nodiscard]] FakeEngine &engine() { return *m_engine; }

private:
    class NoAutostart final : public Autostart
    {
    public:
        [[nodiscard]] bool isEnabled() const override { return false; }
        [[nodiscard]] Result<void, QString> setEnabled(bool) override { return {}; }
    };

    void fillEngine();
    void clearEngine();
    void damage(); ///< damages its settings file
    void fail();   ///< makes its port taken
    QWidget *showMain();
    QWidget *showLower(int tab);
    QWidget *showSettings(int page);
    void nameUsers(); ///< makes a file of users, which counts
    QWidget *showUsers();
    QWidget *showPassword();
    /// Only this computer may come in, without a password.
    void close();
    /// Requests go out by servers, one of which is down.
    void useServers();
    /// Whatever else the engine would say.
    void makeCount(const config::Settings &settings);

    SettingsFixture m_file;
    SettingsStore m_store;
    NoAutostart m_autostart;
    LogTap m_log;
    FakeEngine *m_engine; ///< the controller owns it
    ProxyController m_controller;
    AppActions m_actions;
    MainWindow m_main;
    FakeParentTest *m_serverTest = nullptr; ///< the settings'
    SettingsDialog m_settings;
    FirstStartPage m_firstStart;
    ShareDialog m_sharing;
};

} // namespace sami::gui
