// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>

#include <memory>

namespace sami::gui {

class CopySettingsMenu;
class ProxyController;

/// What the program can be told, once, for the tray menu and the window alike. The owner connects
/// what needs a window. Main thread.
class AppActions : public QObject
{
    Q_OBJECT

public:
    explicit AppActions(ProxyController &controller, QObject *parent = nullptr);
    ~AppActions() override;

    QAction *const open;
    QAction *const startStop; ///< its text says which
    QAction *const drain;
    QAction *const copyAddress;
    QAction *const closeAll;
    QAction *const settings;
    QAction *const firstSteps;
    QAction *const about;
    QAction *const quit;
    /// "Copy settings for" ▸ shells and programs.
    [[nodiscard]] QMenu *copySettings() const { return m_copySettings.get(); }

private:
    void handleState();

    ProxyController &m_controller;
    std::unique_ptr<QMenu> m_copySettings; ///< no parent: it is no widget's
    CopySettingsMenu *m_copySettingsMenu;
};

} // namespace sami::gui
