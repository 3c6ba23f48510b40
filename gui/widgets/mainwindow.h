// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QMainWindow>

class QLabel;
class QTabWidget;

namespace sami::gui {

class AppActions;
class ConnectionsPage;
class LogTap;
class ProxyController;
struct Preferences;

/// The one window: banner, tabs, status line. Holds no logic; what closing means is decided by its
/// owner. Main thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(ProxyController &controller, AppActions &actions, LogTap &log,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Where the window and its columns were, and where they are now.
    void restorePreferences(const Preferences &preferences);
    void storePreferences(Preferences &preferences) const;

    [[nodiscard]] ConnectionsPage *connections() const { return m_connections; }

Q_SIGNALS:
    /// The user wants the window away: hide it or quit.
    void closeRequested();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void buildMenus(AppActions &actions);
    void updateStatusLine();

    ProxyController &m_controller;
    QTabWidget *m_tabs;
    ConnectionsPage *m_connections;
    QLabel *m_rates;
    QLabel *m_totals;
};

} // namespace sami::gui
