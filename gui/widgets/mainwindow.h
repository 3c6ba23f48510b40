// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/dialogs.h"

#include <QMainWindow>

class QLabel;
class QTabWidget;
class QVBoxLayout;

namespace sami::gui {

class AppActions;
class ConnectionsTab;
class DeniedPage;
class LogPage;
class LogTap;
class ProxyController;
struct Preferences;

/// The one window: banner, tabs, status line. Contains no logic; its owner decides what closing
/// means. Main thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(ProxyController &controller, AppActions &actions, LogTap &log,
               const Dialogs &dialogs = Dialogs::desktop(), QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Restores and stores the geometry of the window and the layout of its tables.
    void restorePreferences(const Preferences &preferences);
    void storePreferences(Preferences &preferences) const;

    /// Adds a strip below the banner. The strip shows itself while it has something to say.
    void addNotice(QWidget *notice);

    [[nodiscard]] ConnectionsTab *connections() const { return m_connections; }
    [[nodiscard]] DeniedPage *denied() const { return m_denied; }
    [[nodiscard]] LogPage *log() const { return m_log; }
    [[nodiscard]] QTabWidget *tabs() const { return m_tabs; }
    /// Brings the refusals to the front, with the blocked clients on top.
    void showDenied();

Q_SIGNALS:
    /// The user closes the window: hide it or quit.
    void closeRequested();

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool isNext) override;

private:
    void buildMenus(AppActions &actions);
    void buildWindowMenu();
    void updateStatusLine();

    ProxyController &m_controller;
    QTabWidget *m_tabs;
    ConnectionsTab *m_connections;
    DeniedPage *m_denied;
    LogPage *m_log;
    QVBoxLayout *m_notices = nullptr;
    QLabel *m_rates;
    QLabel *m_totals;
};

} // namespace sami::gui
